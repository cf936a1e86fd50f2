"""How many organisations are represented, and whether that is enough.

A rule of the alliances: at least the alliance's share of the voting organisations is represented, one vote
an organisation. A quiet line, never a lock: without a quorum the alliance can still recommend.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.db.models import F

from buendnisse.clock import local, local_date
from buendnisse.enums import Role
from buendnisse.models import Membership
from meetings.enums import MeetingState, Presence
from meetings.models import Attendance, Meeting

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


def quorum(meeting: Meeting, *, at: dt.datetime | None = None) -> Quorum:
    """As recorded so far. While the meeting runs, whoever has left by `at` represents nobody any longer.

    Without `at`, and once the meeting is over, everybody counts who was there at some time: so it is stored at the end
    and stands in the minutes. Common rules of procedure: a quorum once established lasts until somebody notices that it
    is lost, and the desk is where it is noticed.
    """
    voting = entitled(meeting)
    rows = [row for row in meeting.attendance.all() if row.presence != Presence.UNKNOWN]
    runs = at is not None and meeting.state == MeetingState.IN_SESSION
    present = {
        row.organisation_id
        for row in rows
        if row.presence in THERE and row.organisation_id in voting and not (at and runs and has_left(row, at=at))
    }
    return Quorum(len(present), len(voting), needed(len(voting), float(meeting.alliance.quorum_share)), bool(rows))


def has_left(row: Attendance, *, at: dt.datetime) -> bool:
    """Whether this person went before `at`, a moment on the day of the meeting."""
    return row.present_until is not None and row.present_until <= local(at).time()


def needed(entitled: int, share: float) -> int:
    """At least `share` of the organisations entitled to vote, and never nobody."""
    return max(1, math.ceil(entitled * share)) if entitled else 0


def give_the_vote(meeting: Meeting, organisation: int) -> None:
    """One vote an organisation, from all who are noted as there: who stays before who leaves, members before deputies.

    Of two members the one who has the vote keeps it.
    """
    rows = list(meeting.attendance.filter(organisation=organisation).order_by("pk"))
    there = [row for row in rows if row.presence in THERE] if organisation in entitled(meeting) else []
    order = sorted(there, key=lambda row: (row.present_until is not None, not _is_member(row), not row.casts_vote))
    voter = order[0].pk if order else 0
    changed = Attendance.objects.filter(meeting=meeting, organisation=organisation)
    changed.filter(casts_vote=True).exclude(pk=voter).update(casts_vote=False, version=F("version") + 1)
    changed.filter(casts_vote=False, pk=voter).update(casts_vote=True, version=F("version") + 1)


def _is_member(row: Attendance) -> bool:
    is_of_it = row.role in {Role.CHAIR, Role.DEPUTY_CHAIR, Role.MEMBER}
    return is_of_it and row.stands_in_for_id is None and row.presence != Presence.DEPUTY
