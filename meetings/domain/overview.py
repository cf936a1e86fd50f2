"""Who works with whom: the Fachstelle with its units, the alliances, bodies outside, and the relays of a year between them.

What the reader may see is counted and nothing else. A fixed number of queries, however many relays there are.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from buendnisse.clock import local_date
from buendnisse.enums import ASKED_ROLES, BodyKind, Role
from buendnisse.models import Alliance, Body, Membership, Unit
from buendnisse.models.sight import Sight, sight_of
from meetings.enums import DECISION_STANDING, RELAY_OPEN, RELAY_TRAVELLING
from meetings.models import Decision, Relay


@dataclass(frozen=True)
class AllianceNode:
    """An alliance with the figures of the year."""

    body: Alliance
    people: int
    decisions: int


@dataclass(frozen=True)
class UnitNode:
    """A unit; `bodies` are the alliances its people sit in, or sat in while it lasted."""

    body: Unit
    bodies: Sequence[Alliance]
    ended: dt.date | None


@dataclass(frozen=True)
class Flow:
    """The relays of a year from one body to another."""

    source: Body
    target: Body
    total: int
    open: int
    overdue: int


@dataclass(frozen=True)
class Overview:
    """`units` are all there ever were, for the table; `units_then` those of the year, for the picture."""

    year: int
    years: Sequence[int]
    alliances: Sequence[AllianceNode]
    units: Sequence[UnitNode]
    units_then: Sequence[UnitNode]
    outside: Sequence[Body]
    flows: Sequence[Flow]

    @property
    def total(self) -> int:
        return sum(flow.total for flow in self.flows)

    @property
    def open(self) -> int:
        return sum(flow.open for flow in self.flows)


def overview(reader: object, *, year: int | None = None, at: dt.datetime) -> Overview:
    """The whole of one year, as `reader` may see it; of this one where there were no relays in `year`."""
    sight, this_year = sight_of(reader, at=at), local_date(at).year
    years = _years(sight, at)
    year = year if year in years and year is not None else this_year
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    day = min(last, local_date(at))
    flows = _flows(sight, year, at)
    busy = {body.pk for flow in flows for body in (flow.source, flow.target)}
    alliances = [one for one in Alliance.objects.in_order() if one.exists_between(first, last) or one.pk in busy]
    units = _units(alliances, day)
    rest = Body.objects.filter(kind=BodyKind.EXTERNAL).order_by("pk")
    return Overview(
        year=year,
        years=years,
        alliances=_with_figures(alliances, sight, year, day, at),
        units=units,
        units_then=[one for one in units if one.body.exists_between(first, last) or one.body.pk in busy],
        outside=[one for one in rest if one.exists_between(first, last) or one.pk in busy],
        flows=flows,
    )


def _years(sight: Sight, at: dt.datetime) -> list[int]:
    """Those with relays this reader may see, and this one; the latest first."""
    numbers = Relay.objects.visible_to(sight, at=at).values_list("number", flat=True)
    return sorted({local_date(at).year, *(int(number.split("-")[1]) for number in numbers)}, reverse=True)


def _flows(sight: Sight, year: int, at: dt.datetime) -> list[Flow]:
    """The busiest first."""
    rows = Relay.objects.visible_to(sight, at=at).sent().filter(number__startswith=f"W-{year}-")
    total: Counter[tuple[int, int]] = Counter()
    is_open: Counter[tuple[int, int]] = Counter()
    overdue: Counter[tuple[int, int]] = Counter()
    today = local_date(at)
    for source, target, state, due_on in rows.order_by("pk").values_list("source", "target", "state", "due_on"):
        total[source, target] += 1
        is_open[source, target] += state in RELAY_OPEN
        overdue[source, target] += state in RELAY_TRAVELLING and due_on is not None and due_on < today
    bodies = Body.objects.in_bulk({pk for pair in total for pk in pair})
    found = [
        Flow(bodies[pair[0]], bodies[pair[1]], number, is_open[pair], overdue[pair]) for pair, number in total.items()
    ]
    return sorted(found, key=lambda flow: (-flow.total, flow.source.pk, flow.target.pk))


def _with_figures(
    alliances: Sequence[Alliance], sight: Sight, year: int, day: dt.date, at: dt.datetime
) -> list[AllianceNode]:
    people: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(body__in=alliances, role__in=ASKED_ROLES - {Role.GUEST}).active_on(day)
    for body, person in rows.values_list("body", "person"):
        people[body].add(person)
    taken = Decision.objects.visible_to(sight, at=at).filter(decided_on__year=year, state__in=DECISION_STANDING)
    counts = dict(taken.order_by().values_list("alliance").annotate(number=Count("pk")))
    return [AllianceNode(one, len(people[one.pk]), counts.get(one.pk, 0)) for one in alliances]


def _units(alliances: Iterable[Alliance], day: dt.date) -> list[UnitNode]:
    """Those that go on first, in the order they were entered; then the ended ones, the last to end first."""
    known = {one.pk: one for one in alliances}
    sits: dict[int, set[int]] = defaultdict(set)
    units = _all_units()
    rows = Membership.objects.filter(organisation__in=[one.organisation_id for one in units], body__in=known)
    for organisation, body in rows.values_list("organisation", "body"):
        sits[organisation].add(body)
    found = [
        UnitNode(
            one,
            [known[pk] for pk in sorted(sits[one.organisation_id])],
            one.valid_until if one.valid_until and one.valid_until < day else None,
        )
        for one in units
    ]
    return sorted(found, key=lambda node: -node.ended.toordinal() if node.ended else -dt.date.max.toordinal())


def _all_units() -> list[Unit]:
    rows: Any = Unit.objects.select_related("organisation", "successor").order_by(
        "pk"
    )  # its manager says it has bodies
    return list(rows)
