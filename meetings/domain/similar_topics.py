"""Topics that were here before: open, dealt with or decided, so that one is gone on with instead of begun again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import sight_of
from buendnisse.models.sight import Sight
from meetings.domain.likeness import Titles
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, Decision

_LOOKED_AT = 500  # the newest topics; three alliances make about a hundred a year
_NAMED = 3
_NEVER_THERE = (AgendaItemState.WITHDRAWN, AgendaItemState.DRAFT_UNVERIFIED, AgendaItemState.MERGED)


@dataclass(frozen=True)
class Similar:
    """An earlier topic and what came of it, as far as the reader may see it."""

    item: AgendaItem
    decisions: tuple[Decision, ...]

    @property
    def standing(self) -> str:
        """ "A-2026-03, 03.03.2026", "besprochen, 03.03.2026", "im Themenspeicher": what came of it, and when."""
        meeting = self.item.meeting
        if self.decisions:
            first = self.decisions[0]
            return _("Beschluss %(number)s, %(day)s") % {
                "number": first.number,
                "day": german.short_day(first.decided_on),
            }
        word = self.item.get_state_display()
        return f"{word}, {german.short_day(meeting.start)}" if meeting else word


@dataclass(frozen=True)
class Nearby:
    """What a reader should know beside one proposal: topics like it, and the one it goes on with."""

    similar: tuple[Similar, ...] = ()
    goes_on: Similar | None = None


def similar(
    title: str, *, reader: object, form_key: uuid.UUID | None = None, leave_out: int | None = None, at: dt.datetime
) -> list[Similar]:
    """At most three topics like `title` that `reader` may see, the most alike first; four queries whatever there is.

    `form_key` and `leave_out` name the topic that is asked about. Of a topic that was carried over the last one counts.
    """
    sight = sight_of(reader, at=at)
    rows = _rows(sight, at).exclude(pk=leave_out or 0)
    if form_key is not None:
        rows = rows.exclude(form_key=form_key)
    best = _titles(rows).alike(title)[:_NAMED]
    known = _known(best, sight, at)
    return [known[pk] for pk in best]


def nearby(items: Sequence[AgendaItem], *, reader: object, at: dt.datetime) -> dict[int, Nearby]:
    """The same for many proposals, by their number, with the topic each goes on with; five queries however many."""
    if not items:
        return {}
    sight = sight_of(reader, at=at)
    titles = _titles(_rows(sight, at))
    best = {item.pk: _others(titles, item) for item in items}
    named = {pk for found in best.values() for pk in found} | {item.relates_to_id or 0 for item in items}
    known = _known(named, sight, at)
    return {
        item.pk: Nearby(tuple(known[pk] for pk in best[item.pk]), known.get(item.relates_to_id or 0)) for item in items
    }


def _others(titles: Titles, item: AgendaItem) -> list[int]:
    """Without the item itself and what is said of it anyway: that it goes on with this, or comes from there."""
    said = {item.pk, item.relates_to_id, item.continued_from_id}
    return [pk for pk in titles.alike(item.title) if pk not in said][:_NAMED]


def _rows(sight: Sight, at: dt.datetime) -> QuerySet[AgendaItem]:
    there = AgendaItem.objects.visible_to(sight, at=at).filter(standing_code="", continued_by__isnull=True)
    return there.exclude(state__in=_NEVER_THERE)


def _titles(rows: QuerySet[AgendaItem]) -> Titles:
    return Titles(dict(rows.order_by("-pk").values_list("pk", "title")[:_LOOKED_AT]))


def _known(wanted: Collection[int], sight: Sight, at: dt.datetime) -> dict[int, Similar]:
    if not wanted:
        return {}
    seen = Decision.objects.visible_to(sight, at=at).standing().order_by("pk")
    items = (
        AgendaItem.objects.visible_to(sight, at=at)
        .select_related("alliance", "meeting", "proposer")
        .prefetch_related(Prefetch("decisions", queryset=seen))
        .in_bulk(list(wanted))
    )
    return {pk: Similar(item, tuple(item.decisions.all())) for pk, item in items.items()}
