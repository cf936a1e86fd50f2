"""DATE-TIME and DURATION of RFC 5545 section 3.3, as moments in UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from . import zones
from .lines import Line

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z?))?")
_DURATION = re.compile(r"\+?P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?")
_FIRST_YEAR, _LAST_YEAR = 1980, 2200  # nobody answers outside; far out, arithmetic fails


def moment(line: Line | None, *, default_zone: str = zones.TZID) -> datetime | None:
    """The moment a line names; None where it names none. A day alone is its beginning.

    A zone is taken by its name, IANA's or Windows', never by what the object says about it: that is a stranger's.
    One without a known name is `default_zone`.
    """
    found = _MOMENT.fullmatch(line.value.strip()) if line else None
    if line is None or found is None:
        return None
    year, month, day, hour, minute, second = (int(number or 0) for number in found.groups()[:6])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        there = datetime.combine(date(year, month, day), time(hour, minute, min(second, 59)))
    except ValueError:
        return None
    zone = UTC if found[7] else _zone(line.parameters.get("TZID", ""), default_zone)
    return there.replace(tzinfo=zone).astimezone(UTC)


def duration(line: Line | None) -> timedelta | None:
    """ "PT1H30M"; None for anything else."""
    found = _DURATION.fullmatch(line.value.strip().upper()) if line else None
    if found is None or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _zone(name: str, default: str) -> ZoneInfo:
    for one in (name, WINDOWS_TO_OLSON.get(name, ""), default):
        if one:
            try:
                return ZoneInfo(one)
            except (ValueError, OSError, KeyError):
                continue
    return ZoneInfo("UTC")
