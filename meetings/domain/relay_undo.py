"""Putting a slip right: for a minute, as long as its mail waits, a step with a relay can be taken back.

Every step writes down where the relay stood before it (`was`), and which item it made or took off an agenda. What is
taken back is always the last step. Later there are ways in the open: a "not ours" is taken up again, a question is
withdrawn, a second one follows.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import papers
from buendnisse.enums import Via
from buendnisse.models import Change, Person
from meetings.domain import agenda_fate, agenda_order, relay_item
from meetings.domain.moves import TAKE_BACK_WITHIN, MoveRefused, move_back
from meetings.domain.relay_journal import record
from meetings.domain.relay_rules import RelayRefused
from meetings.enums import Happened, RelayState
from meetings.models import AgendaItem, CircularVote, Decision, Relay

_NO_ANSWER: dict[str, Any] = {
    "answer": "",
    "answer_kind": "",
    "answer_decision": None,
    "answered_at": None,
    "outcome": "",
    "outcome_on": None,
    "outcome_text": "",
    "returned_at": None,
    "returned_item": None,
    "closed_at": None,
}
#: What each step has set, besides the state.
_CLEARED: dict[str, dict[str, Any]] = {
    Happened.RELAY_SENT: {"sent_by": None, "sent_at": None, "target_item": None},
    Happened.RELAY_ACKNOWLEDGED: {"acknowledged_at": None},
    Happened.RELAY_SCHEDULED: {},
    Happened.RELAY_DISCUSSED: {},
    Happened.RELAY_ANSWERED: _NO_ANSWER,
    Happened.RELAY_OUTCOME_RECORDED: _NO_ANSWER,
    Happened.RELAY_DECLINED: {"declined_at": None, "reason": "", "returned_item": None},
    Happened.RELAY_WITHDRAWN: {"withdrawn_at": None, "reason": ""},
    Happened.RELAY_CLOSED: {"closed_at": None},
}
#: Steps that say all by themselves; of the others only those are steps of a person that write down `was`.
_PLAIN = frozenset({Happened.RELAY_SENT, Happened.RELAY_DEFERRED, Happened.RELAY_DUE_MOVED, Happened.RELAY_KEPT})
_TRACES = 4  # changes one step leaves at most


class TooLate(RelayRefused):
    """The minute is over, or something else has happened since."""


def last_step(relay: Relay, *, at: dt.datetime) -> Change | None:
    """The step that can still be taken back at `at`; None where there is none.

    What the ring does by itself, and what a decision answers, is taken back where it began.
    """
    rows = list(Change.objects.of(relay).exclude(verb=Happened.RELAY_REMINDED).order_by("-pk")[:_TRACES])
    found = next((change for change in rows if change.verb in _PLAIN or "was" in change.data), None)
    if found is None or rows[0].verb == Happened.RELAY_TAKEN_BACK or rows[0].at != found.at:
        return None
    if found.by_id is None or found.at + TAKE_BACK_WITHIN <= at:
        return None
    if "decision" in found.data and _is_under_own_item(relay):
        return None  # the decision is taken back, and its answer with it
    is_reopened = found.verb == Happened.RELAY_ACKNOWLEDGED and found.data["was"] == RelayState.DECLINED
    return None if is_reopened else found  # the reason it was declined for is gone


def take_back(relay: Relay, *, step: int, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The relay stands where it stood before that step; a second tap does nothing. Raises TooLate, MoveRefused."""
    with transaction.atomic():
        Relay.objects.select_for_update(of=["self"]).get(pk=relay.pk)
        relay.refresh_from_db()
        if Change.objects.of(relay).filter(verb=Happened.RELAY_TAKEN_BACK, data__step=step).exists():
            return
        found = last_step(relay, at=at)
        if found is None or found.pk != step:
            raise TooLate(_("Die Minute ist vorbei, oder es ist schon etwas anderes geschehen. Der Schritt bleibt."))
        match found.verb:
            case Happened.RELAY_DUE_MOVED:
                was_due = found.data["was_due"]
                Relay.objects.filter(pk=relay.pk).update(due_on=dt.date.fromisoformat(was_due) if was_due else None)
            case Happened.RELAY_KEPT:
                Relay.objects.filter(pk=relay.pk).update(kept_at=None)
            case Happened.RELAY_DEFERRED:
                _stand_again(found, by=by, at=at, via=via)
            case _:
                _back(relay, found, by=by, at=at)
        record(Happened.RELAY_TAKEN_BACK, relay, body=relay.source, by=by, at=at, via=via, step=found.pk)
        relay.refresh_from_db()


def _is_under_own_item(relay: Relay) -> bool:
    decision = relay.answer_decision
    return decision is not None and decision.agenda_item is not None and decision.agenda_item.answers_id == relay.pk


def _back(relay: Relay, found: Change, *, by: Person, at: dt.datetime) -> None:
    was = found.data.get("was", RelayState.DRAFT)
    is_noted = found.verb == Happened.RELAY_CLOSED and was != RelayState.RETURNED
    fields = dict(_NO_ANSWER if is_noted else _CLEARED[found.verb])
    if found.verb == Happened.RELAY_SCHEDULED:
        fields["target_item"] = AgendaItem.objects.filter(pk=found.data.get("before") or 0).first()
        if was == RelayState.SENT:
            fields["acknowledged_at"] = None
    move_back(relay, to=was, **fields)
    if "answer" in fields:
        for letter in relay.answer_papers.all():
            papers.end(letter, by=by, at=at)
        relay.answer_papers.clear()
    relay_item.put_back(found.data)
    if found.data.get("made"):
        _drop(AgendaItem.objects.get(pk=found.data["made"]))


def _drop(item: AgendaItem) -> None:
    """The item that was made goes without a trace, while nobody has touched it. Raises MoveRefused."""
    is_used = (
        item.version != 1
        or item.result
        or item.merged.exists()
        or AgendaItem.objects.filter(continued_from=item).exists()
        or CircularVote.objects.filter(agenda_item=item).exists()
        or Decision.objects.filter(agenda_item=item).exists()
    )
    if is_used:
        raise MoveRefused(_("Mit dem Punkt ist schon weitergearbeitet worden. Vertagen Sie ihn, oder antworten Sie."))
    agenda_order.remove(item)
    item.delete()


def _stand_again(found: Change, *, by: Person, at: dt.datetime, via: str) -> None:
    """What was put off stands where it stood. Raises AgendaRefused."""
    item = AgendaItem.objects.select_related("alliance", "meeting").get(pk=found.data["put_off"])
    agenda_fate.restore(item, by=by, at=at, via=via)
