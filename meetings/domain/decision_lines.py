"""The lines of the register: one decision each, in ready words.

Each line is read in one query, beside one for the relays of the page. The SQL of both is worked out once for each
reader's sight and each thing that is looked for.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from buendnisse import clock, german
from buendnisse.models import Sight
from buendnisse.models.body import mark_of
from buendnisse.models.prepared import Places, Prepared, Row
from meetings.domain import decision_register
from meetings.domain.decision_register import Overview, Wanted
from meetings.enums import RELAY_TRAVELLING, DecisionKind, DecisionProcedure, DecisionState
from meetings.models import ActionItem, Decision, Relay
from meetings.models.decision import DecisionQuerySet

A_PAGE = 15
#: What `_told` adds to a decision's own columns.
_WORKED_OUT = ("older", "task_due", "is_due")
_LISTED = (
    "pk",
    "number",
    "decided_on",
    "text",
    "kind",
    "procedure",
    "votes_yes",
    "votes_no",
    "votes_abstain",
    "state",
    "follow_up_on",
    "alliance_id",
    "alliance__kind",
    "alliance__name",
    "alliance__prefix",
    "superseded_by__number",
    "responsible_organisation__short_name",
    *_WORKED_OUT,
)
_CARRIED = ("source_decision", "number", "state", "due_on")
_IDS = Places("pk", A_PAGE)


@dataclass(frozen=True)
class Carried:
    """A relay of a decision, as a line names it. `is_late`: its answer is overdue."""

    number: str
    is_late: bool


@dataclass(frozen=True)
class Line:
    """One decision in the register. `mark`: the letter its body is coloured by; `tasks`: "Auftrag bis 22.01.2027"."""

    number: str
    body: str
    mark: str
    prefix: str
    day: str
    text: str
    result: str
    votes: str
    state: str
    is_done: bool
    replaces: str
    tasks: str
    relays: tuple[Carried, ...]
    follow_up: str
    is_due: bool
    responsible: str


@dataclass(frozen=True)
class Look:
    """Who looks for what, and on which day."""

    sight: Sight
    wanted: Wanted
    day: dt.date

    @property
    def noon(self) -> dt.datetime:
        """What a register holds hangs on the day only."""
        return clock.at_local(self.day, dt.time(12))

    @property
    def rows(self) -> DecisionQuerySet:
        """The newest first."""
        rows = decision_register.register(self.sight, at=self.noon)
        return decision_register.narrowed(rows, self.wanted, at=self.noon)


def page(look: Look, *, known: Overview, number: str | int | None) -> Page[Any]:
    """One page of lines; a number that is no page gives the nearest. What is looked for is looked for once, not to count and to show."""
    if look.wanted.is_narrow:
        query = _asking_for_these(look.day)
        found = Paginator([pk for (pk,) in _asking_for_ids(look).fetch()], A_PAGE).get_page(number)
        rows = query.fetch(**_IDS.filled(found.object_list))
    else:
        found = Paginator(range(known.total), A_PAGE).get_page(number)
        query = _asking_for_stretch(look, max(found.start_index() - 1, 0), found.end_index())
        rows = query.fetch()
    listed = query.read(rows)
    carried = _asking_for_relays(look.sight, look.day)
    relays = carried.read(carried.fetch(**_IDS.filled(pk for pk, *_rest in listed)))
    found.object_list = _lines(listed, relays, look.sight, day=look.day)
    return found


def every(look: Look) -> list[Line]:
    """All of them; two queries."""
    relays = Relay.objects.visible_to(look.sight, at=look.noon).sent()
    carried = relays.filter(source_decision__in=look.rows.order_by().values("pk")).order_by("pk").values_list(*_CARRIED)
    return _lines(_told(look.rows, look.day), carried, look.sight, day=look.day)


@lru_cache(maxsize=128)
def _asking_for_ids(look: Look) -> Prepared:
    return Prepared(lambda: look.rows.values_list("pk"))


@lru_cache(maxsize=128)
def _asking_for_stretch(look: Look, first: int, last: int) -> Prepared:
    return Prepared(lambda: _told(look.rows, look.day)[first:last])


@lru_cache(maxsize=8)
def _asking_for_these(day: dt.date) -> Prepared:
    """Decisions whose ids are given, as many as stand on a page; who may see them was asked before."""
    rows = Decision.objects.order_by("-decided_on", "-number")
    return Prepared(lambda **ids: _told(rows.filter(pk__in=_IDS.of(ids)), day), **_IDS.kinds)


@lru_cache(maxsize=128)
def _asking_for_relays(sight: Sight, day: dt.date) -> Prepared:
    """The relays that left with them, as far as the reader may see them."""
    seen = Relay.objects.visible_to(sight, at=clock.at_local(day, dt.time(12))).sent()

    def make(**ids: int) -> QuerySet[Relay, Any]:
        return seen.filter(source_decision__in=_IDS.of(ids)).order_by("pk").values_list(*_CARRIED)

    return Prepared(make, **_IDS.kinds)


def _told(rows: DecisionQuerySet, day: dt.date) -> QuerySet[Decision, Any]:
    older = Decision.objects.filter(superseded_by=OuterRef("pk")).order_by("pk").values("number")[:1]
    first = ActionItem.objects.open().filter(decision=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    is_due = ExpressionWrapper(decision_register.due(day), output_field=BooleanField())
    worked_out = dict(zip(_WORKED_OUT, (Subquery(older), Subquery(first), is_due), strict=True))
    return rows.annotate(**worked_out).values_list(*_LISTED)


def _lines(rows: Iterable[Row], relays: Iterable[Row], sight: Sight, *, day: dt.date) -> list[Line]:
    found: defaultdict[int, tuple[Carried, ...]] = defaultdict(tuple)
    for decision, number, state, due_on in relays:
        is_late = state in RELAY_TRAVELLING and due_on is not None and due_on < day
        found[decision] += (Carried(number, is_late),)
    return [_line(dict(zip(_LISTED, row, strict=True)), found[row[0]], sight) for row in rows]


def _line(row: Mapping[str, Any], relays: tuple[Carried, ...], sight: Sight) -> Line:
    state = DecisionState(row["state"])
    follow_up: dt.date | None = row["follow_up_on"]
    prefix = row["alliance__prefix"]
    is_slip = state == DecisionState.MISTAKEN
    task_due = row["task_due"] if sight.sees_inside(row["alliance_id"]) else None
    return Line(
        number=row["number"],
        body=row["alliance__name"],
        mark=mark_of(row["alliance__kind"], prefix),
        prefix=prefix,
        day=german.short_day(row["decided_on"]),
        text=_("Irrtümlich erfasst") if is_slip else row["text"],
        result="" if is_slip else _result(row),
        votes="" if is_slip else _votes(row),
        state=str(state.label),
        is_done=state == DecisionState.DONE,
        replaces=_replaces(row),
        tasks=_("Auftrag bis %s") % german.short_day(task_due) if task_due else "",
        relays=relays,
        follow_up=german.short_day(follow_up) if follow_up else "",
        is_due=bool(row["is_due"]),
        responsible=row["responsible_organisation__short_name"] or "",
    )


def _result(row: Mapping[str, Any]) -> str:
    """ "Empfehlung", "Beschluss, per E-Mail abgestimmt" """
    kind = str(DecisionKind(row["kind"]).label)
    return _("%s, per E-Mail abgestimmt") % kind if row["procedure"] == DecisionProcedure.CIRCULAR else kind


def _votes(row: Mapping[str, Any]) -> str:
    if row["votes_yes"] is None:
        return ""
    return german.votes(row["votes_yes"], row["votes_no"], row["votes_abstain"])


def _replaces(row: Mapping[str, Any]) -> str:
    """ "durch A-2026-15, ersetzt A-2025-11" """
    newer, older = row["superseded_by__number"], row["older"]
    return ", ".join(filter(None, (newer and _("durch %s") % newer, older and _("ersetzt %s") % older)))
