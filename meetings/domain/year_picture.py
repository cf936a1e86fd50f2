"""The year as a picture: a line a month, a field a day. And the same as a list of what is when."""

from __future__ import annotations

import calendar as months
import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local
from buendnisse.models import Alliance
from meetings.domain.proposing import Proposal, Slot
from meetings.enums import DeadlineKind

# Units of the viewBox, whole numbers: a decimal would be written with a comma.
_LEFT, _TOP, _ROW = 90, 24, 30
_STEP, _WIDTH = 36, 34
_DAYS = 31


@dataclass(frozen=True)
class Field:
    """A day. `tint`: the class of its ground."""

    x: int
    tint: str
    is_holiday: bool


@dataclass(frozen=True)
class Mark:
    """A meeting (a filled shape with its letter) or an editorial deadline (a ring)."""

    x: int
    alliance: Alliance
    is_meeting: bool


@dataclass(frozen=True)
class Month:
    name: str
    y: int
    fields: list[Field]
    marks: list[Mark]


@dataclass(frozen=True)
class Entry:
    """A line of the list."""

    day: dt.date
    text: str
    alliance: Alliance | None = None


@dataclass(frozen=True)
class Picture:
    months: list[Month]
    columns: list[tuple[int, int]]
    entries: list[Entry]


def of(proposal: Proposal) -> Picture:
    """Meetings, editorial deadlines, public and school holidays of the year."""
    marks = _marks(proposal)
    rows = []
    for number in range(1, 13):
        days = [
            dt.date(proposal.year, number, day) for day in range(1, months.monthrange(proposal.year, number)[1] + 1)
        ]
        rows.append(
            Month(
                german.MONTHS[number - 1],
                _TOP + (number - 1) * _ROW,
                [field for day in days if (field := _field(proposal, day))],
                [mark for day, mark in marks if (day.year, day.month) == (proposal.year, number)],
            )
        )
    columns = [(_x(day) + _WIDTH // 2, day) for day in range(1, _DAYS + 1)]
    return Picture(rows, columns, _entries(proposal))


def _field(proposal: Proposal, day: dt.date) -> Field | None:
    """Weekends are left white."""
    calendar = proposal.around.calendar
    holiday = calendar.public_holiday(day) is not None
    if calendar.school_holiday(day):
        return Field(_x(day.day), "f-line", holiday)
    if calendar.is_working_day(day) or holiday:
        return Field(_x(day.day), "f-bg" if holiday else "f-p", holiday)
    return None


def _marks(proposal: Proposal) -> list[tuple[dt.date, Mark]]:
    found = []
    for slot in proposal.slots:
        if slot.appointment is None:
            continue
        dates = proposal.schedule(slot)
        day = slot.appointment.day
        found.append((day, Mark(_middle(day), slot.alliance, is_meeting=True)))
        deadline = dates.get(DeadlineKind.EDITORIAL_DEADLINE)
        if deadline and deadline.year == proposal.year:
            found.append((deadline, Mark(_middle(deadline), slot.alliance, is_meeting=False)))
    return sorted(found, key=lambda one: one[1].is_meeting)


def _entries(proposal: Proposal) -> list[Entry]:
    found = [*_holidays(proposal)]
    for slot in proposal.slots:
        found.extend(_of_slot(slot, proposal))
    return sorted(found, key=lambda entry: (entry.day, entry.alliance.pk if entry.alliance else 0))


def _of_slot(slot: Slot, proposal: Proposal) -> list[Entry]:
    if slot.appointment is None:
        return []
    hour = german.hour(local(slot.appointment.start).time())
    found = [Entry(slot.appointment.day, _("Sitzung, %s") % hour, slot.alliance)]
    dates = proposal.schedule(slot)
    found.extend(
        Entry(dates[kind], str(kind.label), slot.alliance)
        for kind in (DeadlineKind.CALL_FOR_ITEMS, DeadlineKind.EDITORIAL_DEADLINE, DeadlineKind.INVITATION)
        if kind in dates and dates[kind].year == proposal.year
    )
    return found


def _holidays(proposal: Proposal) -> list[Entry]:
    calendar, found = proposal.around.calendar, []
    day, end = dt.date(proposal.year, 1, 1), dt.date(proposal.year, 12, 31)
    told: dt.date | None = None
    while day <= end:
        if name := calendar.public_holiday(day):
            found.append(Entry(day, name))
        period = calendar.school_period(day)
        if period and period.first != told:
            told = period.first
            until = "" if period.first == period.last else _(", bis %s") % german.date_in_list(period.last)
            found.append(Entry(day, period.name + until))
        found.extend(Entry(day, hint.name) for hint in calendar.hints(day) if hint not in calendar.hints(day - _DAY))
        day += _DAY
    return found


_DAY = dt.timedelta(days=1)


def _x(day: int) -> int:
    return _LEFT + (day - 1) * _STEP


def _middle(day: dt.date) -> int:
    return _x(day.day) + _WIDTH // 2
