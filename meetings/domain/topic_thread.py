"""A field of action as a thread through all bodies: what was brought up, decided, handed on and written about it.

Read from the index of the search, which has a line for each thing; whether the reader may see it is asked of the
things themselves. A fixed number of queries, however long a thread is.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.models import Body, Paper, Sight, Topic, Unit
from meetings.domain import search
from meetings.domain.search import Found
from meetings.enums import DECISION_OPEN, RELAY_OPEN, SearchKind
from meetings.models import AgendaItem, Decision, Relay, SearchEntry
from meetings.models.agenda_item import ON_AGENDA

#: What a thread is made of; the words of minutes stand under their items.
KINDS = (SearchKind.TOPIC, SearchKind.DECISION, SearchKind.RELAY, SearchKind.PAPER)
_ENTRIES = frozenset().union(*(search.GROUPS[kind] for kind in KINDS))


@dataclass(frozen=True)
class Line:
    """A field in the list of all: how much there is, how much of it is still open, and when it is spoken of next."""

    topic: Topic
    decisions: int
    open_decisions: int
    open_relays: int
    next_item: tuple[str, dt.date] | None


@dataclass(frozen=True)
class Chapter:
    """A part of the thread: what is to come, or a year."""

    heading: str
    entries: list[SearchEntry]


def lines(sight: Sight, *, at: dt.datetime) -> list[Line]:
    """Every field of action, as this reader may see it."""
    decisions: Counter[int] = Counter()
    is_open: Counter[int] = Counter()
    seen = Decision.objects.visible_to(sight, at=at).order_by()
    tagged = Decision.topics.through.objects.filter(decision__in=seen.values("pk"))
    for topic, state in tagged.values_list("topic", "decision__state"):
        decisions[topic] += 1
        is_open[topic] += state in DECISION_OPEN
    relays, ahead = _open_relays(sight, at), _next_items(sight, at)
    return [
        Line(topic, decisions[topic.pk], is_open[topic.pk], len(relays.get(topic.pk, ())), ahead.get(topic.pk))
        for topic in Topic.objects.filter(merged_into__isnull=True).order_by("pk")
    ]


def thread(topic: Topic, sight: Sight, *, kind: str = "", body: int | None = None, at: dt.datetime) -> Found:
    """All of it, the latest first: what has no day yet stands at the top, then what is to come. `kind`: one of KINDS, or all."""
    rows = SearchEntry.objects.alias(thing=F("subject_id") + 0).filter(kind__in=_ENTRIES)
    if body is not None:
        rows = rows.filter(body=body)
    rows = rows.filter(search.visible(sight, at), _of(topic, sight, at))
    today = local_date(at)
    ahead = Q(day__gt=today) | Q(day=today, kind__in=search.GROUPS[SearchKind.TOPIC])
    part = Case(When(day__isnull=True, then=Value(0)), When(ahead, then=Value(1)), default=Value(2))
    return search.counted(rows.order_by(part, F("day").desc(), "kind", "-subject_id"), kind=kind)


def chapters(entries: Iterable[SearchEntry], *, at: dt.datetime) -> list[Chapter]:
    """A page of the thread under headings; what has no day yet is still to come, and what is spoken of today."""
    today = local_date(at)
    found: list[Chapter] = []
    for entry in entries:
        is_todays = entry.day == today and entry.kind in search.GROUPS[SearchKind.TOPIC]
        is_ahead = entry.day is None or entry.day > today or is_todays
        heading = _("Kommt noch") if entry.day is None or is_ahead else str(entry.day.year)
        if not found or found[-1].heading != heading:
            found.append(Chapter(heading, []))
        found[-1].entries.append(entry)
    return found


def units(topic: Topic, *, at: dt.datetime) -> list[Unit]:
    """Those that work in it today."""
    today = Body.objects.valid_on(local_date(at)).values("pk")
    return list(Unit.objects.filter(pk__in=today, topics=topic.pk).order_by("name"))  # its rows are units


def _of(topic: Topic, sight: Sight, at: dt.datetime) -> Q:
    """Entries of things that belong to the field. A topic that was decided on is told by its decision alone."""
    decided = Decision.objects.filter(topics=topic.pk)
    told = Decision.objects.visible_to(sight, at=at).filter(topics=topic.pk, agenda_item__isnull=False).order_by()
    items = AgendaItem.objects.filter(topics=topic.pk, state__in=ON_AGENDA).exclude(pk__in=told.values("agenda_item"))
    relays = Relay.objects.filter(Q(source_decision__topics=topic.pk) | Q(source_item__topics=topic.pk))
    papers = Paper.objects.filter(Q(topics=topic.pk) | Q(agenda_items__topics=topic.pk))
    return (
        Q(kind=SearchKind.DECISION, thing__in=decided.values("pk"))
        | Q(kind__in=search.GROUPS[SearchKind.TOPIC], thing__in=items.values("pk"))
        | Q(kind=SearchKind.RELAY, thing__in=relays.values("pk"))
        | Q(kind=SearchKind.PAPER, thing__in=papers.values("pk"))
    )


def _open_relays(sight: Sight, at: dt.datetime) -> dict[int, set[int]]:
    """By field: the relays under way that carry something of it."""
    rows = Relay.objects.visible_to(sight, at=at).filter(state__in=RELAY_OPEN).order_by()
    found: dict[int, set[int]] = {}
    for pk, *topics in rows.values_list("pk", "source_decision__topics", "source_item__topics"):
        for topic in topics:
            found.setdefault(topic, set()).add(pk)
    return found


def _next_items(sight: Sight, at: dt.datetime) -> dict[int, tuple[str, dt.date]]:
    """By field: where and when it is spoken of next, as far as this reader is told."""
    rows = (
        SearchEntry.objects.alias(thing=F("subject_id") + 0)
        .filter(search.visible(sight, at), kind__in=search.GROUPS[SearchKind.TOPIC], day__gte=local_date(at))
        .select_related("body")
    )
    ahead = {row.subject_id: (row.body.word if row.body else "", row.day) for row in rows if row.day}
    tagged = AgendaItem.topics.through.objects.filter(agendaitem__in=ahead, agendaitem__state__in=ON_AGENDA)
    found: dict[int, tuple[str, dt.date]] = {}
    for topic, item in tagged.values_list("topic", "agendaitem"):
        if topic not in found or ahead[item][1] < found[topic][1]:
            found[topic] = ahead[item]
    return found
