"""What lies before whoever writes while the meeting runs: the agenda, one item, who is there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, Q, prefetch_related_objects

from buendnisse.clock import local, local_date
from buendnisse.enums import Office, Role
from buendnisse.models import Membership, Person
from meetings.domain import action_items, agenda_order, decisions, quorum, relay_ground
from meetings.domain.quorum import Quorum
from meetings.enums import RELAY_TRAVELLING, AgendaItemState, Channel, DecisionState, MeetingState, Presence
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Relay, SessionDesk


@dataclass(frozen=True)
class Stop:
    """An item on the rail, with the hour it was planned for."""

    item: AgendaItem
    number: int
    planned: str
    ends: dt.datetime
    is_done: bool
    is_now: bool

    @property
    def asked(self) -> Relay | None:
        """What another body asks under this item, as long as it waits for the answer."""
        relay = self.item.answers
        return relay if relay is not None and relay.state in RELAY_TRAVELLING else None

    @property
    def fallen(self) -> str:
        """That what is asked does not hold any more; mostly empty."""
        return relay_ground.fallen(self.asked)


@dataclass(frozen=True)
class Board:
    meeting: Meeting
    stops: list[Stop]
    now: Stop | None
    before: Stop | None
    after: Stop | None
    decisions: list[Decision]
    undoable: frozenset[int]
    tasks: list[ActionItem]
    undoable_tasks: frozenset[int]
    people: list[Attendance]
    quorum: Quorum

    @property
    def item(self) -> AgendaItem | None:
        return self.now.item if self.now else None

    @property
    def recorded(self) -> int:
        return sum(stop.is_done for stop in self.stops)


def board(meeting: Meeting, *, at: dt.datetime, item: int | None = None) -> Board:
    """The board with `item` open; without one, the item the writer has open, else the first that has no result yet.

    `undoable`, `undoable_tasks`: ids of what can still be taken back as a slip.
    """
    stops = _stops(meeting, item)
    place = next((index for index, stop in enumerate(stops) if stop.is_now), None)
    now = stops[place] if place is not None else None
    taken = list(now.item.decisions.order_by("number")) if now else []
    given = list(now.item.action_items.select_related("owner", "organisation").order_by("due_on", "pk")) if now else []
    return Board(
        meeting=meeting,
        stops=stops,
        now=now,
        before=stops[place - 1] if place else None,
        after=stops[place + 1] if place is not None and place + 1 < len(stops) else None,
        decisions=taken,
        undoable=decisions.just_taken(taken, at=at) if taken else frozenset(),
        tasks=given,
        undoable_tasks=action_items.just_given(given, at=at),
        people=people(meeting),
        quorum=quorum.quorum(meeting, at=at),
    )


def looks_untouched(board: Board) -> bool:
    """Nothing written that is seen from here, of nobody whether they came; `session_begin` looks everywhere. No query."""
    drafts = [getattr(stop.item, "draft", None) for stop in board.stops]
    is_drafted = any(draft and (draft.proposal or draft.note) for draft in drafts)
    is_recorded = board.recorded or board.decisions or board.tasks
    return not is_recorded and not is_drafted and all(row.presence == Presence.UNKNOWN for row in board.people)


def without_result(meeting: Meeting) -> list[Stop]:
    """The items nothing was written down for: no result, no decision, not put off."""
    decided = set(meeting.decisions.exclude(state=DecisionState.MISTAKEN).values_list("agenda_item_id", flat=True))
    return [
        stop
        for stop in _stops(meeting, None)
        if not stop.item.result and stop.item.pk not in decided and stop.item.state != AgendaItemState.DEFERRED
    ]


def with_outcome(meeting: Meeting) -> list[Stop]:
    """All items, with their decisions and tasks loaded, slips left out."""
    stops = _stops(meeting, None)
    taken = Decision.objects.exclude(state=DecisionState.MISTAKEN).order_by("number")
    given = ActionItem.objects.select_related("owner", "organisation").order_by("due_on", "pk")
    prefetch_related_objects(
        [stop.item for stop in stops],
        Prefetch("decisions", taken, to_attr="taken"),
        Prefetch("action_items", given, to_attr="given"),
    )
    return stops


def minutes_left(board: Board, *, at: dt.datetime) -> int | None:
    """Minutes until the open item should be over by plan; below zero when it runs over, never more than were planned."""
    if board.now is None or board.meeting.state != MeetingState.IN_SESSION:
        return None
    return min(left(board.now, at=at), board.now.item.duration_minutes)


def left(stop: Stop, *, at: dt.datetime) -> int:
    """Minutes until this item should be over by plan, as the wall clock may jump but time does not."""
    return round(seconds_left(stop, at=at) / 60)


def seconds_left(stop: Stop, *, at: dt.datetime) -> float:
    """As `left`, for a page that counts on by itself."""
    return (stop.ends - at.astimezone(dt.UTC)).total_seconds()


def people(meeting: Meeting) -> list[Attendance]:
    """Everybody with a row, by organisation. Standing deputies only once they stand in or were noted."""
    rows = meeting.attendance.select_related("person", "organisation", "stands_in_for__person")
    waiting_deputy = Q(role=Role.DEPUTY, presence=Presence.UNKNOWN, stands_in_for__isnull=True)
    return list(rows.exclude(waiting_deputy).order_by("organisation__short_name", "person__last_name", "pk"))


def everybody(meeting: Meeting) -> list[Attendance]:
    """All rows, the deputies too."""
    rows = meeting.attendance.select_related("person", "organisation", "stands_in_for__person")
    return list(rows.order_by("organisation__short_name", "role", "person__last_name", "pk"))


def owners(meeting: Meeting) -> list[Person]:
    """Who can take a task: whoever belongs to the alliance or was there, and the Fachstelle."""
    members = Membership.objects.filter(body=meeting.alliance_id).active_on(local_date(meeting.start))
    found = Person.objects.filter(
        Q(pk__in=members.values("person")) | Q(attendance__meeting=meeting) | Q(office=Office.FACHSTELLE)
    )
    return list(found.distinct().select_related("organisation").order_by("last_name", "first_name"))


def is_here(row: Attendance) -> bool:
    """Noted as being here, in whatever part; nobody has to tap for them any longer."""
    return row.presence not in {Presence.UNKNOWN, Presence.ABSENT, Presence.EXCUSED}


def next_to_tap(board: Board, tapped: int) -> int | None:
    """Whose row comes next after the one tapped (this one, if it still waits); the last before it; None: all are here."""
    order = [row.pk for row in board.people]
    place = order.index(tapped) if tapped in order else 0
    waiting = [row.pk for row in board.people if not is_here(row)]
    return next((pk for pk in order[place:] if pk in waiting), waiting[-1] if waiting else None)


def words(row: Attendance) -> str:
    """da · online · seit 10:20"""
    if row.present_from:
        return f"seit {row.present_from:%H:%M}"
    return "online" if row.channel == Channel.ONLINE else "da"


def _stops(meeting: Meeting, item: int | None) -> list[Stop]:
    rows = list(
        meeting.agenda_items.on_agenda()
        .filter(position__gt=0)
        .select_related("presenter__organisation", "draft", *agenda_order.ANSWERING)
    )
    begins = meeting.start.astimezone(dt.UTC)  # real minutes, also across a change of the clocks
    known = {row.pk for row in rows}
    undone = [row.pk for row in rows if not is_done(row)]
    if item is None and meeting.state == MeetingState.IN_SESSION:
        item = _opened(meeting)
    open_pk = item if item in known else (undone[0] if undone else (rows[-1].pk if rows else None))
    stops = []
    for number, row in enumerate(rows, start=1):
        ends = begins + dt.timedelta(minutes=row.duration_minutes)
        planned = f"{local(begins):%H:%M}"
        stops.append(Stop(row, number, planned, ends, is_done(row), row.pk == open_pk))
        begins = ends
    return stops


def _opened(meeting: Meeting) -> int | None:
    """What the writer has open."""
    desk: SessionDesk | None = getattr(meeting, "desk", None)
    return desk.item_id if desk else None


def is_done(item: AgendaItem) -> bool:
    """Recorded, or put off."""
    return item.state in {AgendaItemState.DISCUSSED, AgendaItemState.DEFERRED}
