"""What happens to a topic once the Fachstelle looks at it: taken up, put off, given away, declined.

A reason is always the Fachstelle's own sentence, and the proposer reads exactly that.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.enums import Via
from buendnisse.models import Organisation, Person
from meetings.domain import agenda_order, agenda_successor, standing
from meetings.domain.agenda_journal import record as _record
from meetings.domain.agenda_proposals import propose
from meetings.domain.agenda_rules import (
    MAY_BE_EDITED,
    ON_AN_AGENDA,
    OPEN_MEETINGS,
    AgendaRefused,
    HoldsRelay,
    NotYours,
    ReasonMissing,
    Stale,
    TitleMissing,
    TooLate,
    Window,
    refuse_if_it_answers,
    window,
)
from meetings.domain.moves import move
from meetings.enums import AgendaItemState, Happened
from meetings.models import AgendaItem, Meeting

#: What belongs to the verbs and lies with the rules below.
__all__ = [
    "AgendaRefused",
    "HoldsRelay",
    "NotYours",
    "ReasonMissing",
    "Stale",
    "TitleMissing",
    "TooLate",
    "Window",
    "accept",
    "add",
    "decline",
    "defer",
    "delegate",
    "edit",
    "restore",
    "schedule",
    "set_minutes",
    "window",
]


def add(
    meeting: Meeting,
    *,
    title: str,
    description: str = "",
    wished_result: str = "",
    kind: str,
    minutes: int,
    presenter: Person | None,
    by: Person,
    form_key: uuid.UUID,
    at: dt.datetime,
) -> AgendaItem:
    """The Fachstelle puts a topic of its own on the agenda at once. Raises TitleMissing, TooLate."""
    if meeting.state not in OPEN_MEETINGS:
        raise TooLate(_("Die Tagesordnung dieser Sitzung ist abgeschlossen."))
    with transaction.atomic():
        item = propose(
            alliance=meeting.alliance,
            meeting=None,
            title=title,
            description=description,
            wished_result=wished_result,
            kind=kind,
            minutes=minutes,
            proposer=by,
            via=Via.WEB,
            form_key=form_key,
            at=at,
        )
        if item.state == AgendaItemState.BACKLOG and item.meeting_id is None:
            AgendaItem.objects.filter(pk=item.pk).update(presenter=presenter, review_on=None)
            accept(item, meeting=meeting, by=by, at=at)
    return item


def edit(item: AgendaItem, *, version: int, by: Person, at: dt.datetime, via: str = Via.WEB, **fields: Any) -> None:
    """Change the words and minutes of a topic that has not been discussed yet.

    Raises Stale where `version` is not the stored one, TitleMissing, TooLate.
    """
    if "title" in fields and not fields["title"].strip():
        raise TitleMissing(_("Bitte nennen Sie Ihr Thema in einem Satz."))
    if item.state not in MAY_BE_EDITED:
        raise TooLate(_("Dieses Thema kann nicht mehr geändert werden. Der Stand ist „%s“.") % item.get_state_display())
    with transaction.atomic():
        changed = AgendaItem.objects.filter(pk=item.pk, version=version, state=item.state).update(
            version=F("version") + 1, **fields
        )
        if changed != 1:
            raise Stale(AgendaItem.objects.select_related("presenter", "proposer").get(pk=item.pk))
        item.refresh_from_db()
        _record(Happened.ITEM_EDITED, item, by=by, at=at, via=via, fields=sorted(fields))


def set_minutes(wanted: Mapping[int, tuple[int, int]], meeting: Meeting, *, by: Person, at: dt.datetime) -> int:
    """Give items of one agenda their minutes, `pk → (version, minutes)`; how many changed. Raises Stale, TooLate."""
    changed = 0
    with transaction.atomic():
        for item in meeting.agenda_items.filter(pk__in=wanted):
            version, minutes = wanted[item.pk]
            if minutes != item.duration_minutes:
                edit(item, version=version, by=by, at=at, duration_minutes=minutes)
                changed += 1
    return changed


def accept(item: AgendaItem, *, meeting: Meeting | None = None, by: Person, at: dt.datetime) -> None:
    """Take a topic up, behind the other topics; `meeting` where it waits in the Themenspeicher.

    Once the agenda has left it is `scheduled` at once, as a Nachtrag. Raises MoveRefused, TooLate.
    """
    _take_up(item, meeting=meeting, by=by, at=at, verb=Happened.ITEM_ACCEPTED)


def schedule(
    item: AgendaItem, *, meeting: Meeting | None = None, position: int | None = None, by: Person, at: dt.datetime
) -> None:
    """Take a topic up and put it at TOP `position` among the topics (else behind them). Raises MoveRefused, TooLate."""
    with transaction.atomic():
        _take_up(item, meeting=meeting, by=by, at=at, verb=Happened.ITEM_SCHEDULED, scheduled=True)
        if position is not None:
            agenda_order.move_to(item, position, by=by, at=at)


def defer(
    item: AgendaItem, *, to: Meeting | None, reason: str, by: Person | None, at: dt.datetime, via: str = Via.WEB
) -> AgendaItem:
    """Put a topic off, to a later meeting or (without one) to the Themenspeicher; the item that goes on.

    A topic that stood on an agenda keeps its row and gets a successor, so that the old agenda stays readable;
    a mere proposal simply moves to the Themenspeicher. Raises ReasonMissing, TooLate, MoveRefused.
    """
    said = _reason(reason)
    if to is not None and (to.alliance_id != item.alliance_id or to.state not in OPEN_MEETINGS or to.start <= at):
        raise TooLate(_("Auf diese Sitzung kann das Thema nicht verschoben werden."))
    with transaction.atomic():
        if to is None and item.state in {AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED} and not item.answers_id:
            agenda_order.remove(item)
            following = standing.next_meeting(item.alliance_id, at=at)
            review_on = following.start.date() if following and following.pk != item.meeting_id else None
            was = item.meeting_id
            move(item, to=AgendaItemState.BACKLOG, reason=said, meeting_id=None, review_on=review_on)
            _record(Happened.ITEM_BACKLOGGED, item, by=by, at=at, via=via, meeting=was)
            return item
        was_agreed = item.state != AgendaItemState.PROPOSED
        has_left = item.meeting is not None and item.meeting.agenda_sent_at is not None
        move(item, to=AgendaItemState.DEFERRED, reason=said)
        if not has_left:
            agenda_order.remove(item)
        successor = agenda_successor.make(item, to=to, is_agreed=was_agreed)
        data = {"successor": successor.pk, "to": to.pk if to else None}
        _record(Happened.ITEM_DEFERRED, item, by=by, at=at, via=via, **data)
    return successor


def decline(item: AgendaItem, *, reason: str, by: Person, at: dt.datetime) -> None:
    """Not this time, with the sentence the proposer reads. Raises ReasonMissing, HoldsRelay, MoveRefused."""
    said = _reason(reason)
    refuse_if_it_answers(item)
    with transaction.atomic():
        agenda_order.remove(item)
        move(item, to=AgendaItemState.DECLINED, reason=said)
        _record(Happened.ITEM_DECLINED, item, by=by, at=at)


def delegate(item: AgendaItem, *, to: Organisation, reason: str, by: Person, at: dt.datetime) -> None:
    """Somebody takes care of it without a meeting. Raises ReasonMissing, HoldsRelay, MoveRefused."""
    said = _reason(reason)
    refuse_if_it_answers(item)
    with transaction.atomic():
        agenda_order.remove(item)
        move(item, to=AgendaItemState.DELEGATED, reason=said, delegated_to=to)
        _record(Happened.ITEM_DELEGATED, item, by=by, at=at, organisation=to.pk)


def restore(item: AgendaItem, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Take the last step back: the topic is a proposal again. Raises TooLate, MoveRefused.

    What was put off comes back while nobody has touched its successor. A mail that still waits is replaced.
    """
    with transaction.atomic():
        if item.state == AgendaItemState.DEFERRED:
            agenda_successor.drop(item)
        if item.state in ON_AN_AGENDA:
            agenda_order.remove(item)
        if item.state == AgendaItemState.SCHEDULED:
            move(item, to=AgendaItemState.ACCEPTED)
        if item.meeting_id is None or item.meeting is None or item.meeting.start <= at:
            following = standing.next_meeting(item.alliance_id, at=at)
            move(item, to=AgendaItemState.PROPOSED, reason="", delegated_to=None, meeting=following)
        else:
            move(item, to=AgendaItemState.PROPOSED, reason="", delegated_to=None)
        _record(Happened.ITEM_RESTORED, item, by=by, at=at, via=via)


def _take_up(
    item: AgendaItem,
    *,
    meeting: Meeting | None,
    by: Person,
    at: dt.datetime,
    verb: Happened,
    scheduled: bool = False,
) -> None:
    target = meeting or item.meeting
    if target is None or target.alliance_id != item.alliance_id:
        raise TooLate(_("Bitte wählen Sie zuerst eine Sitzung dieses Bündnisses."))
    if target.state not in OPEN_MEETINGS:
        raise TooLate(_("Die Tagesordnung dieser Sitzung ist abgeschlossen."))
    has_left = target.agenda_sent_at is not None
    with transaction.atomic():
        standing.ensure_standing_items(target)
        if item.state != AgendaItemState.ACCEPTED:
            move(item, to=AgendaItemState.ACCEPTED, meeting=target, reason="", is_late=item.is_late or has_left)
        if scheduled or has_left:
            move(item, to=AgendaItemState.SCHEDULED)
        agenda_order.place(item)
        _record(verb, item, by=by, at=at, meeting=target.pk)


def _reason(text: str) -> str:
    said = text.strip()
    if not said:
        raise ReasonMissing(_("Bitte schreiben Sie einen Satz dazu. Wer das Thema vorgeschlagen hat, liest genau ihn."))
    return said
