"""What speaks against a date, in words and by weight. Shown before anything is saved; people decide.

Hard: public holidays, weekends, the same people at the same hour. Strong: school holidays, deadlines that do not
fit. Weak: everything else. Hints of the Fachstelle weigh what it gave them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local, local_date
from buendnisse.models import Alliance, Venue
from meetings.domain.calendar_days import Calendar
from meetings.domain.quarter import Quarter
from meetings.domain.surroundings import Appointment, Surroundings
from meetings.enums import ConflictWeight, DeadlineKind
from meetings.models import Meeting

_SATURDAY, _FRIDAY, _MONDAY = 5, 4, 0
_NOON = dt.time(12)
_SUMMER_QUARTER = 3
_NEAR = 7  # days: two calls and two trips within a week are felt as one burden
_OWN = 42  # days: an alliance that meets sooner again has nothing to report yet
#: Meetings further away than this do not touch each other.
FURTHEST = dt.timedelta(days=_OWN + 1)
_AFTER_SUMMER = dt.timedelta(weeks=3)  # earlier, the call for topics would fall into the holidays


@dataclass(frozen=True)
class Conflict:
    """One thing that speaks against a date.

    `kind` is a code for the journal, `text` a German sentence, `short` the same in a few words ("Herbstferien bis
    24.10."), `people` how many it hits.
    """

    kind: str
    weight: ConflictWeight
    text: str
    short: str = ""
    people: frozenset[int] = frozenset()


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
    around = Surroundings(start - FURTHEST, end + FURTHEST)
    wanted = Appointment(alliance, start, end, venue.pk if venue else None, meeting.pk if meeting else None)
    others = [other for other in around.appointments if other.meeting_id != wanted.meeting_id]
    return ordered([*of_day(wanted, around, at=at), *of_others(wanted, others, around)])


def ordered(found: Iterable[Conflict]) -> list[Conflict]:
    """The weightiest first."""
    order = list(ConflictWeight)
    return sorted(found, key=lambda conflict: order.index(conflict.weight))


def needs_reason(found: Iterable[Conflict]) -> bool:
    """Whether one of them is hard, so that going on needs a recorded reason."""
    return any(conflict.weight == ConflictWeight.HARD for conflict in found)


def of_day(wanted: Appointment, around: Surroundings, *, at: dt.datetime) -> Iterator[Conflict]:
    """What the day itself has against it, whoever else meets."""
    day, calendar = wanted.day, around.calendar
    if name := calendar.public_holiday(day):
        text = _("Der %(day)s ist ein Feiertag: %(name)s.") % {"day": german.day(day), "name": name}
        yield Conflict("public_holiday", ConflictWeight.HARD, text, _("Feiertag (%s)") % name)
    if day.weekday() >= _SATURDAY:
        weekday = german.WEEKDAYS[day.weekday()]
        text = _("Der %(day)s ist ein %(weekday)s.") % {"day": german.day(day), "weekday": weekday}
        yield Conflict("weekend", ConflictWeight.HARD, text, weekday)
    if period := calendar.school_period(day):
        text = _("Am %(day)s sind Schulferien: %(name)s.") % {"day": german.day(day), "name": period.name}
        short = _("%(name)s bis %(day)s") % {"name": period.name, "day": german.date_in_list(period.last)}
        if period.first == period.last:
            short = _("schulfrei (%s)") % period.name
        yield Conflict("school_holidays", ConflictWeight.STRONG, text, short)
    yield from _of_rules(wanted, around, at)
    yield from _of_habits(wanted, around)
    for hint in calendar.hints(day):
        if hint.touches(local(wanted.start).time(), local(wanted.end).time()):
            yield Conflict("hint", hint.weight, f"{hint.name}.", hint.name)


def of_called_off(wanted: Appointment, called_off: Iterable[Meeting]) -> Iterator[Conflict]:
    """The day on which the alliance's meeting of this quarter was to be."""
    if any(local_date(meeting.start) == wanted.day for meeting in called_off):
        text = _("An diesem Tag wurde die Sitzung abgesagt.")
        yield Conflict("called_off", ConflictWeight.STRONG, text, _("abgesagt"))


def of_others(wanted: Appointment, others: Iterable[Appointment], around: Surroundings) -> Iterator[Conflict]:
    """What other meetings have against it: the same people, the same room, too little time between."""
    for other in others:
        overlaps = wanted.overlaps(other)
        if wanted.venue_id is not None and overlaps and other.venue_id == wanted.venue_id:
            text = _("Der Raum ist belegt: %(body)s, %(when)s.")
            facts = {"body": other.alliance.word, "when": german.when(other.start, other.end)}
            yield Conflict("venue_taken", ConflictWeight.WEAK, text % facts, _("Raum belegt"))
        if other.alliance.pk == wanted.alliance.pk:
            yield from _of_own(wanted, other)
        elif abs((other.day - wanted.day).days) <= _NEAR:
            yield from _of_neighbour(wanted, other, around)


def _of_rules(wanted: Appointment, around: Surroundings, at: dt.datetime) -> Iterator[Conflict]:
    day, today, alliance, calendar = wanted.day, local_date(at), wanted.alliance, around.calendar
    if wanted.start <= at:
        text = _("Der %s liegt in der Vergangenheit.") % german.day(day)
        yield Conflict("past", ConflictWeight.HARD, text, _("vorbei"))
    elif (left := (day - today).days) < alliance.minimum_notice_days:
        text = _("Bis dahin sind es nur %(left)s. Die Regel des Bündnisses: mindestens %(wanted)s.")
        names = {
            "left": german.count(left, "Tag", "Tage"),
            "wanted": german.count(alliance.minimum_notice_days, "Tag", "Tage"),
        }
        yield Conflict("minimum_notice", ConflictWeight.STRONG, text % names, _("zu kurze Frist"))
    if day > calendar.known_until():
        yield from _beyond_the_known(day, calendar)
    yield from _of_summer(day, calendar)
    dates = around.dates(alliance, day)
    if dates is None:
        text = _("Die Fristen des Bündnisses passen vor diesem Tag nicht hintereinander.")
        yield Conflict("deadlines", ConflictWeight.STRONG, text, _("die Fristen passen nicht hintereinander"))
        return
    deadline = dates[DeadlineKind.EDITORIAL_DEADLINE]
    if period := calendar.school_period(deadline):
        text = _("Der Redaktionsschluss (%(day)s) liegt in den Ferien: %(name)s.")
        facts = {"day": german.date_in_list(deadline), "name": period.name}
        yield Conflict("deadline_in_holidays", ConflictWeight.WEAK, text % facts, _("Redaktionsschluss in den Ferien"))


def _beyond_the_known(day: dt.date, calendar: Calendar) -> Iterator[Conflict]:
    until = german.day(calendar.known_until())
    text = _("Schulferien sind nur bis %s bekannt. Für diesen Tag wissen wir es nicht.") % until
    yield Conflict("horizon", ConflictWeight.WEAK, text, _("Schulferien noch nicht bekannt"))
    if name := calendar.likely_school_holiday(day):
        text = _("In den meisten Jahren waren an diesem Tag Schulferien: %s.") % name
        yield Conflict("likely_holidays", ConflictWeight.WEAK, text, _("wahrscheinlich %s") % name)


def _of_summer(day: dt.date, calendar: Calendar) -> Iterator[Conflict]:
    """In the third quarter people meet after the summer, when the call for topics can reach them (rule 5)."""
    summer = calendar.summer_holidays(day.year)
    if summer is None or Quarter.of(day).number != _SUMMER_QUARTER:
        return
    first, last = summer.first, summer.last
    if day < first:
        text = _("Kurz vor den Sommerferien ab %s. Protokoll und Aufträge fielen in die Ferien.")
        short = _("Sommerferien ab %s") % german.date_in_list(first)
        yield Conflict("before_summer", ConflictWeight.WEAK, text % german.day(first), short)
    elif last < day < last + _AFTER_SUMMER:
        text = _("Die Sommerferien enden erst am %s. Der Aufruf zu Themen fiele in die Ferien.")
        short = _("Sommerferien bis %s") % german.date_in_list(last)
        yield Conflict("after_summer", ConflictWeight.WEAK, text % german.day(last), short)


def _of_habits(wanted: Appointment, around: Surroundings) -> Iterator[Conflict]:
    day = wanted.day
    if around.calendar.is_bridge_day(day):
        text = _("Der %s ist ein Brückentag. Viele haben frei.") % german.day(day)
        yield Conflict("bridge_day", ConflictWeight.WEAK, text, _("Brückentag"))
    if day.weekday() == _FRIDAY and local(wanted.end).time() > _NOON:
        text = _("Am Freitagnachmittag sind viele nicht mehr im Büro.")
        yield Conflict("friday_afternoon", ConflictWeight.WEAK, text, _("Freitagnachmittag"))
    if day.weekday() == _MONDAY and local(wanted.start).time() < _NOON:
        text = _("Am Montagvormittag haben viele Dienstbesprechung.")
        yield Conflict("monday_morning", ConflictWeight.WEAK, text, _("Montagvormittag"))


def _of_own(wanted: Appointment, other: Appointment) -> Iterator[Conflict]:
    """A second meeting in one quarter is refused when it is saved; here it is the one before or after that counts."""
    gap = (wanted.day - other.day).days
    if abs(gap) < _OWN and Quarter.of(wanted.day) != Quarter.of(other.day):
        text = _("Nur %(days)s nach der Sitzung am %(day)s.") if gap >= 0 else _("Nur %(days)s vor der am %(day)s.")
        facts = {"days": german.count(abs(gap), "Tag", "Tage"), "day": german.day_and_month(other.day)}
        yield Conflict("own_near", ConflictWeight.WEAK, text % facts, _("zu nah an der Sitzung davor"))


def _of_neighbour(wanted: Appointment, other: Appointment, around: Surroundings) -> Iterator[Conflict]:
    body, gap = other.alliance.word, (wanted.day - other.day).days
    both = around.in_both(wanted.alliance, other.alliance, wanted.day)
    at_once = around.at_both(wanted.alliance, other.alliance, wanted.day)
    facts = {"body": body, "when": german.when(other.start, other.end)}
    if wanted.overlaps(other) and at_once:
        text = _("Zur selben Zeit tagt %(body)s: %(when)s. %(people)s")
        facts["people"] = _people(len(at_once))
        yield Conflict("same_people", ConflictWeight.HARD, text % facts, _("zur selben Zeit wie %s") % body, at_once)
    elif gap == 0:
        text = _("Am selben Tag tagt %(body)s: %(when)s. %(people)s")
        facts["people"] = _people(len(both))
        yield Conflict("same_day", ConflictWeight.WEAK, text % facts, _("am selben Tag wie %s") % body, both)
    elif both:
        days = german.count(abs(gap), "Tag", "Tage")
        near = {"days": days, "body": body, "day": german.day_and_month(other.day), "people": _people(len(both))}
        text = (
            _("Nur %(days)s nach %(body)s (%(day)s). %(people)s")
            if gap > 0
            else _("Nur %(days)s vor %(body)s (%(day)s). %(people)s")
        )
        short = _("Abstand zu %s") % body
        yield Conflict("near", ConflictWeight.WEAK, text % near, short, both)


def _people(number: int) -> str:
    if number == 0:
        return _("Niemand ist in beiden.")
    if number == 1:
        return _("Eine Person ist in beiden.")
    return _("%(number)d Personen sind in beiden.") % {"number": number}
