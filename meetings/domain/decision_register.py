"""The register of decisions: what was looked for, among what the reader may see.

A line of it is read in one query with ready words, beside one for the relays of the page.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Change, Sight, Topic
from buendnisse.models.body import mark_of
from meetings.domain import search
from meetings.enums import (
    DECISION_OPEN,
    RELAY_TRAVELLING,
    DecisionKind,
    DecisionProcedure,
    DecisionState,
    Happened,
    RelayState,
)
from meetings.models import ActionItem, Decision, Relay
from meetings.models.decision import DecisionQuerySet


@dataclass(frozen=True)
class Overview:
    """What there is at all, whatever is looked for. `years`: the latest first."""

    total: int
    years: list[int]
    sentence: str


@dataclass(frozen=True)
class Choices:
    """What the filters offer: every topic by slug, name and id, and the years there is something of."""

    topics: list[tuple[str, str, int]]
    years: list[int]


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


def choices(known: Overview) -> Choices:
    """One query."""
    topics = Topic.objects.filter(merged_into__isnull=True).order_by("pk").values_list("slug", "name", "pk")
    return Choices(list(topics), known.years)


def register(sight: Sight, *, at: dt.datetime) -> DecisionQuerySet:
    """All decisions this reader may see, the newest first."""
    return Decision.objects.visible_to(sight, at=at).order_by("-decided_on", "-number")


def narrowed(rows: DecisionQuerySet, wanted: Mapping[str, Any], *, at: dt.datetime) -> DecisionQuerySet:
    """Only what was looked for. Every word of `q` must occur in number, text, note or item, in whatever form."""
    if wanted.get("q"):
        rows = rows.filter(
            Q(pk__in=search.decisions(wanted["q"])) | (~Q(pk__in=search.known()) & _literally(wanted["q"]))
        ).filter(~Q(state=DecisionState.MISTAKEN) | Q(number__icontains=wanted["q"].strip()))
    given = {
        "alliance": wanted.get("buendnis"),
        "state": wanted.get("stand"),
        "kind": wanted.get("art"),
        "topics": wanted.get("thema"),
        "decided_on__year": wanted.get("jahr"),
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return rows.filter(due(at=at)) if wanted.get("faellig") else rows


def due(*, at: dt.datetime) -> Q:
    """Decisions whose follow-up date has come, and that are not done. Taking note of something asks for nothing."""
    return Q(follow_up_on__lte=local_date(at), state__in=DECISION_OPEN) & ~Q(kind=DecisionKind.ACKNOWLEDGEMENT)


def _literally(words: str) -> Q:
    """As it is written, for what was decided a moment ago and is not in the index yet."""
    every = Q()
    for word in words.split():
        every &= (
            Q(number__icontains=word)
            | Q(text__icontains=word)
            | Q(note__icontains=word)
            | Q(agenda_item__title__icontains=word)
        )
    return every


def overview(rows: DecisionQuerySet) -> Overview:
    """ "79 Beschlüsse seit Mai 2025: 57 umgesetzt, 16 in Umsetzung, …"; one query. Slips are listed and not told."""
    groups = rows.order_by().values_list("state").annotate(Count("pk"), Min("decided_on"), Max("decided_on"))
    found = {state: (number, first, last) for state, number, first, last in groups}
    if not found:
        return Overview(0, [], "")
    total = sum(number for number, _first, _last in found.values())
    first = min(day for _number, day, _last in found.values())
    last = max(day for _number, _first, day in found.values())
    states = [
        _("%(count)s %(state)s") % {"count": german.thousands(found[s][0]), "state": s.label}
        for s in DecisionState
        if s in found and s != DecisionState.MISTAKEN
    ]
    years = list(range(last.year, first.year - 1, -1))
    if not states:
        return Overview(total, years, "")
    decided = total - found.get(DecisionState.MISTAKEN, (0, first, last))[0]
    sentence = _("%(total)s seit %(month)s: %(states)s.") % {
        "total": german.count(decided, _("Beschluss"), _("Beschlüsse")),
        "month": f"{german.MONTHS[first.month - 1]} {first.year}",
        "states": ", ".join(states),
    }
    return Overview(total, years, sentence)


def lines(rows: DecisionQuerySet, *, sight: Sight, at: dt.datetime) -> list[Line]:
    """These decisions as the register shows them; two queries however many.

    Tasks are named inside the body only, as they are elsewhere.
    """
    older = Decision.objects.filter(superseded_by=OuterRef("pk")).order_by("pk").values("number")[:1]
    tasks = ActionItem.objects.open().filter(decision=OuterRef("pk"))
    first = tasks.order_by("due_on").values("due_on")[:1]
    is_due = ExpressionWrapper(due(at=at), output_field=BooleanField())
    found = list(rows.annotate(older=Subquery(older), task_due=Subquery(first), is_due=is_due).values(*_LISTED))
    relays = _relays([row["pk"] for row in found], sight, at)
    return [_line(row, relays.get(row["pk"], ()), sight) for row in found]


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
    "older",
    "task_due",
    "is_due",
)


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


def _relays(decisions: Sequence[int], sight: Sight, at: dt.datetime) -> Mapping[int, tuple[Carried, ...]]:
    """By decision: the relays that left with it, as far as the reader may see them."""
    rows = Relay.objects.visible_to(sight, at=at).filter(source_decision__in=decisions).exclude(state=RelayState.DRAFT)
    found: dict[int, tuple[Carried, ...]] = defaultdict(tuple)
    today = local_date(at)
    listed = rows.order_by("pk").values_list("source_decision", "number", "state", "due_on")
    for decision, number, state, due_on in listed:
        is_late = state in RELAY_TRAVELLING and due_on is not None and due_on < today
        found[decision] += (Carried(number, is_late),)
    return found


def tasks_of(decision: Decision) -> Q:
    """Tasks given in the decision, and those of its item that name no decision."""
    if decision.agenda_item_id is None:
        return Q(decision=decision)
    return Q(decision=decision) | Q(agenda_item=decision.agenda_item_id, decision__isnull=True)


def history(decision: Decision) -> list[tuple[Change, str]]:
    """What happened to it, the latest first."""
    rows = Change.objects.of(decision).select_related("by").order_by("-at", "-pk")
    return [(change, str(Happened(change.verb).label)) for change in rows if change.verb in Happened.values]
