"""Papers that travel with a relay: whoever stands on one of its two sides reads them with the question."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet, prefetch_related_objects

from buendnisse.models import Paper, PaperVersion, Person, Sight, Unit, sight_of
from buendnisse.models.paper import PaperQuerySet
from buendnisse.models.prepared import Prepared, columns_of
from meetings.domain import paper_shelf
from meetings.domain.relay_tree import IDS
from meetings.models import Relay
from meetings.models.agenda_item import closed_to

_PAPER = columns_of(Paper)


def that_may_go_with(draft: Relay) -> list[Paper]:
    """The papers of what is handed on, and those laid with the draft already."""
    laid = draft.papers.order_by("dated", "pk")
    return list(dict.fromkeys([*(draft.source_item.papers.all() if draft.source_item else ()), *laid]))


def handed(relays: Iterable[Relay], *, reader: object, at: dt.datetime) -> Mapping[int, tuple[Paper, ...]]:
    """The papers of these relays that `reader` may read, by relay."""
    sight = sight_of(reader, at=at)
    known = {one.pk: one for one in relays}
    papers = _read(_asking_for_handed(sight), known)
    if not papers:
        return {}
    shelf, theirs = (
        paper_shelf.among([paper for _carrier, paper in papers], sight=sight),
        _stood_by(known.values(), sight),
    )
    found: defaultdict[int, tuple[Paper, ...]] = defaultdict(tuple)
    for carrier, paper in papers:
        if carrier in known and (paper.pk in shelf or carrier in theirs):
            found[carrier] += (paper,)
    return found


def letters(relays: Iterable[Relay], *, reader: object, at: dt.datetime) -> Mapping[int, tuple[Paper, ...]]:
    """The letters kept with these answers that `reader` may read, by relay; one query where there are none."""
    papers = _read(_asking_for_letters(), [one.pk for one in relays])
    found: defaultdict[int, tuple[Paper, ...]] = defaultdict(tuple)
    shelf = paper_shelf.among([paper for _relay, paper in papers], sight=sight_of(reader, at=at)) if papers else set()
    for relay, paper in papers:
        if paper.pk in shelf:
            found[relay] += (paper,)
    return found


def _read(query: Prepared, relays: Iterable[int]) -> list[tuple[int, Paper]]:
    """Papers with the relay each goes with; a second query for their versions where there are any."""
    rows = query.read(query.fetch(**IDS.filled(relays)))
    papers = [(row[-1], Paper.from_db(connection.alias, _PAPER, row[:-1])) for row in rows]
    prefetch_related_objects([paper for _relay, paper in papers], "versions")
    return papers


@lru_cache(maxsize=64)
def _asking_for_handed(sight: Sight) -> Prepared:
    def make(**ids: int) -> QuerySet[Paper, Any]:
        rows = _open(Paper.objects.filter(relays__in=IDS.of(ids)), sight)
        return rows.order_by("dated", "pk").values_list(*_PAPER, "relays")

    return Prepared(make, **IDS.kinds)


@cache
def _asking_for_letters() -> Prepared:
    def make(**ids: int) -> QuerySet[Paper, Any]:
        rows = Paper.objects.filter(answered_relays__in=IDS.of(ids))
        return rows.order_by("dated", "pk").values_list(*_PAPER, "answered_relays")

    return Prepared(make, **IDS.kinds)


def version(relay: Relay, person: Person, *, slug: str, at: dt.datetime) -> PaperVersion | None:
    """The newest file of a paper that went or came back with it, for who may read it; nothing where there is none for them."""
    sight = sight_of(person, at=at)
    found = (
        *handed([relay], reader=sight, at=at).get(relay.pk, ()),
        *letters([relay], reader=sight, at=at).get(relay.pk, ()),
    )
    papers = [one.pk for one in found if one.slug == slug]
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
