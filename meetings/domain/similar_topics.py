"""Topics that were here before: open, dealt with or decided, so that one is gone on with instead of begun again."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Prefetch

from buendnisse.models import sight_of
from meetings.domain.likeness import ALIKE, likeness
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, Decision

_LOOKED_AT = 500  # the newest topics; three alliances make about a hundred a year
_NAMED = 3
_NEVER_THERE = (AgendaItemState.WITHDRAWN, AgendaItemState.DRAFT_UNVERIFIED)


@dataclass(frozen=True)
class Similar:
    """An earlier topic and what came of it, as far as the reader may see it."""

    item: AgendaItem
    decisions: tuple[Decision, ...]


def similar(
    title: str, *, reader: object, form_key: uuid.UUID | None = None, leave_out: int | None = None, at: dt.datetime
) -> list[Similar]:
    """At most three topics like `title` that `reader` may see, the most alike first; four queries whatever there is.

    `form_key` and `leave_out` name the topic that is asked about. Of a topic that was carried over the last one counts.
    """
    sight = sight_of(reader, at=at)
    rows = (
        AgendaItem.objects.visible_to(sight, at=at)
        .filter(standing_code="", continued_by__isnull=True)
        .exclude(state__in=_NEVER_THERE)
        .exclude(pk=leave_out or 0)
    )
    if form_key is not None:
        rows = rows.exclude(form_key=form_key)
    found = [(likeness(title, there), pk) for pk, there in rows.order_by("-pk").values_list("pk", "title")[:_LOOKED_AT]]
    best = [pk for score, pk in sorted(found, reverse=True) if score >= ALIKE][:_NAMED]
    if not best:
        return []
    seen = Decision.objects.visible_to(sight, at=at).standing().order_by("pk")
    items = (
        AgendaItem.objects.select_related("alliance", "meeting", "proposer")
        .prefetch_related(Prefetch("decisions", queryset=seen))
        .in_bulk(best)
    )
    return [Similar(items[pk], tuple(items[pk].decisions.all())) for pk in best]
