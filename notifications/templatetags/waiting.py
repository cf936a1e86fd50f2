"""When waiting mail leaves, in words."""

from __future__ import annotations

import datetime as dt

from django import template

from buendnisse import clock, german

register = template.Library()

_MINUTE = 60
_HOUR = 3600


@register.filter
def leaves(moment: dt.datetime, now: dt.datetime) -> str:
    """ "jetzt", "in 40 Sekunden", "in 3 Minuten", "um 14:05 Uhr", "am 30. November, 07:00 Uhr"."""
    seconds = round((moment - now).total_seconds())
    if seconds <= 0:
        return "jetzt"
    if seconds < 2 * _MINUTE:
        return f"in {german.count(seconds, 'Sekunde', 'Sekunden')}"
    if seconds < _HOUR:
        return f"in {german.count(seconds // _MINUTE, 'Minute', 'Minuten')}"
    if clock.local_date(moment) == clock.local_date(now):
        return f"um {german.hour(moment)}"
    return f"am {german.day_and_month(moment)}, {german.hour(moment)}"


@register.filter
def short_moment(moment: dt.datetime) -> str:
    """19.11.2026, 10:31 Uhr"""
    return f"{german.short_day(moment)}, {german.hour(moment)}"
