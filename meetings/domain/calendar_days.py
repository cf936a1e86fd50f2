"""Which days are free, for whom, and what else is known of them: the package, and over it what the Fachstelle entered.

The package's days are not copied into the database, so a newer package or another Land counts at once; an entry
adds to them, or takes one back. A public holiday is taken back by an entry for that day alone: who says that these
two weeks are no school holidays does not mean Good Friday. School holidays are known up to a day only, which is shown
wherever they matter.

A process reads the entries anew every half minute. Pages that plan read them at each request (`read`).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass

from meetings.domain import calendar_base
from meetings.enums import CalendarEntryKind, ConflictWeight
from meetings.models import CalendarEntry

_SATURDAY, _SUNDAY = 5, 6
_ONE_DAY = dt.timedelta(days=1)
_SUMMER = "Sommerferien"
_FRESH_FOR = 30.0  # seconds
_YEARS_LOOKED_BACK = 5
_SOME_DAYS = 2  # days from the first to the last: less is a single free day
_BETWEEN_HOLIDAYS = dt.timedelta(days=100)


@dataclass(frozen=True)
class Hint:
    """Something the Fachstelle wants to be reminded of: Ramadan evenings, Schützenfest, a day of the Kreistag."""

    name: str
    weight: ConflictWeight
    from_hour: dt.time | None
    until_hour: dt.time | None

    def touches(self, begin: dt.time, end: dt.time) -> bool:
        """Whether a meeting at these local hours meets it."""
        if self.from_hour is None or self.until_hour is None:
            return True
        return begin < self.until_hour and end > self.from_hour


@dataclass(frozen=True)
class Period:
    """Days in a row of one name."""

    name: str
    first: dt.date
    last: dt.date


class Calendar:
    """All that is known of days, as of one moment."""

    def __init__(self, entries: Iterable[CalendarEntry] = ()) -> None:
        self._public: dict[dt.date, str] = {}
        self._school: dict[dt.date, str] = {}
        self._no_public: set[dt.date] = set()
        self._no_school: set[dt.date] = set()
        self._hints: dict[dt.date, list[Hint]] = {}
        self._entered: list[tuple[dt.date, dt.date]] = []
        self._summers: dict[int, Period | None] = {}
        for entry in entries:
            self._enter(entry)

    def public_holiday(self, day: dt.date) -> str | None:
        """The name of the public holiday, or None."""
        return self._public.get(day) or _without(self._no_public, calendar_base.public_holidays(day.year), day)

    def school_holiday(self, day: dt.date) -> str | None:
        """The name of the school holidays that `day` lies in, or None. None after `known_until()`."""
        return self._school.get(day) or _without(self._no_school, calendar_base.school_holidays(day.year), day)

    def hints(self, day: dt.date) -> tuple[Hint, ...]:
        """What the Fachstelle noted for this day."""
        return tuple(self._hints.get(day, ()))

    def known_until(self) -> dt.date:
        """The last day up to which all school holidays are known. That later days have none says nothing.

        Entered holidays carry it further as long as they follow on: between two holidays lie three months at most. A
        single free day far ahead says nothing of the years before it.
        """
        until = calendar_base.known_until()
        for first, last in sorted(self._entered):
            if first <= until + _BETWEEN_HOLIDAYS:
                until = max(until, last)
        return until

    def likely_school_holiday(self, day: dt.date) -> str | None:
        """Beyond the known: the holidays that lay on this day of the year in at least half of the last known years."""
        until = self.known_until()
        before = [_same_day(day, year) for year in range(until.year - _YEARS_LOOKED_BACK, until.year + 1)]
        before = [one for one in before if one <= until]
        names = [name for name in map(self.school_holiday, before) if name]
        return names[-1] if len(names) * 2 >= len(before) else None

    def is_working_day(self, day: dt.date) -> bool:
        """Neither weekend nor public holiday."""
        return day.weekday() < _SATURDAY and self.public_holiday(day) is None

    def is_school_day(self, day: dt.date) -> bool:
        """A working day outside the school holidays: people are in their offices and read their mail."""
        return self.is_working_day(day) and self.school_holiday(day) is None

    def is_bridge_day(self, day: dt.date) -> bool:
        """A working day alone between a public holiday and the weekend."""
        if not self.is_working_day(day):
            return False
        before, after = day - _ONE_DAY, day + _ONE_DAY
        if before.weekday() == _SUNDAY:
            return self.public_holiday(after) is not None
        return after.weekday() == _SATURDAY and self.public_holiday(before) is not None

    def school_period(self, day: dt.date) -> Period | None:
        """The school holidays that `day` lies in, from the first to the last day."""
        name = self.school_holiday(day)
        if name is None:
            return None
        first = last = day
        while self.school_holiday(first - _ONE_DAY) == name:
            first -= _ONE_DAY
        while self.school_holiday(last + _ONE_DAY) == name:
            last += _ONE_DAY
        return Period(name, first, last)

    def summer_holidays(self, year: int) -> Period | None:
        """None where they are not known."""
        if year not in self._summers:
            self._summers[year] = self._summer(year)
        return self._summers[year]

    def _summer(self, year: int) -> Period | None:
        day = dt.date(year, 6, 1)
        while day.year == year:
            if (self.school_holiday(day) or "").startswith(_SUMMER):
                return self.school_period(day)
            day += _ONE_DAY
        return None

    def _enter(self, entry: CalendarEntry) -> None:
        day = entry.first
        while day <= entry.last:
            if entry.kind == CalendarEntryKind.PUBLIC_HOLIDAY:
                self._public[day] = entry.name
            elif entry.kind == CalendarEntryKind.SCHOOL_HOLIDAYS:
                self._school[day] = entry.name
            elif entry.kind == CalendarEntryKind.SCHOOL_DAY:
                self._no_school.add(day)
                if entry.first == entry.last:
                    self._no_public.add(day)
            else:
                hint = Hint(entry.name, ConflictWeight(entry.weight), entry.from_hour, entry.until_hour)
                self._hints.setdefault(day, []).append(hint)
            day += _ONE_DAY
        if entry.kind == CalendarEntryKind.SCHOOL_HOLIDAYS and (entry.last - entry.first).days >= _SOME_DAYS:
            self._entered.append((entry.first, entry.last))


def _without(taken_back: set[dt.date], days: dict[dt.date, str], day: dt.date) -> str | None:
    return None if day in taken_back else days.get(day)


def _same_day(day: dt.date, year: int) -> dt.date:
    """The day in another year; 28 February for the 29th."""
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)  # noqa: PLR2004 -- February


_kept: tuple[float, Calendar] | None = None


def read() -> Calendar:
    """The calendar with every entry as it is now. One query."""
    global _kept  # noqa: PLW0603 -- one value a process, guarded by its age
    calendar = Calendar(CalendarEntry.objects.order_by("first", "pk"))
    _kept = (time.monotonic(), calendar)
    return calendar


def current() -> Calendar:
    """The calendar as this process last read it, half a minute ago at most."""
    if _kept is None or time.monotonic() - _kept[0] > _FRESH_FOR:
        return read()
    return _kept[1]


def forget() -> None:
    """Read anew at the next call, after an entry was written."""
    global _kept  # noqa: PLW0603 -- as above
    _kept = None


def public_holiday(day: dt.date) -> str | None:
    return current().public_holiday(day)


def school_holiday(day: dt.date) -> str | None:
    return current().school_holiday(day)


def known_until() -> dt.date:
    return current().known_until()


def is_working_day(day: dt.date) -> bool:
    return current().is_working_day(day)


def is_school_day(day: dt.date) -> bool:
    return current().is_school_day(day)


def working_day_until(day: dt.date) -> dt.date:
    """That day, or the last working day before."""
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


def working_day_from(day: dt.date) -> dt.date:
    """That day, or the first working day after."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day
