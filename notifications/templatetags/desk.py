"""What the Schreibtisch needs beside the usual words."""

from __future__ import annotations

import datetime as dt

from django import template

from buendnisse import clock, german

register = template.Library()

register.filter("day_and_month", german.day_and_month)

_A_WEEK = 6


@register.filter
def weekday_short(day: dt.date) -> str:
    """ "Fr, 27.11."."""
    return f"{german.WEEKDAYS[day.weekday()][:2]}, {day:%d.%m.}"


@register.filter
def until_word(day: dt.date, today: dt.date) -> str:
    """ "Donnerstag" within the next six days, "3. Dezember" later."""
    return german.WEEKDAYS[day.weekday()] if (day - today).days <= _A_WEEK else german.day_and_month(day)


@register.filter
def when_word(moment: dt.datetime, today: dt.date) -> str:
    """ "heute", "gestern", "21.11."."""
    day = clock.local_date(moment)
    return {0: "heute", 1: "gestern"}.get((today - day).days, f"{day:%d.%m.}")


@register.filter
def svg(number: float) -> str:
    """A coordinate: a point, never the language's comma."""
    return f"{number:g}"


@register.filter
def plus(number: float, more: int) -> str:
    """A coordinate moved by some pixels."""
    return f"{number + more:g}"
