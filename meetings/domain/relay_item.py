"""The target's own item: where its body decides about what another one asks."""

from __future__ import annotations

from django.utils.text import Truncator

from buendnisse.enums import Via
from meetings.domain import agenda_order, standing
from meetings.domain.moves import move
from meetings.domain.relay_rules import source_of
from meetings.enums import AgendaItemKind, AgendaItemState, RelayKind
from meetings.models import AgendaItem, Decision, Meeting, Relay

#: Items that may still leave an agenda without a trace.
_MAY_LEAVE = frozenset(
    {AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED, AgendaItemState.BACKLOG}
)
_TITLE = 250  # characters an item's title holds


def put_on(meeting: Meeting, relay: Relay, *, minutes: int, is_late: bool) -> AgendaItem:
    """The target's item. It holds no copy of the question: pages and documents read that from the relay."""
    source = source_of(relay)
    standing.ensure_standing_items(meeting)
    has_left = meeting.agenda_sent_at is not None
    item = AgendaItem.objects.create(
        meeting=meeting,
        alliance_id=meeting.alliance_id,
        kind=AgendaItemKind.DECISION if relay.kind == RelayKind.VOTE_REQUESTED else AgendaItemKind.DISCUSSION,
        title=_title(relay),
        duration_minutes=minutes,
        proposer=relay.sent_by,
        proposing_organisation=relay.sent_by.organisation if relay.sent_by else None,
        presenter=source.agenda_item.presenter if isinstance(source, Decision) and source.agenda_item else None,
        submitted_at=relay.sent_at,
        submitted_via=Via.RELAY,
        is_late=is_late,
        state=AgendaItemState.SCHEDULED if has_left else AgendaItemState.ACCEPTED,
        answers=relay,
    )
    item.topics.set(source.topics.all())
    item.papers.set(relay.papers.all())
    agenda_order.place(item)
    return item


def _title(relay: Relay) -> str:
    """ "Randzeitenbetreuung: Bitte um Stellungnahme aus Arbeit" """
    asked_for = f": {relay.get_kind_display()} aus {relay.source.word}"
    return Truncator(relay.subject).chars(_TITLE - len(asked_for)) + asked_for


def take_off(relay: Relay, *, reason: str) -> None:
    """Take the target's item off an agenda nobody has received. What has left stays, and its page says what happened."""
    item = relay.target_item
    if item is None or item.answers_id != relay.pk or item.state not in _MAY_LEAVE:
        return
    if item.meeting is not None and item.meeting.agenda_sent_at is not None:
        return
    agenda_order.remove(item)
    move(item, to=AgendaItemState.WITHDRAWN, reason=reason)
