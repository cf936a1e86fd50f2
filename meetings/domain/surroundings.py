"""What a date meets: the calendar, the other meetings, and who sits in several alliances. Loaded once, asked often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from buendnisse.clock import local_date
from buendnisse.enums import ASKED_ROLES, Role
from buendnisse.models import Alliance, Membership
from meetings.domain import calendar_days, schedule
from meetings.domain.calendar_days import Calendar
from meetings.enums import DeadlineKind, MeetingState
from meetings.models import Meeting


@dataclass(frozen=True)
class Appointment:
    """An alliance at a time and place. `meeting_id` None: it is only proposed."""

    alliance: Alliance
    start: dt.datetime
    end: dt.datetime
    venue_id: int | None
    meeting_id: int | None = None

    @cached_property
    def day(self) -> dt.date:
        """The local day."""
        return local_date(self.start)

    def overlaps(self, other: Appointment) -> bool:
        return self.start < other.end and other.start < self.end


#: Who is at the table at every meeting without being asked: the office that moderates and writes.
_AT_THE_TABLE = ASKED_ROLES | {Role.MINUTE_TAKER, Role.SECRETARIAT}


@dataclass(frozen=True)
class _Seat:
    person_id: int
    role: str
    since: dt.date
    until: dt.date


class Surroundings:
    """As of the moment it was loaded. Three queries, whatever the number of alliances and meetings."""

    def __init__(self, first: dt.datetime, last: dt.datetime, *, calendar: Calendar | None = None) -> None:
        """Other meetings are known that touch the time from `first` to `last`."""
        self.calendar = calendar or calendar_days.read()
        self.appointments = [of(meeting) for meeting in _meetings(first, last)]
        self._seats: dict[int, list[_Seat]] = {}
        for body, person, role, since, until in _seats():
            self._seats.setdefault(body, []).append(_Seat(person, role, since, until or dt.date.max))
        self._known: dict[tuple[int, dt.date, frozenset[str]], frozenset[int]] = {}
        self._dates: dict[tuple[int, dt.date], dict[DeadlineKind, dt.date] | None] = {}

    def dates(self, alliance: Alliance, day: dt.date) -> dict[DeadlineKind, dt.date] | None:
        """The deadlines of a meeting on `day`; None where the rules leave no order."""
        key = (alliance.pk, day)
        if key not in self._dates:
            try:
                self._dates[key] = schedule.derive(alliance, day, days=self.calendar)
            except schedule.OrderLost:
                self._dates[key] = None
        return self._dates[key]

    def people(
        self, alliance: Alliance, day: dt.date, *, roles: frozenset[str] = frozenset(ASKED_ROLES)
    ) -> frozenset[int]:
        """Who belongs to an alliance on a day in one of these roles, by id; without roles those who are asked to come."""
        key = (alliance.pk, day, roles)
        if key not in self._known:
            seats = self._seats.get(alliance.pk, ())
            self._known[key] = frozenset(
                seat.person_id for seat in seats if seat.role in roles and seat.since <= day <= seat.until
            )
        return self._known[key]

    def in_both(self, one: Alliance, other: Alliance, day: dt.date) -> frozenset[int]:
        """Who is asked to both meetings."""
        return self.people(one, day) & self.people(other, day)

    def at_both(self, one: Alliance, other: Alliance, day: dt.date) -> frozenset[int]:
        """Who would have to sit at both tables: those who are asked, and the office."""
        roles = frozenset(_AT_THE_TABLE)
        return self.people(one, day, roles=roles) & self.people(other, day, roles=roles)


def of(meeting: Meeting) -> Appointment:
    """A meeting as something to be met."""
    return Appointment(meeting.alliance, meeting.start, meeting.end, meeting.venue_id, meeting.pk)


def _meetings(first: dt.datetime, last: dt.datetime) -> Iterable[Meeting]:
    rows = Meeting.objects.filter(start__lte=last, end__gte=first).exclude(state=MeetingState.CANCELLED)
    return rows.select_related("alliance").order_by("start", "pk")


def _seats() -> Iterable[tuple[int, int, str, dt.date, dt.date | None]]:
    return Membership.objects.order_by("pk").values_list("body_id", "person_id", "role", "since", "until")
