"""Public and school holidays of the installation's Land, and which days are working days.

Both come from the `holidays` package. Its school data end one day without an error, so everything that shows
a school holiday also shows until when they are known.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
from django.conf import settings
from holidays.constants import PUBLIC, SCHOOL

_SATURDAY = 5
_FIRST_YEAR, _LAST_YEAR = 2024, 2060  # where to look for the end of the school data
_SUMMER = "Sommerferien"


@lru_cache(maxsize=1)
def known_until() -> dt.date:
    """The last day of the last school holidays that are known. That later days have none says nothing."""
    for year in range(_LAST_YEAR, _FIRST_YEAR, -1):
        if days := _days_of(year, SCHOOL):
            return max(days)
    return dt.date.min


def public_holiday(day: dt.date) -> str | None:
    """The German name of the public holiday, or None."""
    return _days_of(day.year, PUBLIC).get(day)


def school_holiday(day: dt.date) -> str | None:
    """The German name of the school holidays that `day` lies in, or None. None after `known_until()`."""
    return _days_of(day.year, SCHOOL).get(day)


def summer_holidays(year: int) -> tuple[dt.date, dt.date] | None:
    """First and last day of the summer holidays, or None where they are not known."""
    days = [day for day, name in _days_of(year, SCHOOL).items() if name == _SUMMER]
    return (min(days), max(days)) if days else None


def is_working_day(day: dt.date) -> bool:
    """Neither weekend nor public holiday."""
    return day.weekday() < _SATURDAY and public_holiday(day) is None


def is_school_day(day: dt.date) -> bool:
    """A working day outside the school holidays: people are in their offices and read their mail."""
    return is_working_day(day) and school_holiday(day) is None


@lru_cache(maxsize=64)
def _days_of(year: int, category: str) -> dict[dt.date, str]:
    found = holidays.country_holidays(
        "DE",
        subdiv=settings.HOLIDAY_SUBDIVISION,
        years=year,
        categories=(category,),
        language="de",
    )
    return dict(found)
