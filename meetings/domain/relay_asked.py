"""What others ask of a person who speaks for a body: for their own page, the first date first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q

from buendnisse.clock import local_date
from buendnisse.enums import BodyKind
from buendnisse.models import Person, Sight
from meetings.domain import relay_turn, spokespeople
from meetings.domain.relay_turn import Turn
from meetings.enums import RELAY_TRAVELLING, RelayKind, RelayState
from meetings.models import Relay

_NOT_PLACED = frozenset({RelayState.SENT, RelayState.ACKNOWLEDGED})


@dataclass(frozen=True)
class Asked:
    """A question to a body this person speaks for.

    `is_due`: they can do something about it now; otherwise their next meeting is going to answer.
    """

    relay: Relay
    words: str
    is_overdue: bool
    is_due: bool


def of(person: Person, sight: Sight, *, at: dt.datetime) -> list[Asked]:
    """The same few queries for any number, one where there is none: sentences name no one, since it is the reader."""
    day = local_date(at)
    units = Q(target__in=sight.inside) | Q(target__unit__organisation=person.organisation_id or 0)
    mine = Q(target__in=sight.chairs) | (Q(target__kind=BodyKind.UNIT) & units)
    rows = Relay.objects.visible_to(sight, at=at).filter(mine, state__in=RELAY_TRAVELLING)
    rows = rows.exclude(kind=RelayKind.FOR_INFORMATION)
    relays = list(rows.select_related(*relay_turn.RELATED).order_by(F("due_on").asc(nulls_last=True), "pk"))
    if not relays:
        return []
    speakers = spokespeople.of([relay.target for relay in relays], day=day)
    around = relay_turn.surroundings([relay.target for relay in relays], is_ours=False, at=at)
    found = []
    for relay in relays:
        waiting = relay_turn.waiting_for(relay, at=at, around=around)
        may_place = relay.target.meets and relay.state in _NOT_PLACED
        if speakers.get(relay.target_id) == person and (waiting.turn == Turn.TARGET or may_place):
            is_overdue = relay_turn.is_overdue(relay, day)
            is_due = is_overdue or relay.state != RelayState.ON_AGENDA
            found.append(Asked(relay, waiting.otherwise, is_overdue, is_due))
    return found
