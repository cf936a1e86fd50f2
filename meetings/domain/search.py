"""Searching decisions, relays, minutes, topics and papers: what is found, in which order, and for whom.

The index says what fits; whether the reader may see it is asked of the things themselves, by their own `visible_to`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from buendnisse import clock
from buendnisse.clock import local_date
from buendnisse.models import BLIND, Sight, sight_of
from meetings.domain import paper_shelf, search_words
from meetings.domain.search_words import Piece, Query
from meetings.enums import MeetingState, SearchKind
from meetings.models import AgendaItem, Decision, Minutes, Relay, SearchEntry

_EXACT, _IN_TITLE, _ANYWHERE = 0, 1, 2
_BODY = ("body__kind", "body__name", "body__short_name", "body__prefix")
_SHOWN = ("kind", "number", "day", "title", "text", "standing", "place", *_BODY)
#: What people choose among; topics are one kind to them, whether the agenda has left or not.
GROUPS: Mapping[str, frozenset[str]] = {
    SearchKind.DECISION: frozenset({SearchKind.DECISION}),
    SearchKind.RELAY: frozenset({SearchKind.RELAY}),
    SearchKind.MINUTES: frozenset({SearchKind.MINUTES}),
    SearchKind.TOPIC: frozenset({SearchKind.TOPIC, SearchKind.TOPIC_SENT}),
    SearchKind.PAPER: frozenset({SearchKind.PAPER}),
}
_GROUP = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


@dataclass(frozen=True)
class Hit:
    """One result: its entry, and title and excerpt in pieces."""

    entry: SearchEntry
    title: list[Piece]
    excerpt: list[Piece]


@dataclass(frozen=True)
class Found:
    """All that fits, the best first, as ids of entries; how many there are of each kind, whatever kind was chosen."""

    ids: list[int]
    counts: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()


def find(wanted: Query, *, reader: object, kind: str = "", body: int | None = None, at: dt.datetime) -> Found:
    """What fits and may be seen: a number that was typed in full first, then hits in titles, then the newest."""
    if not wanted:
        return Found([], Counter())
    rows = SearchEntry.objects.filter(visible(sight_of(reader, at=at), at), _all_of("words", wanted))
    if body is not None:
        rows = rows.filter(body=body)
    rank = Case(
        When(number_words=wanted.number, then=Value(_EXACT)),
        When(_all_of("title_words", wanted), then=Value(_IN_TITLE)),
        default=Value(_ANYWHERE),
    )
    ordered = rows.annotate(rank=rank).order_by("rank", F("day").desc(nulls_last=True), "kind", "-pk")
    return counted(ordered, kind=kind)


def counted(rows: QuerySet[SearchEntry], *, kind: str = "") -> Found:
    """All ids in the order of `rows`, and the count of each kind: one query for both."""
    found = list(rows.values_list("pk", "kind"))
    counts: Counter[str] = Counter()
    for one, number in Counter(one for _pk, one in found).items():
        counts[_GROUP[one]] += number
    chosen = GROUPS.get(kind, frozenset(_GROUP))
    return Found([pk for pk, one in found if one in chosen], counts)


def shown(ids: Sequence[int]) -> list[SearchEntry]:
    """These entries with what a page shows of them, in this order; one query."""
    entries = SearchEntry.objects.select_related("body").only(*_SHOWN).in_bulk(list(ids))
    return [entries[pk] for pk in ids if pk in entries]


def hits(ids: Sequence[int], wanted: Query) -> list[Hit]:
    """These entries as a page shows them, in this order; one query."""
    return [_hit(entry, wanted) for entry in shown(ids)]


def decisions(text: str) -> QuerySet[SearchEntry, Any]:
    """The ids of decisions that fit, as a subquery; the caller asks who may see them."""
    wanted = search_words.query(text)
    rows = SearchEntry.objects.filter(kind=SearchKind.DECISION)
    return (rows.filter(_all_of("words", wanted)) if wanted else rows.none()).values("subject_id")


def known() -> QuerySet[SearchEntry, Any]:
    """The ids of decisions that are in the index, as a subquery."""
    return SearchEntry.objects.filter(kind=SearchKind.DECISION).values("subject_id")


def _hit(entry: SearchEntry, wanted: Query) -> Hit:
    return Hit(entry, search_words.marked(entry.title, wanted), search_words.excerpt(entry.text, wanted))


def _all_of(field: str, wanted: Query) -> Q:
    """Every term must occur. INSTR and STRPOS know no signs of their own, unlike LIKE, and are quicker."""
    every = Q()
    for term in wanted.terms:
        one = Q()
        for needle in term.needles:
            one |= Q(GreaterThan(StrIndex(F(field), Value(needle)), 0))
        every &= one
    return every


def visible(sight: Sight, at: dt.datetime) -> Q | RawSQL:
    """Entries of things this reader may see."""
    if sight.everything:
        return ~Q(kind=SearchKind.TOPIC_SENT)  # it has the topics as they are
    if sight == BLIND:
        return Q(pk__in=())
    sql, params = _written(sight, local_date(at))
    return RawSQL(sql, params, output_field=BooleanField())  # noqa: S611 -- Django wrote it; values are its parameters


@lru_cache(maxsize=256)
def _written(sight: Sight, day: dt.date) -> tuple[str, tuple[Any, ...]]:
    """What `_in_sight` says, as SQL with its parameters: Django needs longer to write it than a database to search.

    It is a question and no answer: it hangs on nothing but the sight and its day, whatever is written meanwhile.
    """
    # A sum, so that a database compares words first and does not walk through all that may be seen.
    rows = SearchEntry.objects.alias(thing=F("subject_id") + 0).filter(
        _in_sight(sight, clock.at_local(day, dt.time(12)))
    )
    compiler = rows.query.get_compiler(connection=connection)
    compiler.pre_sql_setup()
    sql, params = compiler.compile(rows.query.where)
    return sql, tuple(params)


def _in_sight(sight: Sight, at: dt.datetime) -> Q:
    seen: dict[str, QuerySet[Any]] = {
        SearchKind.DECISION: Decision.objects.visible_to(sight, at=at),
        SearchKind.RELAY: Relay.objects.visible_to(sight, at=at),
        SearchKind.PAPER: paper_shelf.in_sight(sight),
    }
    found = _items(sight, at)
    for kind, rows in seen.items():
        found |= Q(kind=kind, thing__in=rows.order_by().values("pk"))
    return found


def _items(sight: Sight, at: dt.datetime) -> Q:
    """Topics as members read them on the pages of meetings, and what circulated minutes say of them."""
    out = Minutes.objects.visible_to(sight, at=at)
    told = AgendaItem.objects.filter(meeting__minutes__in=out.values("pk"))
    sent = AgendaItem.objects.filter(meeting__state=MeetingState.INVITED, meeting__agenda_sent_at__isnull=False)
    draft = AgendaItem.objects.filter(meeting__state=MeetingState.PLANNED)
    each = Q(kind=SearchKind.MINUTES, thing__in=told.values("pk"))
    each |= Q(kind=SearchKind.TOPIC_SENT, thing__in=sent.values("pk"))
    each |= Q(kind=SearchKind.TOPIC) & ~Q(thing__in=sent.values("pk")) & ~Q(thing__in=draft.values("pk"))
    return each & Q(thing__in=AgendaItem.objects.visible_to(sight, at=at).order_by().values("pk"))
