"""Which relays hang together: those that follow or support one another, carry or are answered by the same decision, or one that rests on an answer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import QuerySet

from buendnisse import clock
from buendnisse.clock import local_date
from buendnisse.models import Body, Sight, sight_of
from buendnisse.models.prepared import Along, Places, Prepared, Row
from meetings.models import Relay

MOST = 60  # relays on one page, the nearest ones; more than that is no story any more
_THREADS = ("pk", "number", "follows", "source_decision", "answer_decision", "supporting", "source_decision__rests_on")
#: For the ids of all of them in a prepared query.
IDS = Places("relay", MOST)
_BOTH_SIDES = Along(relay=Relay, source=Body, target=Body)


@dataclass(frozen=True)
class Tree:
    """The relays of one matter, and for each which others support it."""

    relays: list[Relay]
    supporters: Mapping[int, list[int]]


def grown(begin: int | str, *, reader: object, at: dt.datetime) -> Tree:
    """Everything that hangs together with a relay, named by id or number. One query for the threads, one for the relays.

    Threads lead from relays, by their ids, to decisions, by the negative of theirs, and to other relays.
    """
    sight = sight_of(reader, at=at)
    threads: dict[int, list[int]] = {}
    met: defaultdict[int, list[int]] = defaultdict(list)
    supporters: defaultdict[int, list[int]] = defaultdict(list)
    first: int | None = None
    for pk, number, follows, asked, answered, support, ground in _asking_for_threads(sight, local_date(at)).fetch():
        if begin in (pk, number):
            first = pk
        own = threads.setdefault(pk, [])
        if support:
            supporters[pk].append(support)
        for other in (follows, support, ground, asked and -asked, answered and -answered):
            if other:
                own.append(other)
                met[other].append(pk)
    if first is None:
        return Tree([], supporters)
    query = _asking_for_relays()
    rows = query.read(query.fetch(**IDS.filled(_nearest(first, threads, met))))
    found = [_relay(row) for row in rows]
    return Tree(sorted(found, key=lambda one: (one.sent_at is None, one.sent_at or at, one.number)), supporters)


@lru_cache(maxsize=64)
def _asking_for_threads(sight: Sight, day: dt.date) -> Prepared:
    seen = Relay.objects.visible_to(sight, at=clock.at_local(day, dt.time(12)))
    return Prepared(lambda: seen.values_list(*_THREADS))


@cache
def _asking_for_relays() -> Prepared:
    """Those with given ids, and their two bodies."""

    def make(**ids: int) -> QuerySet[Relay, Any]:
        return Relay.objects.filter(pk__in=IDS.of(ids)).values_list(*_BOTH_SIDES.columns)

    return Prepared(make, **IDS.kinds)


def _relay(row: Row) -> Relay:
    relay: Relay
    relay, relay.source, relay.target = _BOTH_SIDES.rows(row)
    return relay


def _nearest(pk: int, threads: Mapping[int, list[int]], met: Mapping[int, list[int]]) -> list[int]:
    """The ids of the relays one comes to from `pk`, ring by ring, until there are enough; of those the reader may see.

    `threads`: from each relay; `met`: who comes to a relay or a decision.
    """
    seen = {pk}
    waiting = deque(seen)
    found: list[int] = []
    while waiting and len(found) < MOST:
        node = waiting.popleft()
        if node > 0:
            found.append(node)
        around = {*threads.get(node, ()), *met.get(node, ())} - seen
        fresh = sorted(one for one in around if one < 0 or one in threads)
        seen.update(fresh)
        waiting.extend(fresh)
    return found
