"""The way of a decision: when another alliance can deal with it, and when the answer can be back.

A relay is an item of the target's agenda until the editorial deadline, a late one (Nachtrag) until the day on which
late papers end; after that it waits for the meeting after. Alliances that meet 8 to 14 days apart therefore reach
each other in the same quarter by a Nachtrag only. The answer is read in the source's next meeting. Beyond the end
of the year the meetings that stand count, and where none stands the usual day of the quarter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from buendnisse.clock import local_date
from buendnisse.models import Alliance
from meetings.domain import rule_days
from meetings.domain.proposing import Proposal, Slot
from meetings.domain.quarter import Quarter
from meetings.enums import DeadlineKind

_QUARTERS_AHEAD = 2


@dataclass(frozen=True)
class Way:
    """From a decision of `source` on `decided` to `target` and back. Expected dates are usual days, not fixed ones."""

    source: Alliance
    decided: dt.date
    target: Alliance
    considered: dt.date
    is_late: bool
    enters_until: dt.date
    back: dt.date
    is_same_quarter: bool
    is_expected: bool
    is_back_expected: bool


@dataclass(frozen=True)
class _Stop:
    """A meeting of one alliance, as a way sees it."""

    day: dt.date
    quarter: Quarter
    editorial: dt.date
    late_papers: dt.date
    is_expected: bool = False


def ways(proposal: Proposal, quarter: Quarter) -> list[Way]:
    """All ways that begin in a quarter, in the order in which the alliances meet."""
    slots = [slot for slot in proposal.of_quarter(quarter) if slot.appointment]
    stops = {slot.alliance.pk: _stops(slot.alliance, proposal) for slot in slots}
    sources = sorted(slots, key=_day)
    found = [
        _way(source, target.alliance, stops)
        for source in sources
        for target in sources
        if target.alliance.pk != source.alliance.pk
    ]
    return [way for way in found if way is not None]


def _way(source: Slot, target: Alliance, stops: dict[int, list[_Stop]]) -> Way | None:
    decided = _day(source)
    there = next((stop for stop in stops[target.pk] if stop.day > decided and stop.late_papers >= decided), None)
    if there is None:
        return None
    home = next((stop for stop in stops[source.alliance.pk] if stop.day > there.day), None)
    if home is None:
        return None
    is_late = there.editorial < decided
    return Way(
        source.alliance,
        decided,
        target,
        considered=there.day,
        is_late=is_late,
        enters_until=there.late_papers if is_late else there.editorial,
        back=home.day,
        is_same_quarter=there.quarter == source.quarter,
        is_expected=there.is_expected,
        is_back_expected=home.is_expected,
    )


def _stops(alliance: Alliance, proposal: Proposal) -> list[_Stop]:
    """Its meetings of this year and of the first half of the next, in order. An alliance that ends meets no more."""
    found = [
        _of_slot(slot, proposal) for slot in proposal.slots if slot.alliance.pk == alliance.pk and slot.appointment
    ]
    for number in range(1, _QUARTERS_AHEAD + 1):
        quarter = Quarter(proposal.year + 1, number)
        standing = [
            one.day
            for one in proposal.around.appointments
            if one.alliance.pk == alliance.pk and Quarter.of(one.day) == quarter
        ]
        day = standing[0] if standing else rule_days.anchor(rule_days.as_of(alliance, quarter), quarter)
        if alliance.exists_between(day, day):
            found.append(_stop(alliance, day, quarter, proposal, is_expected=not standing))
    return found


def _of_slot(slot: Slot, proposal: Proposal) -> _Stop:
    day, dates = _day(slot), proposal.schedule(slot)
    late = dates.get(DeadlineKind.LATE_PAPERS, day)
    return _Stop(day, slot.quarter, dates.get(DeadlineKind.EDITORIAL_DEADLINE, late), late)


def _stop(alliance: Alliance, day: dt.date, quarter: Quarter, proposal: Proposal, *, is_expected: bool) -> _Stop:
    dates = proposal.around.dates(alliance, day) or {}
    late = dates.get(DeadlineKind.LATE_PAPERS, day)
    return _Stop(day, quarter, dates.get(DeadlineKind.EDITORIAL_DEADLINE, late), late, is_expected)


def _day(slot: Slot) -> dt.date:
    """Of a slot that has a date."""
    if slot.meeting is not None:
        return local_date(slot.meeting.start)
    return slot.appointment.day if slot.appointment else dt.date.max
