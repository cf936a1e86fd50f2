"""What speaks against a date, in words and by weight. Shown before anything is saved; people decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Alliance, Membership, Venue
from meetings.domain import calendar_days
from meetings.domain.schedule import OrderLost, derive
from meetings.enums import ConflictWeight, MeetingState
from meetings.models import Meeting

_SATURDAY = 5
_NEAR = dt.timedelta(days=2)  # two calls and two trips within three days are felt as one burden
_AFTER_SUMMER = dt.timedelta(weeks=3)  # earlier, the call for topics would fall into the holidays


@dataclass(frozen=True)
class Conflict:
    """One thing that speaks against a date. `kind` is a code for the journal, `text` a German sentence."""

    kind: str
    weight: ConflictWeight
    text: str


def conflicts(
    alliance: Alliance,
    start: dt.datetime,
    end: dt.datetime,
    venue: Venue | None,
    *,
    at: dt.datetime,
    meeting: Meeting | None = None,
) -> list[Conflict]:
    """Everything known against a meeting from `start` to `end`, the weightiest first. `meeting` is the one to move."""
    day = local_date(start)
    found = [
        *_of_calendar(day),
        *_of_rules(alliance, day, at),
        *_of_other_meetings(alliance, start, end, venue, meeting),
    ]
    order = list(ConflictWeight)
    return sorted(found, key=lambda conflict: order.index(conflict.weight))


def needs_reason(found: list[Conflict]) -> bool:
    """Whether one of them is hard, so that going on needs a recorded reason."""
    return any(conflict.weight == ConflictWeight.HARD for conflict in found)


def _of_calendar(day: dt.date) -> Iterator[Conflict]:
    if name := calendar_days.public_holiday(day):
        text = _("Der %(day)s ist ein Feiertag: %(name)s.")
        yield Conflict("public_holiday", ConflictWeight.HARD, text % {"day": german.day(day), "name": name})
    if day.weekday() >= _SATURDAY:
        text = _("Der %(day)s ist ein %(weekday)s.")
        names = {"day": german.day(day), "weekday": german.WEEKDAYS[day.weekday()]}
        yield Conflict("weekend", ConflictWeight.HARD, text % names)
    if name := calendar_days.school_holiday(day):
        text = _("Am %(day)s sind Schulferien: %(name)s.")
        yield Conflict("school_holidays", ConflictWeight.STRONG, text % {"day": german.day(day), "name": name})
    if day > calendar_days.known_until():
        text = _("Schulferien sind nur bis %(day)s bekannt. Für diesen Tag wissen wir es nicht.")
        names = {"day": german.day(calendar_days.known_until())}
        yield Conflict("horizon", ConflictWeight.WEAK, text % names)
    summer = calendar_days.current().summer_holidays(day.year)
    if summer and summer[1] < day < summer[1] + _AFTER_SUMMER:
        text = _("Die Sommerferien enden erst am %(day)s. Der Aufruf zu Themen fiele in die Ferien.")
        yield Conflict("after_summer", ConflictWeight.WEAK, text % {"day": german.day(summer[1])})


def _of_rules(alliance: Alliance, day: dt.date, at: dt.datetime) -> Iterator[Conflict]:
    left = (day - local_date(at)).days
    if left < alliance.minimum_notice_days:
        text = _("Bis dahin sind es nur %(left)s. Die Regel des Bündnisses: mindestens %(wanted)s.")
        names = {
            "left": german.count(left, "Tag", "Tage"),
            "wanted": german.count(alliance.minimum_notice_days, "Tag", "Tage"),
        }
        yield Conflict("minimum_notice", ConflictWeight.STRONG, text % names)
    try:
        derive(alliance, day)
    except OrderLost:
        text = _("Die Fristen des Bündnisses passen vor diesem Tag nicht hintereinander.")
        yield Conflict("deadlines", ConflictWeight.STRONG, text)


def _of_other_meetings(
    alliance: Alliance, start: dt.datetime, end: dt.datetime, venue: Venue | None, meeting: Meeting | None
) -> Iterator[Conflict]:
    others = (
        Meeting.objects.filter(start__lt=end + _NEAR, end__gt=start - _NEAR)
        .exclude(state=MeetingState.CANCELLED)
        .exclude(pk=meeting.pk if meeting else 0)
        .select_related("alliance")
        .order_by("start")
    )
    for other in others:
        overlaps = other.start < end and other.end > start
        facts = {"body": other.alliance.word, "when": german.when(other.start, other.end)}
        if venue is not None and overlaps and other.venue_id == venue.pk:
            text = _("Der Raum ist belegt: %(body)s, %(when)s.")
            yield Conflict("venue_taken", ConflictWeight.HARD, text % facts)
        if other.alliance_id != alliance.pk:
            yield _neighbour(alliance, other, start, facts)


def _neighbour(alliance: Alliance, other: Meeting, start: dt.datetime, facts: dict[str, str]) -> Conflict:
    day = local_date(start)
    both = _in_both(alliance, other.alliance, day)
    people = _people(both)
    if local_date(other.start) == day:
        weight = ConflictWeight.STRONG if both else ConflictWeight.WEAK
        text = _("Am selben Tag tagt %(body)s: %(when)s. %(people)s")
        return Conflict("same_day", weight, text % {**facts, "people": people})
    text = _("In denselben Tagen tagt %(body)s: %(when)s. %(people)s")
    return Conflict("near", ConflictWeight.WEAK, text % {**facts, "people": people})


def _in_both(one: Alliance, other: Alliance, day: dt.date) -> int:
    here = Membership.objects.filter(body=one).active_on(day).asked().values("person")
    there = Membership.objects.filter(body=other, person__in=here).active_on(day).asked()
    return there.values("person").distinct().count()


def _people(number: int) -> str:
    if number == 0:
        return _("Niemand ist in beiden.")
    if number == 1:
        return _("Eine Person ist in beiden.")
    return _("%(number)d Personen sind in beiden.") % {"number": number}
