"""Papers that travel with a relay: whoever stands on one of its two sides reads them with the question."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet, Value, prefetch_related_objects

from buendnisse.models import Paper, PaperVersion, Person, Sight, Unit, sight_of
from buendnisse.models.paper import PaperQuerySet
from buendnisse.models.prepared import Prepared, Row, columns_of
from meetings.domain import paper_shelf
from meetings.domain.relay_tree import IDS
from meetings.models import Relay
from meetings.models.agenda_item import closed_to

_PAPER = columns_of(Paper)


def that_may_go_with(draft: Relay) -> list[Paper]:
    """The papers of what is handed on, and those laid with the draft already."""
    laid = draft.papers.order_by("dated", "pk")
    return list(dict.fromkeys([*(draft.source_item.papers.all() if draft.source_item else ()), *laid]))


#: By the id of the relay each goes with.
ByRelay = Mapping[int, tuple[Paper, ...]]


@dataclass(frozen=True)
class Along:
    """Papers that go with relays, by relay: `handed` on with the question, `letters` kept with the answer."""

    handed: ByRelay
    letters: ByRelay


def along(relays: Iterable[Relay], *, reader: object, at: dt.datetime) -> Along:
    """The papers of these relays that `reader` may read; one query where there are none."""
    sight = sight_of(reader, at=at)
    known = {one.pk: one for one in relays}
    query = _asking(sight)
    rows = sorted(query.read(query.fetch(**IDS.filled(known))), key=_by_age)
    found: dict[bool, defaultdict[int, tuple[Paper, ...]]] = {kind: defaultdict(tuple) for kind in (True, False)}
    if rows:
        papers = [Paper.from_db(connection.alias, _PAPER, row[: len(_PAPER)]) for row in rows]
        prefetch_related_objects(papers, "versions")
        shelf = paper_shelf.among(papers, sight=sight)
        theirs = set() if all(is_letter for *_row, is_letter in rows) else _stood_by(known.values(), sight)
        for paper, (*_columns, relay, is_letter) in zip(papers, rows, strict=True):
            if paper.pk in shelf or (relay in theirs and not is_letter):
                found[bool(is_letter)][relay] += (paper,)
    return Along(handed=found[False], letters=found[True])


@lru_cache(maxsize=64)
def _asking(sight: Sight) -> Prepared:
    """Those that were handed on and those that came back, one after the other: a paper may be both."""

    def make(**ids: int) -> QuerySet[Paper, Any]:
        handed = _open(Paper.objects.filter(relays__in=IDS.of(ids)), sight)
        letters = Paper.objects.filter(answered_relays__in=IDS.of(ids))
        return _with(handed, "relays", is_letter=False).union(
            _with(letters, "answered_relays", is_letter=True), all=True
        )

    return Prepared(make, **IDS.kinds)


def _with(papers: PaperQuerySet, relay: str, *, is_letter: bool) -> QuerySet[Paper, Any]:
    return papers.values_list(*_PAPER, relay, Value(is_letter, output_field=BooleanField()))


def _by_age(row: Row) -> tuple[Any, ...]:
    return row[_PAPER.index("dated")], row[_PAPER.index("id")]


def version(relay: Relay, person: Person, *, slug: str, at: dt.datetime) -> PaperVersion | None:
    """The newest file of a paper that went or came back with it, for who may read it; nothing where there is none for them."""
    found = along([relay], reader=person, at=at)
    papers = [one.pk for kind in (found.handed, found.letters) for one in kind.get(relay.pk, ()) if one.slug == slug]
    return PaperVersion.objects.filter(paper__in=papers).exclude(file_name="").order_by("-number").first()


def _stood_by(relays: Collection[Relay], sight: Sight) -> set[int]:
    """The ids of those on whose sides the reader stands: by a membership, or by working in the unit that is asked."""
    if sight.everything:
        return {one.pk for one in relays}
    works_for = Person.objects.filter(pk=sight.person_id).values("organisation")
    units = Unit.objects.filter(pk__in={one.target_id for one in relays}, organisation__in=works_for)
    places = sight.inside | set(units.values_list("pk", flat=True))
    return {one.pk for one in relays if one.sent_at is not None and {one.source_id, one.target_id} & places}


def _open(papers: PaperQuerySet, sight: Sight) -> PaperQuerySet:
    """Without those of an item that has become confidential since, for whom it is not."""
    if sight.everything:
        return papers
    hidden = Paper.objects.filter(is_standing=False, agenda_items__in=closed_to(sight.organisations))
    return papers.exclude(pk__in=hidden.values("pk"))
