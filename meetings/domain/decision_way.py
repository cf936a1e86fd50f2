"""The way of a decision: when another alliance can deal with it, and when the answer can be back.

A relay is an item of the target's agenda until the editorial deadline, a late one (Nachtrag) until the day on which
late papers end; after that it waits for the meeting after. Alliances that meet 8 to 14 days apart therefore reach
each other in the same quarter by a Nachtrag only. The answer is read in the source's next meeting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from buendnisse.clock import local_date
from buendnisse.models import Alliance
from meetings.domain.proposing import Proposal, Slot
from meetings.domain.quarter import Quarter
from meetings.enums import DeadlineKind


@dataclass(frozen=True)
class Way:
    """From a decision of `source` on `decided` to `target` and back. Dates are None where the year's plan ends before."""

    source: Alliance
    decided: dt.date
    target: Alliance
    considered: dt.date | None
    is_late: bool
    enters_until: dt.date | None
    back: dt.date | None
    is_same_quarter: bool


def ways(proposal: Proposal, quarter: Quarter) -> list[Way]:
    """All ways that begin in a quarter, in the order in which the alliances meet."""
    slots = sorted(
        (slot for slot in proposal.of_quarter(quarter) if _day(slot)), key=lambda slot: _day(slot) or dt.date.max
    )
    return [
        _way(source, target.alliance, proposal)
        for source in slots
        for target in slots
        if target.alliance.pk != source.alliance.pk
    ]


def _way(source: Slot, target: Alliance, proposal: Proposal) -> Way:
    decided = _day(source) or dt.date.max
    for slot in _of(proposal.slots, target):
        dates, day = proposal.schedule(slot), _day(slot)
        if day is None or day <= decided or dates.get(DeadlineKind.LATE_PAPERS, day) <= decided:
            continue
        editorial = dates.get(DeadlineKind.EDITORIAL_DEADLINE, decided)
        is_late = editorial < decided
        return Way(
            source.alliance,
            decided,
            target,
            considered=day,
            is_late=is_late,
            enters_until=dates.get(DeadlineKind.LATE_PAPERS) if is_late else editorial,
            back=next(
                (back for one in _of(proposal.slots, source.alliance) if (back := _day(one)) and back > day), None
            ),
            is_same_quarter=slot.quarter == source.quarter,
        )
    return Way(source.alliance, decided, target, None, False, None, None, False)


def _of(slots: Sequence[Slot], alliance: Alliance) -> list[Slot]:
    return [slot for slot in slots if slot.alliance.pk == alliance.pk]


def _day(slot: Slot) -> dt.date | None:
    if slot.meeting is not None:
        return local_date(slot.meeting.start)
    return slot.appointment.day if slot.appointment else None
