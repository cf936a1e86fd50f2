"""What a date costs, in points: how far it is from the rule, what speaks against it, and what it does to its neighbours.

The figures order what people said: never on a free day, hardly ever in the school holidays, rather a week later
than on another weekday, a hint may move a date by a week but not by two. 21 points are one week.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from meetings.domain import rule_days
from meetings.domain.conflicts import Conflict
from meetings.domain.surroundings import Appointment, Surroundings
from meetings.enums import ConflictWeight, DeadlineKind

_A_DAY = 3  # for each day away from the rule's
_OTHER_WEEKDAY = 100
_BY_WEIGHT: Mapping[str, int] = {ConflictWeight.HARD: 1_000_000, ConflictWeight.STRONG: 2_000, ConflictWeight.WEAK: 30}
_BY_KIND: Mapping[str, int] = {
    "school_holidays": 100_000,
    "deadlines": 50_000,
    "after_summer": 20_000,
    "before_summer": 20_000,
    "minimum_notice": 10_000,
    "likely_holidays": 300,
    "own_near": 60,
    "friday_afternoon": 40,
    "monday_morning": 20,
    "deadline_in_holidays": 15,
    "venue_taken": 10,
    "horizon": 0,
    # Counted between two dates, see `between`.
    "same_day": 0,
    "near": 0,
}
_DEADLINES_MEET = 10  # reminder and editorial deadline on one day
_SAME_PEOPLE = 1_000_000
_SAME_DAY, _FOR_EACH_PERSON = 300, 10
_WEEK, _NEAR, _NEAR_FOR_EACH_DAY = 8, 30, 10
_NO_WAY = 150  # a decision of the first cannot be taken up by the second in this quarter
_OUT_OF_TURN = 120


@dataclass(frozen=True)
class Candidate:
    """A day an alliance could meet on. `late_papers` is the last day on which a relay can still enter."""

    appointment: Appointment
    day: dt.date
    conflicts: tuple[Conflict, ...]
    cost: int
    editorial: dt.date | None
    late_papers: dt.date | None


def candidate(wanted: Appointment, found: tuple[Conflict, ...], *, anchor: dt.date, around: Surroundings) -> Candidate:
    """The day with what it costs by itself. `anchor` is where the rule would have it."""
    cost = abs((wanted.day - anchor).days) * _A_DAY + sum(_weight(conflict) for conflict in found)
    if wanted.day.weekday() != rule_days.weekday(wanted.alliance):
        cost += _OTHER_WEEKDAY
    dates = around.dates(wanted.alliance, wanted.day)
    if dates is None:
        return Candidate(wanted, wanted.day, found, cost, None, None)
    editorial = dates[DeadlineKind.EDITORIAL_DEADLINE]
    if dates[DeadlineKind.REMINDER] == editorial:
        cost += _DEADLINES_MEET
    return Candidate(wanted, wanted.day, found, cost, editorial, dates[DeadlineKind.LATE_PAPERS])


def between(one: Candidate, other: Candidate, *, both: int, at_once: int) -> int:
    """What two dates cost each other.

    `one` usually meets first; `both` people are asked to both, `at_once` would have to sit at both tables.
    """
    gap = (other.day - one.day).days
    if gap == 0:
        if at_once and one.appointment.overlaps(other.appointment):
            return _SAME_PEOPLE
        return _SAME_DAY + _FOR_EACH_PERSON * both
    first, second = (one, other) if gap > 0 else (other, one)
    cost = 0 if gap > 0 else _OUT_OF_TURN
    if both and abs(gap) < _WEEK:
        cost += _NEAR + _NEAR_FOR_EACH_DAY * (_WEEK - abs(gap))
    if second.late_papers is None or second.late_papers < first.day:
        cost += _NO_WAY
    return cost


def _weight(conflict: Conflict) -> int:
    if conflict.kind in _BY_KIND:
        return _BY_KIND[conflict.kind]
    return _BY_WEIGHT[conflict.weight]
