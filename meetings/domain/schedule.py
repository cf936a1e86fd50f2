"""The deadlines of a meeting, derived from its day and the rules of its alliance; each can be overridden.

The rules were tried on 24 meetings of two years. Moving everything back before the holidays would collapse
the whole chain of a meeting after the summer onto one day, so some dates move forward:

1. the meeting itself is chosen by people (and never put on a holiday by the planner);
2. call and reminder move back to the last school day; the reminder moves forward if it would meet the call;
3. the editorial deadline moves forward to the first school day while that is before the invitation;
4. invitation and late papers move back, and only for weekends and public holidays: they are due in any case;
5. the first bookable day after the summer is three weeks after its end (`conflicts`, weighed in `date_costs`);
6. call < reminder ≤ editorial deadline < invitation < meeting, or `OrderLost`;
7. an objection period ends on a working day and never in the quiet weeks around New Year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from buendnisse.clock import local_date
from buendnisse.models import Alliance
from meetings.domain import calendar_days
from meetings.enums import DeadlineKind
from meetings.models import Meeting

_ONE_DAY = dt.timedelta(days=1)
#: The year's dates are told before the autumn's public holiday (31 October) of the year before.
_SAVE_THE_DATE = (10, 30)


class OrderLost(Exception):
    """The rules of this alliance leave no ordered chain of deadlines before this day."""


class Days(Protocol):
    """What must be known of a day; the module `calendar_days` is one."""

    def is_working_day(self, day: dt.date) -> bool: ...
    def is_school_day(self, day: dt.date) -> bool: ...


@dataclass(frozen=True)
class Deadline:
    """One date of a schedule. `derived` is what the rules say; it differs where the Fachstelle chose another."""

    kind: DeadlineKind
    date: dt.date
    derived: dt.date
    is_overridden: bool

    @property
    def label(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True)
class Schedule:
    """All dates of a meeting, the earliest first."""

    deadlines: tuple[Deadline, ...]

    def __iter__(self) -> Iterator[Deadline]:
        return iter(self.deadlines)

    def __getitem__(self, kind: DeadlineKind) -> dt.date:
        return self.deadline(kind).date

    def deadline(self, kind: DeadlineKind) -> Deadline:
        return next(entry for entry in self.deadlines if entry.kind == kind)

    def next_after(self, day: dt.date) -> Deadline | None:
        """The first deadline on or after `day`."""
        return next((entry for entry in self.deadlines if entry.date >= day), None)


def schedule(meeting: Meeting, *, days: Days = calendar_days) -> Schedule:
    """The derived dates with what was overridden, in the order they come."""
    derived = derive(meeting.alliance, local_date(meeting.start), days=days)
    chosen = _overridden(meeting)
    entries = [Deadline(kind, chosen.get(kind, date), date, kind in chosen) for kind, date in derived.items()]
    order = list(DeadlineKind)
    return Schedule(tuple(sorted(entries, key=lambda entry: (entry.date, order.index(entry.kind)))))


def agenda_deadlines(meeting: Meeting, *, days: Days = calendar_days) -> tuple[dt.date, dt.date]:
    """Of all those dates only the editorial deadline and the last day for late papers, for lists of many meetings."""
    alliance, day, chosen = meeting.alliance, local_date(meeting.start), _overridden(meeting)
    editorial = _editorial(alliance, day, _invitation(alliance, day, days), days)
    late = _late_papers(alliance, day, days)
    return chosen.get(DeadlineKind.EDITORIAL_DEADLINE, editorial), chosen.get(DeadlineKind.LATE_PAPERS, late)


def derive(alliance: Alliance, day: dt.date, *, days: Days = calendar_days) -> dict[DeadlineKind, dt.date]:
    """The dates of a meeting on `day` by the alliance's rules. Raises OrderLost."""
    invitation = _invitation(alliance, day, days)
    editorial = _editorial(alliance, day, invitation, days)
    call = _back(day - _days(alliance.call_days), days.is_school_day)
    reminder = _reminder(alliance, day, call, editorial, days)
    minutes_due = _forward(day + _days(alliance.minutes_due_days), days.is_working_day)
    to_chair = _forward(day + _days(alliance.minutes_to_chair_days), days.is_working_day)
    found = {
        DeadlineKind.SAVE_THE_DATE: save_the_date(day.year, days=days),
        DeadlineKind.CALL_FOR_ITEMS: call,
        DeadlineKind.REMINDER: reminder,
        DeadlineKind.EDITORIAL_DEADLINE: editorial,
        DeadlineKind.INVITATION: invitation,
        DeadlineKind.LATE_PAPERS: _late_papers(alliance, day, days),
        DeadlineKind.MEETING: day,
        DeadlineKind.MINUTES_TO_CHAIR: min(to_chair, minutes_due),
        DeadlineKind.MINUTES_DUE: minutes_due,
        DeadlineKind.OBJECTION_UNTIL: objection_until(alliance, minutes_due, days=days),
    }
    if not call < reminder <= editorial < invitation < day:
        raise OrderLost(day.isoformat())
    return found


def objection_until(alliance: Alliance, circulated_on: dt.date, *, days: Days = calendar_days) -> dt.date:
    """The last day to object to minutes sent on `circulated_on`; at least the whole period."""

    def ends_well(day: dt.date) -> bool:
        return days.is_working_day(day) and not is_quiet(alliance, day)

    return _forward(circulated_on + _days(alliance.objection_days), ends_well)


def is_quiet(alliance: Alliance, day: dt.date) -> bool:
    """In the weeks around New Year in which no period ends."""
    text = f"{day:%m-%d}"
    if alliance.quiet_from <= alliance.quiet_until:
        return alliance.quiet_from <= text <= alliance.quiet_until
    return text >= alliance.quiet_from or text <= alliance.quiet_until


def save_the_date(year: int, *, days: Days = calendar_days) -> dt.date:
    """When the dates of `year` are told: the last working day up to 30 October of the year before."""
    return _back(dt.date(year - 1, *_SAVE_THE_DATE), days.is_working_day)


def _overridden(meeting: Meeting) -> dict[DeadlineKind, dt.date]:
    return {DeadlineKind(kind): dt.date.fromisoformat(text) for kind, text in meeting.deadline_overrides.items()}


def _invitation(alliance: Alliance, day: dt.date, days: Days) -> dt.date:
    return _back(day - _days(alliance.invitation_days), days.is_working_day)


def _late_papers(alliance: Alliance, day: dt.date, days: Days) -> dt.date:
    return _back(day - _days(alliance.late_papers_days), days.is_working_day)


def _editorial(alliance: Alliance, day: dt.date, invitation: dt.date, days: Days) -> dt.date:
    nominal = day - _days(alliance.editorial_days)
    forward = _forward(nominal, days.is_school_day)
    if forward < invitation:
        return forward
    # The holidays reach up to the invitation: people are away either way, so only weekends count.
    return _back(min(nominal, invitation - _ONE_DAY), days.is_working_day)


def _reminder(alliance: Alliance, day: dt.date, call: dt.date, editorial: dt.date, days: Days) -> dt.date:
    nominal = day - _days(alliance.reminder_days)
    reminder = _back(nominal, days.is_school_day)
    if reminder <= call:
        reminder = _forward(nominal, days.is_school_day)
    return min(reminder, editorial)


def _days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def _back(day: dt.date, suits: Callable[[dt.date], bool]) -> dt.date:
    while not suits(day):
        day -= _ONE_DAY
    return day


def _forward(day: dt.date, suits: Callable[[dt.date], bool]) -> dt.date:
    while not suits(day):
        day += _ONE_DAY
    return day
