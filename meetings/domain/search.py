"""Searching decisions, relays, minutes, topics and papers: what is found, in which order, and for whom.

The index says what fits; whether the reader may see it is asked of the things themselves, by their own `visible_to`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _

from buendnisse import clock, german
from buendnisse.clock import local_date
from buendnisse.models import BLIND, Body, Sight, sight_of
from buendnisse.models.prepared import Along, Places, Prepared, Row
from meetings.domain import paper_shelf, search_words
from meetings.domain.search_words import Piece, Query
from meetings.enums import MeetingState, SearchKind
from meetings.models import AgendaItem, Decision, Minutes, Relay, SearchEntry

_EXACT, _IN_TITLE, _ANYWHERE = 0, 1, 2
_IDS = Places("entry", 20)  # as many as stand on the longest page, the one of a field of action
_ENTRY = Along(entry=SearchEntry, body=Body)
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
    """One result: its entry, and title and excerpt in pieces. `what` and `how` it is stand before and after its body."""

    entry: SearchEntry
    title: list[Piece]
    excerpt: list[Piece]
    what: str
    how: str


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
    return _grouped(_asking(sight_of(reader, at=at), local_date(at), wanted, body).fetch(), kind)


def counted(rows: QuerySet[SearchEntry], *, kind: str = "") -> Found:
    """All ids in the order of `rows`, and the count of each kind: one query for both."""
    return _grouped(list(rows.values_list("pk", "kind")), kind)


def shown(ids: Sequence[int]) -> list[SearchEntry]:
    """These entries with what a page shows of them, in this order; one query. As many as stand on a page."""
    query = _asking_for_these()
    entries = {row[0]: _entry(row) for row in query.read(query.fetch(**_IDS.filled(ids)))}
    return [entries[pk] for pk in ids if pk in entries]


def hits(ids: Sequence[int], wanted: Query, *, is_plain: bool = False) -> list[Hit]:
    """These entries as a page shows them, in this order; one query. `is_plain`: in the words of members."""
    return [_hit(entry, wanted, is_plain=is_plain) for entry in shown(ids)]


def _grouped(found: Sequence[Row], kind: str) -> Found:
    counts: Counter[str] = Counter()
    for one, number in Counter(map(itemgetter(1), found)).items():
        counts[_GROUP[one]] += number
    if kind not in GROUPS:
        return Found(list(map(itemgetter(0), found)), counts)
    return Found([pk for pk, one in found if one in GROUPS[kind]], counts)


@lru_cache(maxsize=128)
def _asking(sight: Sight, day: dt.date, wanted: Query, body: int | None) -> Prepared:
    """What is asked for a search, as SQL: a question and no answer, which hangs on nothing else."""
    rows = SearchEntry.objects.filter(visible(sight, clock.at_local(day, dt.time(12))), _all_of("words", wanted))
    if body is not None:
        rows = rows.filter(body=body)
    rank = Case(
        When(number_words=wanted.number, then=Value(_EXACT)),
        When(_all_of("title_words", wanted), then=Value(_IN_TITLE)),
        default=Value(_ANYWHERE),
    )
    ordered = rows.order_by(rank, F("day").desc(nulls_last=True), "kind", "-pk")
    return Prepared(lambda: ordered.values_list("pk", "kind"))


@cache
def _asking_for_these() -> Prepared:
    def make(**ids: int) -> QuerySet[SearchEntry, Any]:
        return SearchEntry.objects.filter(pk__in=_IDS.of(ids)).values_list(*_ENTRY.columns)

    return Prepared(make, **_IDS.kinds)


def _entry(row: Row) -> SearchEntry:
    entry: SearchEntry
    entry, entry.body = _ENTRY.rows(row)
    return entry


def decisions(text: str) -> QuerySet[SearchEntry, Any]:
    """The ids of decisions that fit, as a subquery; the caller asks who may see them."""
    wanted = search_words.query(text)
    rows = SearchEntry.objects.filter(kind=SearchKind.DECISION)
    return (rows.filter(_all_of("words", wanted)) if wanted else rows.none()).values("subject_id")


def known() -> QuerySet[SearchEntry, Any]:
    """The ids of decisions that are in the index, as a subquery."""
    return SearchEntry.objects.filter(kind=SearchKind.DECISION).values("subject_id")


def _hit(entry: SearchEntry, wanted: Query, *, is_plain: bool) -> Hit:
    kind = _("Bitte") if is_plain and entry.kind == SearchKind.RELAY else str(SearchKind(entry.kind).label)
    day = german.short_day(entry.day) if entry.day else ""
    return Hit(
        entry,
        search_words.marked(entry.title, wanted),
        search_words.excerpt(entry.text, wanted),
        what=" ".join(filter(None, (kind, entry.number))),
        how="".join(f", {said}" for said in (day, entry.standing) if said),
    )


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
