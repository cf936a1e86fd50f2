"""Bodies as data: a further alliance, a committee that meets here, a body outside. Units are `buendnisse.domain.units`.

A body that meets has rules, standing items and meetings from its first day; it begins with the usual frame.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import end_of, local_date
from buendnisse.domain import records
from buendnisse.domain.records import RecordRefused
from buendnisse.enums import MEETS, BodyKind
from buendnisse.models import Alliance, Body, Person, StandingItem
from meetings.enums import RELAY_OPEN, AgendaItemKind, MeetingState, StandingCode
from meetings.models import Decision, Meeting, Relay

NOUN = "body"
_PREFIX = re.compile(r"^[A-ZÄÖÜ]{1,4}$")
#: Numbers of votes by mail and of relays begin with these.
_TAKEN = frozenset({"U", "W"})
_NAMED = 3
#: Code, title, kind, minutes, position: what most meetings begin and end with. Titles can be changed afterwards.
_FRAME = (
    (StandingCode.OPENING, "Begrüßung, Tagesordnung, Protokoll der letzten Sitzung", AgendaItemKind.FORMAL, 5, -2),
    (
        StandingCode.REPORT,
        "Bericht der Fachstelle: Weiterleitungen, Antworten, Beschlüsse",
        AgendaItemKind.INFORMATION,
        10,
        -1,
    ),
    (StandingCode.UNITS, "Berichte der Stellen und Projekte", AgendaItemKind.INFORMATION, 5, 1),
    (StandingCode.CLOSING, "Verschiedenes und nächste Termine", AgendaItemKind.FORMAL, 5, 2),
)


@dataclass(frozen=True)
class Standing:
    """What a body has already, for its page: members today, standing items, the next meeting, whom it hands to."""

    members: int
    items: int
    coming: Meeting | None
    hands_to: list[Body]
    hands_from: list[Body]


def found(words: str, *, kind: str, scope: str, at: dt.datetime) -> QuerySet[Body]:
    """Alliances first; each with the number of its people (`people_today`), the units left out. One query."""
    day = local_date(at)
    rows = records.with_words(Body.objects.filter(unit__isnull=True), words, "name", "short_name", "note")
    if kind:
        rows = rows.filter(kind=kind)
    active = Q(memberships__since__lte=day) & (Q(memberships__until__isnull=True) | Q(memberships__until__gte=day))
    counted = records.scoped(rows, scope, at=at).annotate(
        people_today=Count("memberships__person", filter=active, distinct=True)
    )
    return counted.order_by("kind", "pk")  # type: ignore[no-any-return]


def add(*, kind: str, slug: str, form_key: uuid.UUID, by: Person, at: dt.datetime, **facts: Any) -> Body:
    """A body, and where it meets its standing items. Without a `slug` it gets one from its short name. Raises RecordRefused."""
    if made := Body.objects.filter(form_key=form_key).first():
        return made
    _check(facts, besides=None)
    if slug:
        records.require_slug(Body.objects.all(), slug)
    slug = slug or records.free_slug(Body.objects.all(), facts["short_name"])
    if kind not in MEETS:
        row = Body(kind=BodyKind(kind), slug=slug, form_key=form_key, **facts)
        return records.add(row, noun=NOUN, by=by, at=at)
    _check_prefix(facts["prefix"], besides=None)
    with transaction.atomic():
        alliance = Alliance(
            kind=BodyKind(kind), slug=slug, form_key=form_key, managing_organisation=by.organisation, **facts
        )
        made = records.add(alliance, noun=NOUN, by=by, at=at)
        if made is alliance:
            StandingItem.objects.bulk_create(_frame(alliance, at=at))
    return made


def _frame(alliance: Alliance, *, at: dt.datetime) -> list[StandingItem]:
    """Reports of units are for alliances; a committee begins without and may bring them back."""
    without = StandingCode.UNITS if alliance.kind != BodyKind.ALLIANCE else None
    return [
        StandingItem(
            alliance=alliance,
            code=code,
            title=title,
            kind=kind,
            duration_minutes=minutes,
            position=position,
            ended_on=local_date(at) if code == without else None,
        )
        for code, title, kind, minutes, position in _FRAME
    ]


def change(row: Body, *, version: int, by: Person, at: dt.datetime, **facts: Any) -> bool:
    """Raises RecordRefused, StaleRecord. Numbers that were given keep their letter, so it stays once there is a decision."""
    _check(facts, besides=row)
    if row.meets:
        _check_prefix(facts["prefix"], besides=row)
        if facts["prefix"] != row.prefix and Decision.objects.filter(alliance=row.pk).exists():
            raise RecordRefused(
                _("Der Buchstabe steht schon in Beschlüssen (%s) und bleibt deshalb.") % row.prefix, field="prefix"
            )
    return records.change(row, facts, version=version, noun=NOUN, by=by, at=at)


def end(row: Body, last: dt.date | None, *, by: Person, at: dt.datetime) -> bool:
    """It plans, decides and is asked nothing after `last`; all it did stays. None brings it back.

    Raises RecordRefused where a meeting is planned after it.
    """
    records.require_end_after(row.valid_from, last)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=row.pk)
        if last is not None:
            _require_nothing_after(row, last)
        return records.end(row, last, noun=NOUN, by=by, at=at, column="valid_until")


def _require_nothing_after(row: Body, last: dt.date) -> None:
    after = Meeting.objects.filter(alliance=row.pk, start__gte=end_of(last)).exclude(state=MeetingState.CANCELLED)
    days = [german.day(meeting.start) for meeting in after.order_by("start")]
    if days:
        named = german.listing(days[:_NAMED]) + (" …" if len(days) > _NAMED else "")
        raise RecordRefused(
            _("Danach stehen noch Sitzungen: %s. Bitte sagen Sie diese zuerst ab, oder wählen Sie einen späteren Tag.")
            % named,
            field="last",
        )


def open_relays(row: Body) -> list[str]:
    """The numbers of what it was asked and has not answered."""
    rows = Relay.objects.filter(target=row, state__in=RELAY_OPEN).order_by("pk")
    return list(rows.values_list("number", flat=True))


def standing(row: Body, *, at: dt.datetime) -> Standing:
    """For the page of one body. Five queries."""
    day = local_date(at)
    today = Body.objects.valid_on(day).order_by("kind", "pk")
    both = Prefetch("may_relay_to", today, to_attr="goes"), Prefetch("may_receive_from", today, to_attr="comes")
    held: Any = Body.objects.prefetch_related(*both).get(pk=row.pk)
    members = row.memberships.active_on(day).values("person").distinct().count()
    items = StandingItem.objects.in_force().filter(alliance=row.pk).count() if row.meets else 0
    coming = Meeting.objects.upcoming(at).filter(alliance=row.pk).first() if row.meets else None
    return Standing(members, items, coming, list(held.goes), list(held.comes))


def require_exists(body: Body, day: dt.date) -> None:
    """Raises RecordRefused where the body does not exist (yet, or any longer) on `day`."""
    if body.exists_between(day, day):
        return
    last = body.valid_until
    if last is not None and last < day:
        words = {"body": body.word, "day": german.day(last)}
        raise RecordRefused(
            _("%(body)s ist beendet: Der letzte Tag war der %(day)s. Danach wird nichts geplant.") % words
        )
    first = body.valid_from or day
    raise RecordRefused(_("%(body)s beginnt erst am %(day)s.") % {"body": body.word, "day": german.day(first)})


def _check(facts: dict[str, Any], *, besides: Body | None) -> None:
    records.require_name(Body.objects.all(), facts["name"], besides=besides)
    records.require_end_after(facts.get("valid_from"), besides.valid_until if besides else None)


def _check_prefix(prefix: str, *, besides: Body | None) -> None:
    if not _PREFIX.match(prefix):
        raise RecordRefused(_("Bitte ein bis vier große Buchstaben: S oder SG."), field="prefix")
    if prefix in _TAKEN:
        words = _("%s steht schon für Abstimmungen (U) und Weiterleitungen (W). Bitte wählen Sie einen anderen.")
        raise RecordRefused(words % prefix, field="prefix")
    others = Body.objects.filter(prefix=prefix).exclude(pk=besides.pk if besides else 0).first()
    if others is not None:
        raise RecordRefused(
            _("%(prefix)s hat schon %(body)s.") % {"prefix": prefix, "body": others.name}, field="prefix"
        )
