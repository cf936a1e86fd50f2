"""The standing items of an alliance as its body wants them: add, rename, order, end, bring back.

What is changed holds for every agenda that has not left; those that left keep what they say. On an agenda only
what was made by itself follows: a title or minutes that somebody changed there stay. The items that fill
themselves (`StandingCode`) keep what fills them, whatever they are called; a body may leave one out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.models import Alliance, Person, StandingItem
from meetings.domain import agenda_rules, standing
from meetings.domain.versions import Stale, claim
from meetings.enums import NOT_AHEAD, AgendaItemState, Happened
from meetings.models import AgendaItem, Meeting, Relay, UnitReport

MOST = 12

__all__ = ["MOST", "Effect", "FrameRefused", "Stale", "add", "bring_back", "edit", "effect", "end", "move"]


class FrameRefused(Exception):
    """The frame cannot be like this. `str()` is a German sentence."""


@dataclass(frozen=True)
class Effect:
    """From which meeting on a change holds, and which ones ahead keep their agenda, because it has left."""

    first: Meeting | None
    sent: tuple[Meeting, ...]


def effect(alliance: Alliance, *, at: dt.datetime) -> Effect:
    """What a change would touch."""
    ahead = Meeting.objects.filter(alliance=alliance, start__gt=at).exclude(state__in=NOT_AHEAD).order_by("start", "pk")
    meetings = list(ahead)
    first = next((meeting for meeting in meetings if meeting.agenda_sent_at is None), None)
    return Effect(first, tuple(meeting for meeting in meetings if meeting.agenda_sent_at is not None))


def add(
    alliance: Alliance, *, title: str, kind: str, minutes: int, form_key: uuid.UUID, by: Person, at: dt.datetime
) -> StandingItem:
    """A standing item behind the topics, last. The same `form_key` again gives the same one. Raises FrameRefused."""
    title = _title(title)
    code = f"own-{form_key.hex[:16]}"
    with transaction.atomic():
        _lock(alliance)
        known = StandingItem.objects.filter(alliance=alliance, code=code).first()
        if known is not None:
            return known
        there = list(StandingItem.objects.in_force().filter(alliance=alliance))
        _check_room(there)
        last = max((row.position for row in there), default=0)
        row = StandingItem.objects.create(
            alliance=alliance,
            code=code,
            title=title,
            kind=kind,
            duration_minutes=minutes,
            position=max(last, 0) + 1,
        )
        _on_agendas(alliance, at)
        _record(row, "added", by=by, at=at)
    return row


def edit(row: StandingItem, *, title: str, kind: str, minutes: int, version: int, by: Person, at: dt.datetime) -> None:
    """Other words or minutes. Raises FrameRefused, Stale with what is stored now."""
    said = {"title": _title(title), "kind": kind, "duration_minutes": minutes}
    if all(getattr(row, name) == value for name, value in said.items()) and row.version == version:
        return
    with transaction.atomic():
        if not claim(row, version=version, said=said):
            return
        before = StandingItem.objects.get(pk=row.pk)
        StandingItem.objects.filter(pk=row.pk).update(**said, version=version + 1)
        row.refresh_from_db()
        for meeting in _unsent(row.alliance, at):
            _follow(meeting, before, row)
        _record(row, "edited", by=by, at=at)


def move(row: StandingItem, step: int, *, by: Person, at: dt.datetime) -> None:
    """One place earlier (-1) or later (+1); past the topics it changes sides. Raises FrameRefused."""
    with transaction.atomic():
        _lock(row.alliance)
        rows = list(StandingItem.objects.in_force().filter(alliance=row.alliance))
        line: list[StandingItem | None] = [one for one in rows if one.position < 0]
        line += [None, *(one for one in rows if one.position > 0)]  # None: where the topics stand
        here = next((place for place, one in enumerate(line) if one is not None and one.pk == row.pk), None)
        if here is None or not 0 <= here + step < len(line):
            raise FrameRefused(_("Weiter geht es nicht."))
        line[here], line[here + step] = line[here + step], line[here]
        topics = line.index(None)
        for place, one in enumerate(line):
            if one is not None and one.position != place - topics:
                StandingItem.objects.filter(pk=one.pk).update(position=place - topics)
        row.refresh_from_db()
        for meeting in _unsent(row.alliance, at):
            standing.arrange(meeting)
        _record(row, "moved", by=by, at=at)


def end(row: StandingItem, *, by: Person, at: dt.datetime) -> list[Meeting]:
    """No agenda gets it from now on. The meetings that keep it, because something hangs on it there already."""
    kept = []
    with transaction.atomic():
        changed = StandingItem.objects.filter(pk=row.pk, ended_on__isnull=True)
        if changed.update(ended_on=local_date(at), version=F("version") + 1) != 1:
            return []
        row.refresh_from_db()
        for meeting in _unsent(row.alliance, at):
            item = AgendaItem.objects.filter(meeting=meeting, standing_code=row.code).first()
            if item is not None and _is_bare(item):
                item.delete()
                standing.arrange(meeting)
            elif item is not None:
                kept.append(meeting)
        _record(row, "ended", by=by, at=at)
    return kept


def bring_back(row: StandingItem, *, by: Person, at: dt.datetime) -> None:
    """On every agenda that has not left, and on those to come. Raises FrameRefused."""
    with transaction.atomic():
        _lock(row.alliance)
        _check_room(list(StandingItem.objects.in_force().filter(alliance=row.alliance)))
        changed = StandingItem.objects.filter(pk=row.pk, ended_on__isnull=False)
        if changed.update(ended_on=None, version=F("version") + 1) != 1:
            return
        row.refresh_from_db()
        _on_agendas(row.alliance, at)
        _record(row, "brought_back", by=by, at=at)


def _unsent(alliance: Alliance, at: dt.datetime) -> list[Meeting]:
    """Meetings ahead whose agenda has not left and has its frame already; the others get theirs with it."""
    rows = Meeting.objects.filter(alliance=alliance, agenda_sent_at__isnull=True, start__gt=at)
    rows = rows.exclude(state__in=NOT_AHEAD).filter(agenda_items__standing_code__gt="").distinct()
    return list(rows.order_by("start", "pk"))


def _on_agendas(alliance: Alliance, at: dt.datetime) -> None:
    for meeting in _unsent(alliance, at):
        standing.ensure_standing_items(meeting)


def _follow(meeting: Meeting, before: StandingItem, row: StandingItem) -> None:
    """What was made by itself on this agenda becomes what the frame says now."""
    item = AgendaItem.objects.filter(meeting=meeting, standing_code=row.code, state=AgendaItemState.PLANNED).first()
    if item is None:
        return
    fields: dict[str, object] = {}
    if standing.is_made(item.title, before):
        fields["title"] = standing.title_of(row, standing.meeting_before(meeting))
    for name in ("kind", "duration_minutes"):
        if getattr(item, name) == getattr(before, name):
            fields[name] = getattr(row, name)
    AgendaItem.objects.filter(pk=item.pk).update(**fields, version=F("version") + 1)


def _is_bare(item: AgendaItem) -> bool:
    """Nothing was written, handed in, or sent to it."""
    if item.state != AgendaItemState.PLANNED or item.result or item.description:
        return False
    if UnitReport.objects.filter(agenda_item=item).exists() or item.papers.exists():
        return False
    return not Relay.objects.filter(returned_item=item).exists() and not Relay.objects.filter(target_item=item).exists()


def _title(text: str) -> str:
    try:
        return agenda_rules.title_of(text)
    except agenda_rules.TitleRefused as refused:
        raise FrameRefused(str(refused)) from refused


def _check_room(rows: list[StandingItem]) -> None:
    if len(rows) >= MOST:
        raise FrameRefused(_("Mehr als %s feste Punkte passen in keine Sitzung.") % MOST)


def _lock(alliance: Alliance) -> None:
    Alliance.objects.select_for_update().get(pk=alliance.pk)


def _record(row: StandingItem, reason: str, *, by: Person, at: dt.datetime) -> None:
    journal.record(
        Happened.STANDING_CHANGED, row, at=at, by=by, body=row.alliance, reason=reason, data={"code": row.code}
    )
