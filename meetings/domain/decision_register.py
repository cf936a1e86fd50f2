"""The register of decisions: what there is, and what was looked for, among what the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import Count, F, Max, Min, Q
from django.utils.translation import gettext as _

from buendnisse import clock, german
from buendnisse.clock import local_date
from buendnisse.models import Change, Sight, Topic
from buendnisse.models.prepared import Prepared
from meetings.domain import search
from meetings.enums import DECISION_OPEN, DecisionKind, DecisionState, Happened
from meetings.models import Decision
from meetings.models.decision import DecisionQuerySet


@dataclass(frozen=True)
class Wanted:
    """What the register is narrowed to; empty values narrow nothing."""

    words: str = ""
    alliance_id: int | None = None
    state: str = ""
    kind: str = ""
    topic_id: int | None = None
    year: int | None = None
    is_due: bool = False

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()


@dataclass(frozen=True)
class Overview:
    """What there is at all, whatever is looked for. `years`: the latest first."""

    total: int
    years: list[int]
    sentence: str


@dataclass(frozen=True)
class Choices:
    """What the filters offer: every topic by slug, name and id, and the years there is something of."""

    topics: Sequence[tuple[Any, ...]]
    years: list[int]


def choices(known: Overview) -> Choices:
    """One query."""
    return Choices(_asking_for_topics().fetch(), known.years)


@cache
def _asking_for_topics() -> Prepared:
    topics = Topic.objects.filter(merged_into__isnull=True).order_by("pk")
    return Prepared(lambda: topics.values_list("slug", "name", "pk"))


def register(sight: Sight, *, at: dt.datetime) -> DecisionQuerySet:
    """All decisions this reader may see, the newest first."""
    return Decision.objects.visible_to(sight, at=at).order_by("-decided_on", "-number")


def narrowed(rows: DecisionQuerySet, wanted: Wanted, *, at: dt.datetime) -> DecisionQuerySet:
    """Only what was looked for. Every word must occur in number, text, note or item, in whatever form."""
    if wanted.words:
        unknown = Decision.objects.exclude(pk__in=search.known()).values("pk")
        fresh = Decision.objects.filter(_literally(wanted.words), pk__in=unknown).values("pk")
        # A sum, so that a database goes through the register in its order and looks each up among what fits.
        rows = rows.alias(place=F("pk") + 0)
        rows = rows.filter(Q(place__in=search.decisions(wanted.words)) | Q(place__in=fresh))
        rows = rows.filter(~Q(state=DecisionState.MISTAKEN) | Q(number__icontains=wanted.words.strip()))
    given = {
        "alliance": wanted.alliance_id,
        "state": wanted.state,
        "kind": wanted.kind,
        "topics": wanted.topic_id,
        "decided_on__year": wanted.year,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return rows.filter(due(local_date(at))) if wanted.is_due else rows


def due(day: dt.date) -> Q:
    """Decisions whose follow-up date has come, and that are not done. Taking note of something asks for nothing."""
    return Q(follow_up_on__lte=day, state__in=DECISION_OPEN) & ~Q(kind=DecisionKind.ACKNOWLEDGEMENT)


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


def overview(sight: Sight, *, at: dt.datetime) -> Overview:
    """ "79 Beschlüsse seit Mai 2025: 57 umgesetzt, 16 in Umsetzung, …"; one query. Slips are listed and not told."""
    query = _asking_for_states(sight, local_date(at))
    groups = query.read(query.fetch())
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
    if slips := total - decided:
        sentence += " " + _("Dazu %s, irrtümlich erfasst.") % german.count(slips, _("Nummer"), _("Nummern"))
    return Overview(total, years, sentence)


@lru_cache(maxsize=128)
def _asking_for_states(sight: Sight, day: dt.date) -> Prepared:
    rows = register(sight, at=clock.at_local(day, dt.time(12))).order_by()
    counted = rows.values_list("state").annotate(Count("pk"), Min("decided_on"), Max("decided_on"))
    return Prepared(lambda: counted)


def tasks_of(decision: Decision) -> Q:
    """Tasks given in the decision, and those of its item that name no decision."""
    if decision.agenda_item_id is None:
        return Q(decision=decision)
    return Q(decision=decision) | Q(agenda_item=decision.agenda_item_id, decision__isnull=True)


def history(decision: Decision) -> list[tuple[Change, str]]:
    """What happened to it, the latest first."""
    rows = Change.objects.of(decision).select_related("by").order_by("-at", "-pk")
    return [(change, str(Happened(change.verb).label)) for change in rows if change.verb in Happened.values]
