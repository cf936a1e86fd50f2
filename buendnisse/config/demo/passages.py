"""Relays: what one body handed to another, and how the answer came home."""

from __future__ import annotations

from buendnisse.config.demo import outcomes
from buendnisse.config.demo.source import Contradiction, Row
from buendnisse.config.demo.stage import TODAY, Stage, maybe
from buendnisse.models import Body
from meetings.enums import RelayKind, RelayState
from meetings.models import AgendaItem, Decision, Meeting, Relay


def load(stage: Stage, row: Row) -> None:
    follows: dict[str, str] = {}
    supporting: list[tuple[str, str]] = []
    led_to: list[tuple[str, str]] = []
    overdue: dict[str, bool] = {}
    for entry in row.rows("relays"):
        identifier = entry.text("id")
        if entry.has("follows"):
            follows[identifier] = entry.text("follows")
        supporting += [(identifier, other) for other in entry.words("supporting_relays")]
        led_to += [(identifier, decision) for decision in entry.words("led_to")]
        overdue[identifier] = entry.flag("overdue")
        stage.relays[identifier] = _relay(stage, entry, identifier)
    for relay in stage.relays.values():
        _come_home(stage, relay)
    Relay.objects.bulk_create(stage.relays.values())
    for later, earlier in follows.items():
        stage.relays[later].follows = stage.relays[earlier]
    Relay.objects.bulk_update([stage.relays[later] for later in follows], ["follows"])
    for one, other in supporting:
        stage.relays[one].supporting.add(stage.relays[other])
    for relay_name, decision in led_to:
        stage.decisions[decision].rests_on = stage.relays[relay_name]
    Decision.objects.bulk_update([stage.decisions[decision] for _relay, decision in led_to], ["rests_on"])
    for item, name in stage.item_answers.items():
        stage.items[item].answers = stage.relays[name]
    AgendaItem.objects.bulk_update([stage.items[item] for item in stage.item_answers], ["answers"])
    outcomes.raise_counters([relay.number for relay in stage.relays.values()])
    found = {relay.number.lower() for relay in Relay.objects.overdue(TODAY)}
    if found != {identifier for identifier, told in overdue.items() if told}:
        raise Contradiction(f"overdue: {found}")


def _target(stage: Stage, entry: Row) -> Body:
    if entry.has("to_alliance"):
        return stage.alliances[entry.text("to_alliance")]
    if entry.has("to_unit"):
        return stage.units[entry.text("to_unit")]
    return stage.externals[entry.text("to_external")]


def _relay(stage: Stage, entry: Row, identifier: str) -> Relay:
    sent_by, target_item, answer = (
        entry.text("sent_by"),
        entry.text("target_agenda_item"),
        entry.text("answer_decision"),
    )
    decision = stage.decisions[entry.text("source_decision")]
    relay = Relay(
        number=entry.text("number"),
        source=stage.alliances[entry.text("from_alliance")],
        target=_target(stage, entry),
        source_decision=decision,
        source_item=decision.agenda_item,
        kind=RelayKind(entry.text("kind")),
        subject=entry.text("subject"),
        message=entry.text("message"),
        due_on=entry.maybe_day("due_on"),
        state=RelayState(entry.text("status")),
        sent_by=stage.people[sent_by] if sent_by else None,
        sent_at=maybe(entry.maybe_day("sent_on"), 11),
        acknowledged_at=maybe(entry.maybe_day("acknowledged_on"), 9, 20),
        target_item=stage.items[target_item] if target_item else None,
        answer=entry.text("answer"),
        answer_kind=entry.text("answer_kind"),
        answer_decision=stage.decisions[answer] if answer else None,
        answered_at=maybe(entry.maybe_day("answered_on"), 12),
        returned_at=maybe(entry.maybe_day("returned_on"), 13),
        withdrawn_at=maybe(entry.maybe_day("withdrawn_on"), 14),
        declined_at=maybe(entry.maybe_day("declined_on"), 15),
        reason=entry.text("withdrawal_reason") or entry.text("decline_reason"),
        outcome=entry.text("outcome"),
        outcome_on=entry.maybe_day("outcome_on"),
        outcome_text=entry.text("outcome_text"),
    )
    if identifier != relay.number.lower():
        raise Contradiction(f"{identifier} has the number {relay.number}")
    return relay


def _come_home(stage: Stage, relay: Relay) -> None:
    """When the target's meeting answered, under which item of the source that was read, and when it closed the relay."""
    if relay.target_item and relay.target_item.meeting and relay.answered_at:
        relay.answered_at = relay.target_item.meeting.end
        if relay.returned_at:
            relay.returned_at = max(relay.returned_at, relay.answered_at)
    if relay.returned_at is None or relay.kind == RelayKind.FOR_INFORMATION:
        relay.closed_at = relay.returned_at if relay.state == RelayState.CLOSED else None
        return
    meeting = _next_meeting(stage, relay)
    relay.returned_item = next(
        item for item in stage.items.values() if item.meeting == meeting and item.standing_code == "relays"
    )
    if relay.state == RelayState.CLOSED:
        relay.closed_at = meeting.end


def _next_meeting(stage: Stage, relay: Relay) -> Meeting:
    return next(
        meeting
        for meeting in stage.meetings.values()
        if meeting.alliance_id == relay.source_id
        and relay.returned_at is not None
        and meeting.start > relay.returned_at
    )
