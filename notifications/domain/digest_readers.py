"""Who reads the letter with news, and what is asked of each: loaded for many people at once, with five queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from buendnisse.clock import local_date
from buendnisse.enums import Role
from buendnisse.models import Body, Membership, Person, Sight
from buendnisse.models.sight import sight_by
from meetings.domain import decision_reminders, task_reminders
from meetings.enums import Answer, CircularState, MeetingState
from meetings.models import ActionItem, Attendance, Ballot, Decision
from notifications.domain.digest_sight import Seen

_TASKS_AHEAD = dt.timedelta(days=14)


@dataclass
class Reader:
    """One person: what she sees, the bodies she sits in, and what waits for her."""

    person: Person
    sight: Sight
    bodies: Sequence[Body] = ()
    invitations: list[Attendance] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    tasks: list[ActionItem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def loud(self) -> frozenset[int]:
        """Own bodies the person wants to hear from."""
        return self.sight.inside - frozenset(self.person.quiet_bodies)


def load(people: Collection[Person], *, until: dt.datetime, at: dt.datetime) -> dict[int, Reader]:
    """The readers by their ids, as of `at`. `until`: the end of the window; tasks of the two weeks after it are named."""
    ids = {person.pk for person in people}
    seats: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(person__in=ids).active_on(local_date(at)).select_related("body")
    for row in rows.order_by("body_id", "pk"):
        seats[row.person_id].append(row)
    readers = {person.pk: _reader(person, seats[person.pk]) for person in people}
    for invitation in _invitations(ids, at):
        readers[invitation.person_id].invitations.append(invitation)
    for ballot in _ballots(ids, at):
        readers[ballot.person_id].ballots.append(ballot)
    for task in _tasks(ids, until):
        readers[task.owner_id].tasks.append(task)
    for decision in _decisions(readers, at):
        if decision.responsible_id is not None:
            readers[decision.responsible_id].decisions.append(decision)
    return readers


def _reader(person: Person, seats: Sequence[Membership]) -> Reader:
    sight = sight_by(person, [(row.body_id, row.role, row.organisation_id) for row in seats])
    bodies = dict.fromkeys(row.body for row in seats if row.role != Role.GUEST)
    return Reader(person, sight, list(bodies))


def _invitations(ids: Collection[int], at: dt.datetime) -> list[Attendance]:
    rows = Attendance.objects.filter(
        person__in=ids,
        is_asked=True,
        answer=Answer.PENDING,
        meeting__state=MeetingState.INVITED,
        meeting__start__gt=at,
    )
    return list(rows.select_related("meeting__alliance", "meeting__venue").order_by("meeting__start", "pk"))


def _ballots(ids: Collection[int], at: dt.datetime) -> list[Ballot]:
    """Votes that run, for which nobody of the organisation has answered."""
    rows = Ballot.objects.filter(person__in=ids, vote__state=CircularState.CIRCULATING)
    rows = rows.exclude(voter__ballots__cast_at__isnull=False).select_related("vote__alliance")
    return [row for row in rows.order_by("vote__closes_on", "pk") if at < row.vote.ends_at]


def _tasks(ids: Collection[int], until: dt.datetime) -> list[ActionItem]:
    """Those their owners know of and can act upon."""
    rows = ActionItem.objects.open().filter(owner__in=ids, is_blocked=False)
    near = task_reminders.known(rows.filter(due_on__lte=local_date(until) + _TASKS_AHEAD))
    return list(near.order_by("due_on", "pk"))


def _decisions(readers: Mapping[int, Reader], at: dt.datetime) -> list[Decision]:
    """Those whose responsible person is asked how they stand, and may read them."""
    rows = list(decision_reminders.asked(at=at).filter(responsible__in=readers).order_by("follow_up_on", "number"))
    seen = Seen({Decision: [row.pk for row in rows]}, at=at)
    return [
        row
        for row in rows
        if row.responsible_id is not None and seen.of(Decision, [row.pk], readers[row.responsible_id].sight)
    ]
