"""The days of a year in order, with where each is known from; and the files that were read."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Change
from meetings.domain import calendar_base
from meetings.domain.calendar_days import Calendar, Period
from meetings.domain.quarter import FIRST_YEAR, LAST_YEAR
from meetings.enums import CalendarEntryKind, Happened
from meetings.models import CalendarEntry

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One day or period. `entry` is the row behind it; `taken_back` is the entry that says it does not hold here.

    `form_key` makes two taps on "Gilt hier nicht" one entry.
    """

    period: Period
    kind: Any
    source: Any
    entry: CalendarEntry | None = None
    taken_back: CalendarEntry | None = None
    is_of_package: bool = False
    form_key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def can_be_restored_here(self) -> bool:
        """The entry is for just this; one that covers more has a line of its own."""
        back, period = self.taken_back, self.period
        return back is not None and (back.first, back.last) == (period.first, period.last)


@dataclass(frozen=True)
class Month:
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class YearOfDays:
    """A year as the Fachstelle checks it before planning."""

    year: int
    months: list[Month]
    known_until: dt.date
    own: int

    @property
    def is_known(self) -> bool:
        """Whether the school holidays of the whole year are known, down to the ones at Christmas."""
        return self.known_until >= dt.date(self.year, 12, 31)

    @property
    def knows_nothing(self) -> bool:
        return self.known_until < dt.date(self.year, 1, 1)

    @property
    def before(self) -> int | None:
        return self.year - 1 if self.year > FIRST_YEAR else None

    @property
    def after(self) -> int | None:
        return self.year + 1 if self.year < LAST_YEAR else None


@dataclass(frozen=True)
class FileOnRecord:
    """A file whose entries are in the calendar."""

    key: uuid.UUID
    entries: int
    first: dt.date
    last: dt.date
    read_at: dt.datetime | None


def of(year: int) -> YearOfDays:
    """Every day of `year` that is not like others. One query."""
    entries = list(CalendarEntry.objects.order_by("first", "pk"))
    calendar = Calendar(entries)
    own = [entry for entry in entries if entry.first.year <= year <= entry.last.year]
    lines = [*_of_package(year, own), *_bridge_days(year, calendar)]
    merged = {line.taken_back.pk for line in lines if line.taken_back and line.can_be_restored_here}
    lines += [_of_entry(entry) for entry in own if entry.pk not in merged]
    lines.sort(key=lambda line: (line.period.first, line.period.last, line.period.name))
    months = [
        Month(german.MONTHS[number - 1], list(group))
        for number, group in groupby(lines, key=lambda line: max(line.period.first, dt.date(year, 1, 1)).month)
    ]
    return YearOfDays(year, months, calendar.known_until(), len(own))


def files() -> list[FileOnRecord]:
    """Files that were read and not taken back, the latest first. Two queries."""
    rows = CalendarEntry.objects.exclude(file_key=None).values("file_key")
    grouped = rows.annotate(entries=Count("pk"), begin=Min("first"), end=Max("last")).order_by("-begin")
    changes = Change.objects.filter(verb=Happened.DAY_FILE_READ).order_by("at")
    read_at = {change["data"]["file"]: change["at"] for change in changes.values("data", "at")}
    found = [
        FileOnRecord(row["file_key"], row["entries"], row["begin"], row["end"], read_at.get(str(row["file_key"])))
        for row in grouped
        if row["file_key"]
    ]
    return sorted(found, key=lambda file: str(file.read_at), reverse=True)


def _of_package(year: int, own: Iterable[CalendarEntry]) -> Iterator[Line]:
    back = [entry for entry in own if entry.kind == CalendarEntryKind.SCHOOL_DAY]
    source = _("aus dem Kalenderpaket")
    for day, name in calendar_base.public_holidays(year).items():
        single = next((entry for entry in back if entry.first == entry.last == day), None)
        kind = CalendarEntryKind.PUBLIC_HOLIDAY.label
        yield Line(Period(name, day, day), kind, source, taken_back=single, is_of_package=True)
    for period in _school_periods(year):
        whole = next((entry for entry in back if entry.first <= period.first and entry.last >= period.last), None)
        kind = CalendarEntryKind.SCHOOL_HOLIDAYS.label
        yield Line(period, kind, source, taken_back=whole, is_of_package=True)


def _school_periods(year: int) -> Iterator[Period]:
    """Those of the package that touch the year, whole: the Christmas holidays belong to two."""
    days: Mapping[dt.date, str] = {
        day: name for one in (year - 1, year, year + 1) for day, name in calendar_base.school_holidays(one).items()
    }
    for day, name in sorted(days.items()):
        if days.get(day - _ONE_DAY) == name:
            continue
        last = day
        while days.get(last + _ONE_DAY) == name:
            last += _ONE_DAY
        if day.year <= year <= last.year:
            yield Period(name, day, last)


def _bridge_days(year: int, calendar: Calendar) -> Iterator[Line]:
    day = dt.date(year, 1, 1)
    while day.year == year:
        if calendar.is_bridge_day(day):
            yield Line(Period(_("Brückentag"), day, day), "", _("ergibt sich aus den Feiertagen"))
        day += _ONE_DAY


def _of_entry(entry: CalendarEntry) -> Line:
    source = _("von Hand") if entry.file_key is None else _("aus einer Datei")
    return Line(Period(entry.name, entry.first, entry.last), entry.get_kind_display(), source, entry)
