"""A year as a table, quarters down and alliances across; and what a new date starts from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from buendnisse.models import Alliance
from meetings.domain import calendar_days
from meetings.domain.conflicts import Conflict, conflicts
from meetings.enums import MeetingMode, MeetingState
from meetings.models import Meeting

_QUARTERS = (1, 2, 3, 4)
_MONTHS = 3


@dataclass(frozen=True)
class Cell:
    alliance: Alliance
    quarter: str
    meeting: Meeting | None
    remarks: list[Conflict]


@dataclass(frozen=True)
class Row:
    number: int
    quarter: str
    first: dt.date
    last: dt.date
    holidays: list[tuple[str, dt.date, dt.date]]
    cells: list[Cell]


@dataclass(frozen=True)
class YearTable:
    year: int
    alliances: list[Alliance]
    rows: list[Row]
    known_until: dt.date

    @property
    def planned(self) -> int:
        return sum(cell.meeting is not None for row in self.rows for cell in row.cells)

    @property
    def missing(self) -> int:
        return sum(cell.meeting is None for row in self.rows for cell in row.cells)


def of(year: int, *, at: dt.datetime) -> YearTable:
    """What stands in a year, with the free slots of every alliance that exists then."""
    alliances = list(Alliance.objects.valid_on(dt.date(year, 7, 1)).in_order())
    meetings = {
        (row.alliance_id, row.quarter): row
        for row in Meeting.objects.filter(quarter__startswith=f"{year}-")
        .exclude(state=MeetingState.CANCELLED)
        .select_related("venue", "alliance")
    }
    rows = []
    for number in _QUARTERS:
        quarter = f"{year}-Q{number}"
        first, last = _span(year, number)
        cells = [_cell(alliance, quarter, meetings.get((alliance.pk, quarter)), at) for alliance in alliances]
        rows.append(Row(number, quarter, first, last, _holidays(first, last), cells))
    return YearTable(year, alliances, rows, calendar_days.known_until())


def proposal(wished: Mapping[str, str]) -> dict[str, Any]:
    """What a new date starts from: `buendnis` (slug) and `quartal` (2027-Q1), with the alliance's usual hours and place."""
    alliance = Alliance.objects.filter(slug=wished.get("buendnis", "")).first()
    start: dict[str, Any] = {"mode": MeetingMode.ON_SITE}
    if alliance is None:
        return start
    start |= {"alliance": alliance.pk, "start": alliance.usual_start, "end": alliance.usual_end}
    last = Meeting.objects.filter(alliance=alliance).order_by("-start").first()
    start |= {"venue": alliance.usual_venue_id or (last and last.venue_id)}
    start |= {"mode": last.mode} if last else {}
    if day := _usual_day(alliance, wished.get("quartal", "")):
        start["date"] = day
    return start


def _usual_day(alliance: Alliance, quarter: str) -> dt.date | None:
    """The first usual weekday in the middle of a quarter on which people are in their offices."""
    year, _dash, number = quarter.partition("-Q")
    if not (year.isdecimal() and number in {"1", "2", "3", "4"} and len(year) == len("2027")):
        return None
    day = dt.date(int(year), int(number) * _MONTHS - 1, 8)
    for _week in range(8):
        if alliance.usual_weekday is not None:
            day += dt.timedelta(days=(alliance.usual_weekday - day.weekday()) % 7)
        if calendar_days.is_school_day(day):
            return day
        day += dt.timedelta(days=1 if alliance.usual_weekday is None else 7)
    return None


def _cell(alliance: Alliance, quarter: str, meeting: Meeting | None, at: dt.datetime) -> Cell:
    remarks: list[Conflict] = []
    if meeting is not None and meeting.start > at and meeting.state in {MeetingState.PLANNED, MeetingState.CONFIRMED}:
        found = conflicts(alliance, meeting.start, meeting.end, meeting.venue, at=at, meeting=meeting)
        remarks = [conflict for conflict in found if conflict.kind not in {"near", "minimum_notice"}]
    return Cell(alliance, quarter, meeting, remarks)


def _span(year: int, number: int) -> tuple[dt.date, dt.date]:
    first = dt.date(year, number * _MONTHS - 2, 1)
    after = dt.date(year + 1, 1, 1) if number == _QUARTERS[-1] else dt.date(year, number * _MONTHS + 1, 1)
    return first, after - dt.timedelta(days=1)


def _holidays(first: dt.date, last: dt.date) -> list[tuple[str, dt.date, dt.date]]:
    """School holidays of a quarter as (name, first day, last day)."""
    found: list[tuple[str, dt.date, dt.date]] = []
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        name = (calendar_days.school_holiday(day) or "").replace("/", "/\N{ZERO WIDTH SPACE}")  # a place to break
        if not name:
            continue
        if found and found[-1][0] == name and (day - found[-1][2]).days <= 1:
            found[-1] = (name, found[-1][1], day)
        else:
            found.append((name, day, day))
    return found
