"""Public and school holidays of the installation's Land, as the `holidays` package knows them.

Public holidays follow from law for any year. School holidays are published for a few years ahead; the package
then simply has none, without an error, so whoever shows them also shows until when they are known.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
from django.conf import settings
from holidays.constants import PUBLIC, SCHOOL

_FIRST_YEAR, _LAST_YEAR = 2024, 2060  # where to look for the end of the school data


def public_holidays(year: int) -> dict[dt.date, str]:
    """Day → German name."""
    return _days_of(year, PUBLIC, settings.HOLIDAY_SUBDIVISION)


def school_holidays(year: int) -> dict[dt.date, str]:
    """Day → German name; empty for years that are not published."""
    return _days_of(year, SCHOOL, settings.HOLIDAY_SUBDIVISION)


def known_until() -> dt.date:
    """The last day of the last school holidays the package knows."""
    return _known_until(settings.HOLIDAY_SUBDIVISION)


@lru_cache(maxsize=4)
def _known_until(land: str) -> dt.date:
    for year in range(_LAST_YEAR, _FIRST_YEAR, -1):
        if days := _days_of(year, SCHOOL, land):
            return max(days)
    return dt.date.min


@lru_cache(maxsize=128)
def _days_of(year: int, category: str, land: str) -> dict[dt.date, str]:
    # Without a language the names come in English.
    return dict(holidays.country_holidays("DE", subdiv=land, years=year, categories=(category,), language="de"))
