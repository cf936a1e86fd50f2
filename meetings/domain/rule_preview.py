"""What a rule would give in the coming year, and what stands against each of its days: shown before it is kept."""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain.alliance_rules import Rule
from buendnisse.models import Alliance, Venue
from meetings.domain import calendar_days, quarter, rule_days
from meetings.domain.calendar_days import Calendar
from meetings.domain.quarter import Quarter


@dataclass(frozen=True)
class Turn:
    """One quarter by the rule. `day` is None where the month has no such day; `against` is a sentence or empty."""

    quarter: Quarter
    day: dt.date | None
    venue: Venue | None
    against: str


@dataclass(frozen=True)
class Preview:
    year: int
    words: str
    turns: list[Turn]


def of(alliance: Alliance, rule: Rule, *, year: int) -> Preview:
    """The four quarters of a year. One query."""
    meant, calendar = copy(alliance), calendar_days.read()
    meant.usual_weekday, meant.usual_nth, meant.usual_month = rule.weekday, rule.nth, rule.month
    meant.usual_start, meant.usual_end, meant.usual_venue = rule.start, rule.end, rule.venue
    turns = []
    for one in quarter.of_year(year):
        day = rule_days.day_by_rule(meant, one)
        turns.append(Turn(one, day, rule_days.host(meant, one, rule.hosts), _against(day, rule, calendar)))
    return Preview(year, rule_days.words(meant), turns)


def _against(day: dt.date | None, rule: Rule, calendar: Calendar) -> str:
    """Only what the day itself has against it; proposals weigh everything else."""
    if day is None:
        weekday = german.WEEKDAYS[rule.weekday]
        return _("Dieser Monat hat keinen fünften %s. Vorgeschlagen wird ein anderer Tag.") % weekday
    if name := calendar.public_holiday(day):
        return _("Feiertag: %s. Vorgeschlagen wird ein anderer Tag.") % name
    if name := calendar.school_holiday(day):
        return _("Schulferien: %s. Vorgeschlagen wird ein anderer Tag.") % name
    if day > calendar.known_until():
        return _("Für diesen Tag sind noch keine Schulferien bekannt.")
    hints = [hint.name for hint in calendar.hints(day) if hint.touches(rule.start, rule.end)]
    return _("Hinweis: %s.") % german.listing(hints) if hints else ""
