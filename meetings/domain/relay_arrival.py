"""When a relay can arrive: the next meetings of a body, and whether each still takes an item.

The doors are those of any topic: open until the editorial deadline, ajar for a Nachtrag until papers may no
longer be handed in (three days before the meeting), shut after that. A body without meetings (a unit, a
committee outside) has no doors; it is asked by letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

from django.db import connection

from buendnisse.clock import local_date
from buendnisse.models import Alliance, Body
from buendnisse.models.prepared import Prepared, Row, columns_of
from meetings.domain.schedule import agenda_deadlines
from meetings.enums import MeetingState
from meetings.models import Meeting
from meetings.models.meeting import MeetingQuerySet

#: Meetings whose agenda can no longer be added to, however urgent the matter is.
_OVER = frozenset({MeetingState.HELD, MeetingState.CLOSED, MeetingState.CANCELLED})
#: What the doors of a meeting hang on: its own columns, and the rules of its alliance.
_DOORS = columns_of(Meeting, "id", "alliance_id", "start", "state", "agenda_sent_at", "deadline_overrides")
_RULES = columns_of(Alliance, "body_ptr_id", "editorial_days", "invitation_days", "late_papers_days")
_A_WEEK = dt.timedelta(days=7)
_FAR_ENOUGH = 3  # meetings ahead; more than half a year is not worth a forecast


class Door(StrEnum):
    OPEN = "open"
    LATE = "late"
    SHUT = "shut"


@dataclass(frozen=True)
class Arrival:
    """One meeting of the target, as it stands at `at`. Its doors are computed when they are first asked for.

    `until`: the last day on which the door stands as it does (no meaning when shut). "Bis 21. Januar" includes that day.
    """

    meeting: Meeting
    at: dt.datetime

    @property
    def door(self) -> Door:
        return self._door[0]

    @property
    def until(self) -> dt.date:
        return self._door[1]

    @cached_property
    def _door(self) -> tuple[Door, dt.date]:
        meeting, today = self.meeting, local_date(self.at)
        editorial, late = agenda_deadlines(meeting)
        if meeting.state in _OVER or meeting.state == MeetingState.IN_SESSION or today > late:
            return Door.SHUT, late
        if today > editorial or meeting.agenda_sent_at is not None:
            return Door.LATE, late
        return Door.OPEN, editorial

    @property
    def day(self) -> dt.date:
        return local_date(self.meeting.start)

    @property
    def takes_items(self) -> bool:
        return self.door is not Door.SHUT


@dataclass(frozen=True)
class Outlook:
    """What can be told before sending: where it would arrive, and whether the answer can come in time."""

    target: Body
    arrivals: tuple[Arrival, ...]
    due_on: dt.date | None

    @property
    def first(self) -> Arrival | None:
        """The first meeting that still takes an item."""
        return next((arrival for arrival in self.arrivals if arrival.takes_items), None)

    @property
    def missed(self) -> Arrival | None:
        """A meeting before that one, whose agenda is closed: there it could only be said by word of mouth."""
        return self.arrivals[0] if self.arrivals and not self.arrivals[0].takes_items else None

    @property
    def fitting_date(self) -> dt.date | None:
        """A due date that leaves a week after the first meeting that can take it up."""
        return self.first.day + _A_WEEK if self.first is not None else None

    @property
    def due_is_too_early(self) -> bool:
        """The target cannot have met by the due date: vote by mail, or choose a later date."""
        return self.due_on is not None and self.first is not None and self.due_on < self.first.day


def outlook(target: Body, *, due_on: dt.date | None, at: dt.datetime) -> Outlook:
    return Outlook(target, tuple(arrivals(target, at=at)), due_on)


def fitting_date(outlooks: Iterable[Outlook]) -> dt.date | None:
    """The date that leaves every target a meeting; None where the one chosen does already."""
    found = list(outlooks)
    if not any(one.due_is_too_early for one in found):
        return None
    return max((one.fitting_date for one in found if one.fitting_date), default=None)


def arrivals(target: Body, *, at: dt.datetime) -> list[Arrival]:
    """The next meetings of `target`, the earliest first, with the door each has at `at`."""
    ahead = _coming(at).filter(alliance=target.pk).select_related("alliance")
    return [Arrival(meeting, at) for meeting in ahead[:_FAR_ENOUGH]]


def arrivals_of(targets: Collection[int], *, at: dt.datetime) -> dict[int, list[Arrival]]:
    """The same for several bodies, by their ids; one query. Of the meetings nothing is read but what doors hang on."""
    query = _asking_for_doors()
    found: dict[int, list[Arrival]] = {target: [] for target in targets}
    for row in query.read(query.fetch(at=at)):
        meeting = _meeting(row)
        stands = found.get(meeting.alliance_id)
        if stands is not None and len(stands) < _FAR_ENOUGH:
            stands.append(Arrival(meeting, at))
    return found


def _coming(at: dt.datetime) -> MeetingQuerySet:
    return Meeting.objects.filter(start__gt=at, end__gte=at).exclude(state__in=_OVER).order_by("start")


@cache
def _asking_for_doors() -> Prepared:
    return Prepared(
        lambda at: _coming(at).values_list(*_DOORS, *(f"alliance__{rule}" for rule in _RULES)), at=dt.datetime
    )


def _meeting(row: Row) -> Meeting:
    meeting = Meeting.from_db(connection.alias, _DOORS, row[: len(_DOORS)])
    meeting.alliance = Alliance.from_db(connection.alias, _RULES, row[len(_DOORS) :])
    return meeting
