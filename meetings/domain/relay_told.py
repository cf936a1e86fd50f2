"""What a way is told from: its decisions and items, read in a handful of queries however many relays there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from buendnisse import clock
from buendnisse.clock import local_date
from buendnisse.models import Sight, sight_of
from buendnisse.models.prepared import Places, Prepared, columns_of
from meetings.domain import relay_tree, relay_words
from meetings.enums import DECISION_STANDING, RELAY_TRAVELLING, RelayState
from meetings.models import AgendaItem, Decision, Relay

_CARRIED = Places("decision", 2 * relay_tree.MOST)  # by the relays of one page, and as their answers
_RESTED = Places("rested", relay_tree.MOST)  # on the answers to them
_DECISION = columns_of(Decision)
_COMING_HOME = frozenset({RelayState.ANSWERED, RelayState.RETURNED})
DEEP = 3  # how many times an item was put off, as far back as is told


@dataclass(frozen=True)
class Told:
    """What the stops are made of.

    `decisions` by id, `interim` those taken on the way to an answer, by relay; `kept` what stands for the words the
    reader may not read, `opened` those whose page the reader may open.
    """

    decisions: Mapping[int, Decision]
    interim: Mapping[int, Decision]
    kept: Mapping[int, str]
    opened: frozenset[int]


def told(relays: list[Relay], *, reader: object, at: dt.datetime) -> Told:
    """Of these relays, as `reader` may see it; their decisions and items are set on them."""
    travelling: dict[int, Relay] = {
        one.target_item_id: one for one in relays if one.state in RELAY_TRAVELLING and one.target_item_id
    }
    carried = {pk for one in relays for pk in (one.source_decision_id, one.answer_decision_id) if pk}
    sight = sight_of(reader, at=at)
    query = _asking_for_decisions(sight, local_date(at))
    ids = _CARRIED.filled(carried) | relay_tree.IDS.filled(travelling) | _RESTED.filled([one.pk for one in relays])
    rows = query.read(query.fetch(**ids))
    decisions = {row[0]: Decision.from_db(connection.alias, _DECISION, row[:-1]) for row in rows}
    opened = {row[0] for row in rows if row[-1]}
    kept = relay_words.said_for(decisions.keys() - opened, sight=sight)
    interim = {
        travelling[decision.agenda_item_id].pk: decision
        for decision in decisions.values()
        if decision.agenda_item_id in travelling and decision.pk not in carried | kept.keys()
    }
    for one in relays:
        one.source_decision = decisions.get(one.source_decision_id or 0)
        one.answer_decision = decisions.get(one.answer_decision_id or 0)
    _attach_items(relays, travelling)
    return Told(decisions, interim, kept, frozenset(opened))


@lru_cache(maxsize=64)
def _asking_for_decisions(sight: Sight, day: dt.date) -> Prepared:
    """Those that are carried, and those taken under items on their way; of each whether the reader may open it."""
    seen = Decision.objects.visible_to(sight, at=clock.at_local(day, dt.time(12)))
    is_open = ExpressionWrapper(Q(pk__in=seen.values("pk")), BooleanField())

    def make(**ids: int) -> QuerySet[Decision, Any]:
        carried, items = Q(pk__in=_CARRIED.of(ids)), Q(agenda_item__in=relay_tree.IDS.of(ids))
        rested = Q(rests_on__in=_RESTED.of(ids))
        rows = Decision.objects.filter(carried | rested | (items & Q(state__in=DECISION_STANDING)))
        return rows.order_by("decided_on", "pk").values_list(*_DECISION, is_open)

    return Prepared(make, **_CARRIED.kinds, **relay_tree.IDS.kinds, **_RESTED.kinds)


def _attach_items(relays: list[Relay], travelling: Mapping[int, Relay]) -> None:
    """The items still to be dealt with, those that were relayed themselves, and the reports of answers; nothing is told of others."""
    coming_home = {one.returned_item_id for one in relays if one.state in _COMING_HOME and one.returned_item_id}
    wanted = {*travelling, *coming_home, *(one.source_item_id for one in relays if not one.source_decision_id)}
    before = ("__".join(["continued_from"] * steps) for steps in range(1, DEEP + 1))
    related = ("meeting", *(f"{item}__meeting" for item in before))
    items = AgendaItem.objects.select_related(*related).in_bulk(wanted) if wanted else {}
    for one in relays:
        if one.target_item_id in travelling:
            one.target_item = items[one.target_item_id]
        if one.source_item_id in items:
            one.source_item = items[one.source_item_id]
        if one.returned_item_id in coming_home:
            one.returned_item = items[one.returned_item_id]
