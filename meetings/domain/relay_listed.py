"""Relays as lists read them: the columns a list shows and what says whose turn it is, in the shape of the rows themselves.

A row of a list looks at four others. Read as rows of the database, all of them together cost more than everything else
on the board; so one query gives plain values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField
from django.db.models.functions import Coalesce

from buendnisse.models import Body
from buendnisse.models.prepared import Prepared, Row
from meetings.enums import AgendaItemState, MeetingState, RelayKind
from meetings.models.relay import RelayQuerySet, state_word

_OWN = ("pk", "number", "kind", "subject", "state", "source", "target", "sent_at", "answered_at")
_OPEN = (
    *_OWN,
    *("due_on", "kept_at"),
    *(f"source_decision__{name}" for name in ("number", "state", "revoked_on", "superseded_on")),
    "source_item__state",
    *(
        f"target_item__{name}"
        for name in ("pk", "state", "meeting", "meeting__start", "meeting__end", "meeting__state")
    ),
    "target_item__continued_from",
    "target_item__continued_from__continued_from",
    "target_item__continued_from__continued_from__continued_from",
    *(f"returned_item__{name}" for name in ("pk", "meeting", "meeting__start", "meeting__end", "meeting__state")),
)
_ENDED = (*_OWN, "declined_at", "answer_kind", "outcome", "outcome_on")


@dataclass(frozen=True, slots=True)
class Sitting:
    """When a meeting is, and how it stands."""

    start: dt.datetime
    end: dt.datetime
    state: str


@dataclass(frozen=True, slots=True)
class Item:
    """Where a relay stands with one of its bodies. `continued_from`: the item it goes on from."""

    state: str = ""
    meeting: Sitting | None = None
    continued_from: Item | None = None

    @property
    def is_continued(self) -> bool:
        return self.continued_from is not None

    def get_state_display(self) -> str:
        """As on the row itself."""
        return str(AgendaItemState(self.state).label)


@dataclass(frozen=True, slots=True)
class Ground:
    """The decision a relay carries."""

    number: str
    state: str
    revoked_on: dt.date | None
    superseded_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A relay of a list. `source_item` is read only where there is no decision."""

    pk: int
    number: str
    kind: str
    subject: str
    state: str
    source: Body
    target: Body
    sent_at: dt.datetime | None
    answered_at: dt.datetime | None
    due_on: dt.date | None = None
    kept_at: dt.datetime | None = None
    source_decision: Ground | None = None
    source_item: Item | None = None
    target_item: Item | None = None
    returned_item: Item | None = None
    declined_at: dt.datetime | None = None
    answer_kind: str = ""
    outcome: str = ""
    outcome_on: dt.date | None = None

    @property
    def target_id(self) -> int:
        return self.target.pk

    @property
    def expects_answer(self) -> bool:
        return self.kind != RelayKind.FOR_INFORMATION

    @property
    def state_word(self) -> str:
        item = self.target_item
        if item is None:
            return state_word(self.state)
        is_off = item.meeting is not None and item.meeting.state == MeetingState.CANCELLED
        return state_word(self.state, is_placed=item.meeting is not None, is_off=is_off, was_put_off=item.is_continued)


def open_ones(relays: RelayQuerySet) -> Prepared:
    """What is asked for those that are open."""
    return Prepared(lambda: relays.values_list(*_OPEN))


def ended_ones(relays: RelayQuerySet, window: slice) -> Prepared:
    """What is asked for a stretch of those that are over, the latest end first."""
    ended = Coalesce("closed_at", "declined_at", "withdrawn_at", output_field=DateTimeField())
    ordered = relays.order_by(ended.desc(nulls_last=True), "-number")
    return Prepared(lambda: ordered.values_list(*_ENDED)[window])


def read_open(query: Prepared, bodies: Mapping[int, Body]) -> list[Listed]:
    """One query. `bodies`: everybody who ever sent or got one, by id."""
    return [_open(row, bodies) for row in query.read(query.fetch())]


def read_ended(query: Prepared, bodies: Mapping[int, Body]) -> list[Listed]:
    """One query."""
    found = []
    for row in query.read(query.fetch()):
        declined_at, answer_kind, outcome, outcome_on = row[len(_OWN) :]
        said = {"declined_at": declined_at, "answer_kind": answer_kind, "outcome": outcome, "outcome_on": outcome_on}
        found.append(_listed(row, bodies, **said))
    return found


def _open(row: Row, bodies: Mapping[int, Body]) -> Listed:
    due_on, kept_at, number, state, revoked_on, superseded_on, item_state, *places = row[len(_OWN) :]
    item, item_is, meeting, start, end, meeting_is, *before, home, home_meeting, home_start, home_end, home_is = places
    return _listed(
        row,
        bodies,
        due_on=due_on,
        kept_at=kept_at,
        source_decision=Ground(number, state, revoked_on, superseded_on) if number else None,
        source_item=Item(item_state) if item_state else None,
        target_item=Item(item_is, _sitting(meeting, start, end, meeting_is), _chain(before)) if item else None,
        returned_item=Item("", _sitting(home_meeting, home_start, home_end, home_is)) if home else None,
    )


def _listed(row: Row, bodies: Mapping[int, Body], **given: Any) -> Listed:
    pk, number, kind, subject, state, source, target, sent_at, answered_at = row[: len(_OWN)]
    return Listed(pk, number, kind, subject, state, bodies[source], bodies[target], sent_at, answered_at, **given)


def _sitting(meeting: int | None, *said: Any) -> Sitting | None:
    return Sitting(*said) if meeting else None


def _chain(before: Sequence[int | None]) -> Item | None:
    """The items it goes on from, of which nothing but their number is told."""
    item = None
    for _earlier in filter(None, before):
        item = Item(continued_from=item)
    return item
