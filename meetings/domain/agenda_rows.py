"""What is set on the rows of an agenda at once: minutes, who presents, places. All of it is kept, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.models import Person
from meetings.domain import agenda, agenda_order, agenda_seen
from meetings.domain.agenda_seen import OrderStale, Seen
from meetings.models import AgendaItem, Meeting


@dataclass(frozen=True)
class Wish:
    """One row as somebody wants it, on top of the version they have read; a place of None is not asked for."""

    version: int
    minutes: int
    presenter: Person | None
    place: int | None


@dataclass(frozen=True)
class Moved:
    """A topic that got another number."""

    item: AgendaItem
    before: int

    @property
    def words(self) -> str:
        """ "TOP 5 steht jetzt an Platz 4: Rufbus."."""
        return _("TOP %(before)d steht jetzt an Platz %(place)d: %(title)s.") % {
            "before": self.before,
            "place": self.item.position,
            "title": self.item.title.rstrip("."),
        }


def save(
    meeting: Meeting,
    wishes: Mapping[int, Wish],
    *,
    seen: Seen,
    step: tuple[int, int] | None,
    by: Person,
    at: dt.datetime,
) -> Moved | None:
    """Keep the rows; `step` is an item and one place up (-1) or down (+1). The topic that moved last, if one did.

    Raises OrderStale where something is to move and the agenda is no longer the one that was seen, Stale where
    somebody else changed a row, CannotMove, TooLate.
    """
    moved = None
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        rows = meeting.agenda_items.on_agenda().filter(position__gt=0)
        items = {item.pk: item for item in rows.select_related("alliance", "presenter", "meeting")}
        places = seen.places
        wanted = {pk: wish.place for pk, wish in wishes.items() if wish.place and wish.place != places.get(pk)}
        if (wanted or step) and seen.order != tuple(items):
            raise OrderStale(agenda_seen.changes_since(seen, meeting))
        for pk, wish in wishes.items():
            if pk in items:
                _keep(items[pk], wish, by=by, at=at)
        for pk, place in sorted(wanted.items(), key=lambda one: one[1]):
            agenda_order.move_to(items[pk], place, by=by, at=at)
            moved = Moved(items[pk], places[pk])
        if step is not None and step[0] in items:
            item = items[step[0]]
            (agenda_order.move_up if step[1] < 0 else agenda_order.move_down)(item, by=by, at=at)
            moved = Moved(item, places[item.pk])
    return moved


def overtaken(meeting: Meeting, wishes: Mapping[int, Wish]) -> list[AgendaItem]:
    """The rows somebody else changed since they were read and that are wanted otherwise, in their order."""
    items = meeting.agenda_items.on_agenda().filter(position__gt=0, pk__in=wishes).order_by("position", "pk")
    rows = items.select_related("presenter__organisation")
    return [item for item in rows if wishes[item.pk].version != item.version and _wanted(item, wishes[item.pk])]


def _keep(item: AgendaItem, wish: Wish, *, by: Person, at: dt.datetime) -> None:
    fields = _wanted(item, wish)
    if fields:
        agenda.edit(item, version=wish.version, by=by, at=at, **fields)


def _wanted(item: AgendaItem, wish: Wish) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if wish.minutes != item.duration_minutes:
        fields["duration_minutes"] = wish.minutes
    if (wish.presenter.pk if wish.presenter else None) != item.presenter_id:
        fields["presenter"] = wish.presenter
    return fields
