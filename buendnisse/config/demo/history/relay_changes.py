"""The ways of the relays, there and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from buendnisse.config.demo.history.entry import change
from buendnisse.config.demo.history.meeting_changes import dealt_with_at
from buendnisse.config.demo.stage import START, Stage, moment
from buendnisse.models import Change
from meetings.enums import Happened, MeetingState
from meetings.models import Relay

_MINUTE = dt.timedelta(minutes=1)
_TAKEN_PLACE = frozenset({MeetingState.HELD, MeetingState.CLOSED})


def all_of(stage: Stage) -> Iterator[Change]:
    for relay in stage.relays.values():
        yield from _there(stage, relay)
        yield from _back(stage, relay)


def _there(stage: Stage, relay: Relay) -> Iterator[Change]:
    head, source, target = stage.head, relay.source, relay.target
    about = {"source": source.pk, "target": target.pk}
    drafted = relay.sent_at - 30 * _MINUTE if relay.sent_at else START - 60 * _MINUTE
    yield change(Happened.RELAY_DRAFTED, relay, at=drafted, body=source, by=head, data=about)
    if relay.sent_at:
        yield change(Happened.RELAY_SENT, relay, at=relay.sent_at, body=target, by=relay.sent_by, data=about)
    if relay.acknowledged_at:
        yield change(Happened.RELAY_ACKNOWLEDGED, relay, at=relay.acknowledged_at, body=target, by=head, data=about)
    item = relay.target_item
    if item is None or item.meeting is None:
        return
    taken_up = {**about, "agenda_item": item.pk}
    first = relay.acknowledged_at + 10 * _MINUTE if relay.acknowledged_at else START
    scheduled = max(first, item.submitted_at or first)
    yield change(Happened.RELAY_SCHEDULED, relay, at=scheduled, body=target, by=head, data=taken_up)
    if item.meeting.state in _TAKEN_PLACE:
        at = dealt_with_at(stage, item)
        yield change(Happened.RELAY_DISCUSSED, relay, at=at, body=target, by=stage.writer, data=taken_up)


def _back(stage: Stage, relay: Relay) -> Iterator[Change]:
    head, source, target = stage.head, relay.source, relay.target
    about = {"source": source.pk, "target": target.pk}
    if relay.answered_at:
        data = {**about, "decision": relay.answer_decision_id}
        yield change(Happened.RELAY_ANSWERED, relay, at=relay.answered_at, body=target, by=stage.writer, data=data)
    if relay.outcome_on:
        at = moment(relay.outcome_on, 16)
        yield change(
            Happened.RELAY_OUTCOME_RECORDED, relay, at=at, body=source, by=head, data={"outcome": relay.outcome}
        )
    for verb, at_moment, body in (
        (Happened.RELAY_WITHDRAWN, relay.withdrawn_at, source),
        (Happened.RELAY_DECLINED, relay.declined_at, target),
        (Happened.RELAY_RETURNED, relay.returned_at, source),
        (Happened.RELAY_CLOSED, relay.closed_at, source),
    ):
        if at_moment:
            yield change(verb, relay, at=at_moment, body=body, by=head, data=about)
