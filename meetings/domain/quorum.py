"""How many organisations are represented, and whether that is enough.

A rule of the alliances: at least the alliance's share of the voting organisations is represented, one vote
an organisation. A quiet line, never a lock: without a quorum the alliance can still recommend.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from buendnisse.clock import local_date
from buendnisse.models import Membership
from meetings.enums import Presence
from meetings.models import Meeting

#: Presences that represent an organisation.
THERE = frozenset({Presence.PRESENT, Presence.DEPUTY})


@dataclass(frozen=True)
class Quorum:
    """`present` and `entitled` count organisations; `needed` is the smallest number that is enough."""

    present: int
    entitled: int
    needed: int
    is_recorded: bool

    @property
    def reached(self) -> bool:
        return self.present >= self.needed

    @property
    def is_doubted(self) -> bool:
        """True once attendance was recorded and is too low. Before that the quorum counts as given."""
        return self.is_recorded and not self.reached


def entitled(meeting: Meeting) -> frozenset[int]:
    """Ids of the organisations with a vote in this alliance on the day of the meeting."""
    day = local_date(meeting.start)
    rows = Membership.objects.filter(body=meeting.alliance_id).active_on(day).voting()
    return frozenset(rows.values_list("organisation_id", flat=True))


def quorum(meeting: Meeting) -> Quorum:
    """As recorded so far."""
    voting = entitled(meeting)
    rows = meeting.attendance.exclude(presence=Presence.UNKNOWN).values_list("organisation_id", "presence")
    present = {organisation for organisation, presence in rows if presence in THERE and organisation in voting}
    return Quorum(len(present), len(voting), needed(len(voting), float(meeting.alliance.quorum_share)), bool(rows))


def needed(entitled: int, share: float) -> int:
    """At least `share` of the organisations entitled to vote, and never nobody."""
    return max(1, math.ceil(entitled * share)) if entitled else 0
