"""What lies beside an agenda while it is built: proposals, relays due, what waits, and what was decided already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from buendnisse import german
from meetings.domain import agenda_confidential, agenda_order, standing
from meetings.domain.agenda_order import Agenda
from meetings.domain.agenda_rules import OPEN_MEETINGS
from meetings.enums import AgendaItemState, RelayState
from meetings.models import AgendaItem, Meeting, Relay

_DECIDED = (
    AgendaItemState.DECLINED,
    AgendaItemState.DELEGATED,
    AgendaItemState.WITHDRAWN,
    AgendaItemState.DEFERRED,
)
#: Relays that wait for a place on an agenda of the target.
_WAITING = (RelayState.SENT, RelayState.ACKNOWLEDGED)


@dataclass(frozen=True)
class Offer:
    """A topic beside the agenda, and how long the agenda would be with it."""

    item: AgendaItem
    minutes_with: int
    is_too_long: bool
    only_for: str = ""  # "Vertraulich: nur für Jobcenter"


@dataclass(frozen=True)
class Board:
    """Everything the Fachstelle looks at while building one agenda."""

    meeting: Meeting
    agenda: Agenda
    proposals: Sequence[Offer]
    backlog: Sequence[Offer]
    decided: Sequence[AgendaItem]
    relays: Sequence[Relay]
    returns: Sequence[Relay]
    is_open: bool

    @property
    def waiting(self) -> int:
        """How much came from other bodies."""
        return len(self.relays) + len(self.returns)


def board(meeting: Meeting, *, reader: object, at: dt.datetime) -> Board:
    """The board of one meeting. The number of queries does not depend on how much lies on it."""
    agenda = agenda_order.numbered(meeting, reader=reader, at=at)
    prefetch_related_objects([entry.item for entry in agenda.entries], "continued_from__meeting")
    seen = agenda_confidential.marked(AgendaItem.objects.visible_to(reader, at=at)).filter(
        alliance_id=meeting.alliance_id
    )
    rows = list(
        seen.filter(meeting=meeting, state__in=[AgendaItemState.PROPOSED, *_DECIDED])
        .select_related("proposer__organisation", "continued_from__meeting", "answers__source", "delegated_to")
        .order_by("submitted_at", "pk")
    )
    backlog = list(
        seen.filter(meeting=None, state=AgendaItemState.BACKLOG)
        .select_related("proposer__organisation", "continued_from__meeting", "answers__source")
        .order_by("submitted_at", "pk")
    )
    relays = list(
        Relay.objects.visible_to(reader, at=at)
        .open()
        .filter(target_id=meeting.alliance_id, state__in=_WAITING)
        .select_related("source")
        .order_by("due_on", "pk")
    )
    returns = list(
        Relay.objects.visible_to(reader, at=at)
        .filter(source_id=meeting.alliance_id, state__in=[RelayState.ANSWERED, RelayState.RETURNED])
        .select_related("target", "answer_decision")
        .order_by("answered_at", "pk")
    )
    only_for = agenda_confidential.words_for([*rows, *backlog])
    return Board(
        meeting=meeting,
        agenda=agenda,
        proposals=[_offer(item, agenda, only_for) for item in rows if item.state == AgendaItemState.PROPOSED],
        backlog=[_offer(item, agenda, only_for) for item in backlog],
        decided=[item for item in rows if item.state in _DECIDED and item.position == 0],
        relays=relays,
        returns=returns,
        is_open=meeting.state in OPEN_MEETINGS,
    )


def ways(item: AgendaItem) -> list[tuple[str, str]]:
    """What may become of a topic instead, as code and sentence; `later:<meeting>` names the meeting."""
    found: list[tuple[str, str]] = []
    after = standing.meeting_after(item.meeting) if item.meeting else None
    may_go = item.state != AgendaItemState.BACKLOG
    if after is not None and may_go:
        day = german.long_day(after.start)
        found.append((f"later:{after.pk}", _("Es kommt in die nächste Sitzung am %s.") % day))
    if may_go:
        found.append(
            ("backlog", _("Es kommt in den Themenspeicher und wird für die nächste Tagesordnung wieder vorgelegt."))
        )
    if item.state == AgendaItemState.PROPOSED:
        found.append(("delegate", _("Eine Stelle kümmert sich darum.")))
    if (
        item.state in {AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.BACKLOG}
        and not item.answers_id
    ):
        found.append(("decline", _("Es wird nicht weiter verfolgt.")))
    return found


def _offer(item: AgendaItem, agenda: Agenda, only_for: Mapping[int, str]) -> Offer:
    minutes = agenda.minutes + item.duration_minutes
    return Offer(item, minutes, minutes > agenda.capacity, only_for.get(item.pk, ""))
