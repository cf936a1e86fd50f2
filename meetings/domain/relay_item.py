"""The target's own item: where its body decides about what another one asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator

from buendnisse.clock import local_date
from buendnisse.enums import Via
from buendnisse.models import Membership, Person
from meetings.domain import agenda_fate, agenda_order, standing
from meetings.domain.moves import move
from meetings.domain.relay_rules import Source, source_of
from meetings.enums import BEGUN, NOT_AHEAD, RELAY_TRAVELLING, AgendaItemKind, AgendaItemState, RelayKind
from meetings.models import AgendaItem, Decision, Meeting, Relay

#: Items that still stand somewhere; what was discussed has had its time and may come again.
ALIVE = frozenset(
    {
        AgendaItemState.PROPOSED,
        AgendaItemState.ACCEPTED,
        AgendaItemState.SCHEDULED,
        AgendaItemState.BACKLOG,
        AgendaItemState.DISCUSSED,
    }
)
#: Items that wait to be taken up.
NOT_PLACED = frozenset({AgendaItemState.PROPOSED, AgendaItemState.BACKLOG})
#: Items that may still leave an agenda without a trace.
_MAY_LEAVE = frozenset(
    {AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED, AgendaItemState.BACKLOG}
)
_TITLE = 250  # characters an item's title holds


def put_on(meeting: Meeting | None, relay: Relay, *, minutes: int, is_late: bool) -> AgendaItem:
    """The target's item, without a meeting in its Themenspeicher.

    It holds no copy of the question: pages and documents read that from the relay. What was talked about before is gone
    on with, so that the chain of its meetings stays whole.
    """
    source, before = source_of(relay), relay.target_item
    if meeting is None:
        state = AgendaItemState.BACKLOG
    else:
        standing.ensure_standing_items(meeting)
        has_left = meeting.agenda_sent_at is not None
        state = AgendaItemState.SCHEDULED if has_left else AgendaItemState.ACCEPTED
    goes_on = (
        before is not None
        and before.state == AgendaItemState.DISCUSSED
        and not AgendaItem.objects.filter(continued_from=before).exists()
    )
    item = AgendaItem.objects.create(
        meeting=meeting,
        alliance_id=relay.target_id,
        kind=AgendaItemKind.DECISION if relay.kind == RelayKind.VOTE_REQUESTED else AgendaItemKind.DISCUSSION,
        title=_title(relay),
        duration_minutes=minutes,
        proposer=relay.sent_by,
        proposing_organisation=relay.sent_by.organisation if relay.sent_by else None,
        presenter=_presenter(relay, source, meeting),
        submitted_at=relay.sent_at,
        submitted_via=Via.RELAY,
        is_late=is_late,
        state=state,
        answers=relay,
        continued_from=before if goes_on else None,
    )
    item.topics.set(source.topics.all())
    item.papers.set(relay.papers.all())
    if meeting is not None:
        agenda_order.place(item)
    return item


def _presenter(relay: Relay, source: Source, meeting: Meeting | None) -> Person | None:
    """Who presented it at home, where they sit in the target's meeting too; nobody else is there to speak."""
    item = source.agenda_item if isinstance(source, Decision) else source
    if item is None or item.presenter is None or meeting is None:
        return None
    there = Membership.objects.active_on(local_date(meeting.start)).filter(body=relay.target_id)
    return item.presenter if there.filter(person=item.presenter).exists() else None


def _title(relay: Relay) -> str:
    """ "Randzeitenbetreuung: Bitte um Stellungnahme aus Arbeit"; in brackets where the subject has a colon already."""
    asked_for = f"{relay.get_kind_display()} aus {relay.source.word}"
    asked_for = f" ({asked_for})" if ":" in relay.subject else f": {asked_for}"
    return Truncator(relay.subject).chars(_TITLE - len(asked_for)) + asked_for


def take_off(relay: Relay, *, reason: str, by: Person | None, at: dt.datetime, via: str = Via.WEB) -> dict[str, Any]:
    """Take the target's item off an agenda nobody has received; where it stood, for the journal, so that it can go back.

    What has left stays, and its page says what happened. Topics that were dealt with under it are topics of their own
    again, as when its proposer takes a topic back.
    """
    item = standing_item(relay)
    if item is None or item.state not in _MAY_LEAVE or _has_left(item):
        return {}
    agenda_fate.set_free(item, by=by, at=at, via=via)
    stood = {"off": item.pk, "stood": str(item.state), "place": item.position}
    agenda_order.remove(item)
    move(item, to=AgendaItemState.WITHDRAWN, reason=reason)
    return stood


def put_back(stood: Mapping[str, Any]) -> None:
    """What `take_off` took stands where it stood. `stood` is what it wrote down. Raises MoveRefused."""
    item = AgendaItem.objects.select_related("meeting").filter(pk=stood.get("off") or 0).first()
    if item is None or item.state != AgendaItemState.WITHDRAWN:
        return
    move(item, to=AgendaItemState.PROPOSED, reason="")
    was = stood["stood"]
    if was == AgendaItemState.BACKLOG:
        move(item, to=AgendaItemState.BACKLOG)
    if was in {AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED}:
        move(item, to=AgendaItemState.ACCEPTED)
        if was == AgendaItemState.SCHEDULED:
            move(item, to=AgendaItemState.SCHEDULED)
        agenda_order.place(item)
        agenda_order.put(item, stood.get("place") or item.position)


def go_on_with(item: AgendaItem, source: AgendaItem) -> None:
    """A vote by mail about `source` failed and its matter comes to the table as `item`: so does what another body asked."""
    relay = Relay.objects.filter(pk=source.answers_id or 0, state__in=RELAY_TRAVELLING, target_item=source).first()
    if relay is not None:
        AgendaItem.objects.filter(pk=item.pk).update(answers=relay)
        item.answers = relay
        Relay.objects.filter(pk=relay.pk).update(target_item=item)


def standing_item(relay: Relay) -> AgendaItem | None:
    """The target's item as long as it can still come to the table; None where there is none, or it was taken off."""
    item = relay.target_item
    if item is None or item.answers_id != relay.pk or item.state not in ALIVE:
        return None
    return item


def asked_in(meeting: Meeting) -> list[Relay]:
    """What other bodies ask and this meeting is to decide."""
    rows = Relay.objects.filter(target_item__meeting=meeting, state__in=RELAY_TRAVELLING)
    return list(rows.exclude(kind=RelayKind.FOR_INFORMATION).select_related("source").order_by("number"))


def is_waiting(item: AgendaItem, *, at: dt.datetime) -> bool:
    """Whether the item lies ahead: in the Themenspeicher, or for a meeting that takes place and has not been held."""
    return item.meeting is None or (item.meeting.state not in NOT_AHEAD and item.meeting.end > at)


def _has_left(item: AgendaItem) -> bool:
    return item.meeting is not None and (item.meeting.agenda_sent_at is not None or item.meeting.state in BEGUN)
