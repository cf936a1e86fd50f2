"""Two topics become one: one is dealt with under the other, both proposers stay named, and it can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.domain import agenda_order
from meetings.domain.agenda_rules import AgendaRefused, reason_of, refuse_if_it_answers
from meetings.domain.moves import move
from meetings.enums import AgendaItemState, Happened
from meetings.models import AgendaItem, Meeting
from meetings.models.agenda_item import AgendaItemQuerySet

#: What may take another topic in.
MAY_TAKE_IN = frozenset(
    {AgendaItemState.PROPOSED, AgendaItemState.BACKLOG, AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED}
)
#: What may be dealt with under another. What is on an agenda that has left stays where everybody has read it.
MAY_GO_IN = frozenset({AgendaItemState.PROPOSED, AgendaItemState.BACKLOG, AgendaItemState.ACCEPTED})


class CannotMerge(AgendaRefused):
    """These two cannot become one."""


class AcrossBodies(CannotMerge):
    """They belong to two alliances; what one asks of another is a relay."""


def merge(item: AgendaItem, *, into: AgendaItem, reason: str, by: Person, at: dt.datetime) -> None:
    """Deal with `item` under `into`, which keeps its words and its place; papers and topics come along.

    Raises AcrossBodies, CannotMerge, ReasonMissing, HoldsRelay, MoveRefused.
    """
    said = reason_of(reason)
    _require_a_pair(item, into)
    refuse_if_it_answers(item)
    with transaction.atomic():
        if AgendaItem.objects.select_for_update().get(pk=into.pk).state != into.state:
            raise CannotMerge(_("Jemand anderes war schneller. Bitte laden Sie die Seite neu."))
        papers = _added(into.papers.values_list("pk", flat=True), item.papers.values_list("pk", flat=True))
        topics = _added(into.topics.values_list("pk", flat=True), item.topics.values_list("pk", flat=True))
        into.papers.add(*papers)
        into.topics.add(*topics)
        was, place = str(item.state), item.position
        agenda_order.remove(item)
        move(item, to=AgendaItemState.MERGED, reason=said, merged_into=into)
        data: dict[str, Any] = {"meeting": item.meeting_id, "into": into.pk, "was": was, "place": place}
        data |= {"papers": papers, "topics": topics}
        journal.record(Happened.ITEM_MERGED, item, at=at, by=by, body=item.alliance, data=data)


def part(item: AgendaItem, *, papers: Iterable[int], topics: Iterable[int]) -> None:
    """Give back what came along with a merge. The state is moved by whoever calls."""
    into = item.merged_into
    if into is not None:
        into.papers.remove(*papers)
        into.topics.remove(*topics)


def partners(item: AgendaItem, meeting: Meeting, *, reader: object, at: dt.datetime) -> AgendaItemQuerySet:
    """The topics `item` can be dealt with under: of its alliance, for this meeting or waiting."""
    seen = AgendaItem.objects.visible_to(reader, at=at).filter(alliance_id=item.alliance_id, standing_code="")
    near = seen.filter(meeting=meeting) | seen.filter(meeting=None)
    found = near.filter(state__in=MAY_TAKE_IN).exclude(pk=item.pk)
    return found.select_related("proposer__organisation").order_by("meeting", "position", "submitted_at", "pk")


def _require_a_pair(item: AgendaItem, into: AgendaItem) -> None:
    if item.pk == into.pk:
        raise CannotMerge(_("Bitte wählen Sie ein anderes Thema. Mit sich selbst lässt es sich nicht zusammenlegen."))
    if item.alliance_id != into.alliance_id:
        raise AcrossBodies(
            _(
                "Die beiden Themen gehören zu verschiedenen Bündnissen. Zusammenlegen geht nur in einem Bündnis; "
                "in ein anderes geben Sie ein Thema mit einer Weiterleitung."
            )
        )
    if item.standing_code or into.standing_code:
        raise CannotMerge(_("Ein fester Punkt lässt sich nicht zusammenlegen."))
    if into.state not in MAY_TAKE_IN or item.state not in MAY_GO_IN:
        one = item if item.state not in MAY_GO_IN else into
        raise CannotMerge(
            _("„%(title)s“ lässt sich nicht mehr zusammenlegen. Der Stand ist „%(state)s“.")
            % {"title": one.title, "state": one.get_state_display()}
        )
    if item.merged.exists():
        raise CannotMerge(
            _("In „%(title)s“ ist schon ein anderes Thema enthalten. Legen Sie „%(other)s“ mit „%(title)s“ zusammen.")
            % {"title": item.title, "other": into.title}
        )
    if _closed(item) != _closed(into):
        raise CannotMerge(_("Die beiden Themen sind nicht für dieselben Organisationen sichtbar."))


def _closed(item: AgendaItem) -> set[int]:
    return set(item.confidential_to.values_list("pk", flat=True))


def _added(there: Iterable[int], coming: Iterable[int]) -> list[int]:
    return sorted(set(coming) - set(there))
