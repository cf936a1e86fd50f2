"""The next meetings as a picture: a line for each alliance over eighteen weeks. The list beside it says the same in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from buendnisse import clock, german
from buendnisse.models import Alliance
from meetings.domain import calendar_days
from meetings.domain.schedule import Schedule
from meetings.enums import DeadlineKind
from meetings.models import Meeting

_LEFT, _RIGHT = 108.0, 1206.0
_TOP, _ROW = 52, 42
_DAYS = 126
_BEFORE = 7
_WORDS = {DeadlineKind.CALL_FOR_ITEMS: "Aufruf", DeadlineKind.REMINDER: "", DeadlineKind.EDITORIAL_DEADLINE: "Schluss"}


@dataclass(frozen=True)
class Month:
    x: float
    name: str


@dataclass(frozen=True)
class Holidays:
    x: float
    width: float
    name: str


@dataclass(frozen=True)
class Dot:
    """A deadline. Short ones carry no word."""

    x: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A meeting: the alliance's letter in its shape."""

    x: float
    label: str


@dataclass(frozen=True)
class Row:
    alliance: Alliance
    y: int
    dots: list[Dot]
    marks: list[Mark]


@dataclass(frozen=True)
class Picture:
    height: int
    months: list[Month]
    holidays: list[Holidays]
    rows: list[Row]
    today_x: float
    first: dt.date
    last: dt.date


def picture(meetings: Iterable[Meeting], schedules: Mapping[int, Schedule], *, today: dt.date) -> Picture:
    """All alliances that meet within the window, in the order of their meetings' alliances."""
    first = today - dt.timedelta(days=_BEFORE)
    last = first + dt.timedelta(days=_DAYS)
    shown = [meeting for meeting in meetings if first <= clock.local_date(meeting.start) <= last]
    alliances = sorted({meeting.alliance for meeting in shown}, key=lambda alliance: alliance.pk)
    rows = [
        _row(
            alliance,
            number=number,
            meetings=[meeting for meeting in shown if meeting.alliance_id == alliance.pk],
            schedules=schedules,
            first=first,
            last=last,
        )
        for number, alliance in enumerate(alliances)
    ]
    return Picture(
        height=_TOP + _ROW * max(len(rows) - 1, 0) + 40,
        months=_months(first, last),
        holidays=_holidays(first, last),
        rows=rows,
        today_x=_x(today, first),
        first=first,
        last=last,
    )


def _row(
    alliance: Alliance,
    *,
    number: int,
    meetings: list[Meeting],
    schedules: Mapping[int, Schedule],
    first: dt.date,
    last: dt.date,
) -> Row:
    dots = [
        Dot(_x(dates[kind], first), f"{word} {dates[kind].day}.{dates[kind].month}." if word else "")
        for meeting in meetings
        if (dates := schedules.get(meeting.pk))
        for kind, word in _WORDS.items()
        if first + dt.timedelta(days=_BEFORE) <= dates[kind] <= last
    ]
    marks = []
    for meeting in meetings:
        day = clock.local_date(meeting.start)
        marks.append(Mark(_x(day, first), f"{day.day}.{day.month}."))
    return Row(alliance, _TOP + _ROW * number, dots, marks)


def _months(first: dt.date, last: dt.date) -> list[Month]:
    found: list[Month] = []
    day = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    while day < last:
        name = german.MONTHS[day.month - 1]
        found.append(Month(_x(day, first), f"{name} {day.year}" if not found or day.month == 1 else name))
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return found


def _holidays(first: dt.date, last: dt.date) -> list[Holidays]:
    """School holidays as stripes; a name where it has room."""
    found: list[Holidays] = []
    begun: dt.date | None = None
    name = ""
    day = first
    while day <= last + dt.timedelta(days=1):
        holiday = calendar_days.school_holiday(day) if day <= last else None
        if begun is not None and holiday != name:
            width = round(min(_x(day, first), _RIGHT) - _x(begun, first), 1)
            found.append(Holidays(_x(begun, first), width, name if width > len(name) * 7 else ""))
            begun = None
        if holiday is not None and begun is None:
            begun, name = day, holiday
        day += dt.timedelta(days=1)
    return found


def _x(day: dt.date, first: dt.date) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * (day - first).days / _DAYS, 1)
