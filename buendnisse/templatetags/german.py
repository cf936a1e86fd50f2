"""How dates, times and bodies are written for readers. Names of months are German whatever the locale says."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from buendnisse import german
from buendnisse.models import Body

register = template.Library()

register.filter("day", german.day)
register.filter("day_and_month", german.day_and_month)
register.filter("long_day", german.long_day)
register.filter("short_day", german.short_day)
register.filter("date_in_list", german.date_in_list)
register.filter("weekday_day", german.weekday_day)
register.filter("weekday_short", german.weekday_short)
register.filter("hour", german.hour)
register.filter("span", german.span)
register.filter("moment", german.moment)
register.filter("sentence", german.sentence)
register.filter("year_apart", german.year_apart)


@register.filter
def breaking(address: str) -> SafeString:
    """A mail address that breaks after the @ where it does not fit its line, and not within a name."""
    return format_html_join(format_html("{}<wbr>", "@"), "{}", ((part,) for part in address.split("@")))


@register.filter
def iso(day: dt.date | None) -> str:
    """2026-12-03, for a hidden field; empty where there is no day."""
    return day.isoformat() if day else ""


@register.simple_tag
def body_mark(body: Body, name: str = "") -> SafeString:
    """A body's letter in its colour and shape, with its name: never the colour alone."""
    letter = body.prefix or ("S" if body.kind == "unit" else "↗")
    return _mark(body.mark, letter, name or body.word)


@lru_cache(maxsize=512)
def _mark(mark: str, letter: str, word: str) -> SafeString:
    return format_html('<span class="al al-{}"><b aria-hidden="true">{}</b> {}</span>', mark, letter, word)


@register.filter
def days_until(day: dt.date, today: dt.date) -> str:
    """ "noch 15 Tage", "heute", "seit 54 Tagen überfällig"."""
    return german.days_until(day, today)
