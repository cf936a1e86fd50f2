"""Who reads the letter with news, and what is asked of each: loaded for many people at once, with six queries.

The things they are asked about are few, and come with the news.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from buendnisse.clock import local_date
from buendnisse.enums import Role
from buendnisse.models import Body, Membership, Person, Sight
from buendnisse.models.sight import OF_SIGHT, sight_by
from meetings.domain import decision_reminders, task_reminders
from meetings.enums import Answer, CircularState, MeetingState
from meetings.models import ActionItem, Attendance, Ballot, CircularVote, Decision, Meeting
from notifications.domain import digest_had
from notifications.domain.digest_had import Had
from notifications.domain.digest_news import News
from notifications.domain.digest_sight import Seen

_TASKS_AHEAD = dt.timedelta(days=14)
_Seat = tuple[int, str, int]  # as `OF_SIGHT`


@dataclass
class Reader:
    """One person: what she sees, the bodies she sits in, what waits for her, and what mails of her own have said."""

    person: Person
    sight: Sight
    bodies: Sequence[Body] = ()
    invitations: list[Meeting] = field(default_factory=list)
    votes: list[CircularVote] = field(default_factory=list)
    tasks: list[ActionItem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    had: Had = field(default_factory=Had)

    @property
    def loud(self) -> frozenset[int]:
        """Own bodies the person wants to hear from."""
        return self.sight.inside - frozenset(self.person.quiet_bodies)


def load(people: Collection[Person], news: News) -> dict[int, Reader]:
    """The readers by their ids, as of the news. Tasks of the two weeks after the window are named."""
    ids, at = {person.pk for person in people}, news.at
    seats: dict[int, list[_Seat]] = defaultdict(list)
    rows = Membership.objects.filter(person__in=ids).active_on(local_date(at)).order_by("body_id", "pk")
    for person, *seat in rows.values_list("person_id", *OF_SIGHT):
        seats[person].append((seat[0], seat[1], seat[2]))
    readers = {person.pk: _reader(person, seats[person.pk], news.all_bodies) for person in people}
    for person, meeting in _invitations(ids, at):
        if meeting in news.invited:
            readers[person].invitations.append(news.invited[meeting])
    for person, vote in _votes(ids):
        if vote in news.running and at < news.running[vote].ends_at:
            readers[person].votes.append(news.running[vote])
    for task in _tasks(ids, news.until):
        readers[task.owner_id].tasks.append(task)
    for decision in _decisions(readers, at):
        if decision.responsible_id is not None:
            readers[decision.responsible_id].decisions.append(decision)
    for person, had in digest_had.load(ids, since=news.since, at=at).items():
        readers[person].had = had
    return readers


def _reader(person: Person, seats: Sequence[_Seat], bodies: Mapping[int, Body]) -> Reader:
    own = dict.fromkeys(body for body, role, _organisation in seats if role != Role.GUEST)
    return Reader(person, sight_by(person, seats), [bodies[pk] for pk in own if pk in bodies])


def _invitations(ids: Collection[int], at: dt.datetime) -> Iterable[tuple[int, int]]:
    """Person and meeting, by date."""
    rows = Attendance.objects.filter(
        person__in=ids,
        is_asked=True,
        answer=Answer.PENDING,
        meeting__state=MeetingState.INVITED,
        meeting__start__gt=at,
    )
    return rows.order_by("meeting__start", "pk").values_list("person_id", "meeting_id")


def _votes(ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """Person and vote: those that run, and for which nobody of the organisation has answered."""
    rows = Ballot.objects.filter(person__in=ids, vote__state=CircularState.CIRCULATING)
    rows = rows.exclude(voter__ballots__cast_at__isnull=False)
    yield from rows.order_by("vote__closes_on", "pk").values_list("person_id", "vote_id")


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
        if row.responsible_id is not None
        and decision_reminders.is_asked(row, at=at)
        and seen.of(Decision, [row.pk], readers[row.responsible_id].sight)
    ]
