"""An alliance's usual day as data: the second Wednesday of the second month of the quarter, 15:00 to 17:00, hosts in turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import copy

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Alliance, ComingRule, Host, Venue
from meetings.domain.quarter import Quarter

_WEEK = 7
#: Where an alliance has no usual weekday or hours, people know these from most committees.
_USUAL_WEEKDAY, _USUAL_START, _USUAL_END = 2, dt.time(15), dt.time(17)
_NTH = ("ersten", "zweiten", "dritten", "vierten", "fünften")


def as_of(alliance: Alliance, quarter: Quarter) -> Alliance:
    """The alliance with the rule that holds in a quarter: one that is to come counts where its own day has begun by then.

    No query where the alliance was loaded with its `coming_rule`.
    """
    then = _with_coming(alliance)
    return then if then is not None and _has_begun(then, quarter) else alliance


def turns(alliance: Alliance, quarter: Quarter, hosts: Sequence[Host]) -> list[Venue]:
    """Of all its turns, those of the rule that holds in a quarter."""
    then = _with_coming(alliance)
    is_coming = then is not None and _has_begun(then, quarter)
    return [one.venue for one in hosts if one.is_coming == is_coming]


def _with_coming(alliance: Alliance) -> Alliance | None:
    coming: ComingRule | None = getattr(alliance, "coming_rule", None)
    if coming is None:
        return None
    then = copy(alliance)
    for name in ("weekday", "nth", "month", "start", "end", "venue"):
        setattr(then, f"usual_{name}", getattr(coming, name))
    return then


def _has_begun(then: Alliance, quarter: Quarter) -> bool:
    return anchor(then, quarter) >= then.coming_rule.first_day


def day_by_rule(alliance: Alliance, quarter: Quarter) -> dt.date | None:
    """The usual day in a quarter; None where the month has no fifth such weekday."""
    month = quarter.month(alliance.usual_month)
    first = month + dt.timedelta(days=(weekday(alliance) - month.weekday()) % _WEEK)
    day = first + dt.timedelta(weeks=alliance.usual_nth - 1)
    return day if day.month == month.month else None


def anchor(alliance: Alliance, quarter: Quarter) -> dt.date:
    """The usual day, or a week before where the month ends too early for it."""
    month = quarter.month(alliance.usual_month)
    first = month + dt.timedelta(days=(weekday(alliance) - month.weekday()) % _WEEK)
    return day_by_rule(alliance, quarter) or first + dt.timedelta(weeks=alliance.usual_nth - 2)


def weekday(alliance: Alliance) -> int:
    """0 Monday … 6 Sunday."""
    return _USUAL_WEEKDAY if alliance.usual_weekday is None else alliance.usual_weekday


def hours(alliance: Alliance) -> tuple[dt.time, dt.time]:
    """Local beginning and end."""
    if alliance.usual_start is None or alliance.usual_end is None:
        return _USUAL_START, _USUAL_END
    return alliance.usual_start, alliance.usual_end


def host(alliance: Alliance, quarter: Quarter, hosts: Sequence[Venue]) -> Venue | None:
    """Whose turn it is; the usual venue where nobody takes turns."""
    return hosts[quarter.count % len(hosts)] if hosts else alliance.usual_venue


def words(alliance: Alliance) -> str:
    """am zweiten Mittwoch im zweiten Monat des Quartals, 15:00 bis 17:00 Uhr"""
    begin, end = hours(alliance)
    return _("am %(nth)s %(weekday)s im %(month)s Monat des Quartals, %(begin)s bis %(end)s") % {
        "nth": _NTH[alliance.usual_nth - 1],
        "weekday": german.WEEKDAYS[weekday(alliance)],
        "month": _NTH[alliance.usual_month - 1],
        "begin": f"{begin:%H:%M}",
        "end": german.hour(end),
    }


def all_words(alliance: Alliance) -> str:
    """As `words`, and after them the rule that is to come; says so where none was agreed on yet."""
    now = words(alliance) if alliance.usual_weekday is not None else _("noch nicht festgelegt")
    then = _with_coming(alliance)
    if then is None:
        return now
    coming = {"now": now, "day": german.short_day(then.coming_rule.first_day), "then": words(then)}
    return _("%(now)s, ab dem %(day)s %(then)s") % coming
