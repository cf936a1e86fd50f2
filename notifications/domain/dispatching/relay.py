"""Relays: the target's chair hears of a request, the proposer and the chair at home of its answer. Members read the digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from buendnisse.clock import local_date
from buendnisse.enums import BodyKind, Office
from buendnisse.models import Change, Person
from meetings.domain import relay_turn, relay_words, spokespeople
from meetings.domain.relay_turn import Turn
from meetings.enums import Happened, RelayState
from meetings.models import Relay
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def sent(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """To whoever speaks for the target, and to the others of the Fachstelle. Bodies outside are written to by hand."""
    relay = _relay(change)
    if relay.target.kind != BodyKind.EXTERNAL:
        yield from _to_target(relay, "sent", at=at)
    for colleague in Person.objects.filter(office=Office.FACHSTELLE).exclude(pk=change.by_id).order_by("pk"):
        yield _draft(MailKind.RELAY, colleague, relay, "copy")


def reminded(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """To whoever must act now: who speaks for the target, or the Fachstelle.

    The Fachstelle also where nobody speaks for the target, or nobody we may write to: then somebody has to ring up.
    """
    relay = Relay.objects.select_related(*relay_turn.RELATED).get(pk=change.subject_id)
    turn = relay_turn.waiting_for(relay, at=at).turn
    if turn is Turn.NOBODY or (turn is Turn.TARGET and relay.target.kind == BodyKind.EXTERNAL):
        return
    person = spokespeople.of([relay.target], day=local_date(at)).get(relay.target_id)
    due = relay.due_on.isoformat() if relay.due_on else ""
    if turn is Turn.TARGET and person is not None and person.gets_mail:
        yield _draft(MailKind.RELAY, person, relay, change.reason, due=due)
        return
    for colleague in Person.objects.filter(office=Office.FACHSTELLE).active_on(local_date(at)).order_by("pk"):
        yield _draft(MailKind.RELAY, colleague, relay, f"ours_{change.reason}", due=due)


def due_moved(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """To whoever speaks for the target; the composer drops it where the date was put back, or an answer has come."""
    relay = _relay(change)
    if relay.target.kind != BodyKind.EXTERNAL and relay.due_on is not None:
        yield from _to_target(relay, "moved", due=relay.due_on.isoformat(), at=at)


def kept(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """What it carries fell, and it runs on: who is asked decides about it or takes note of it, and so hears of it."""
    relay = _relay(change)
    if relay.target.kind != BodyKind.EXTERNAL:
        yield from _to_target(relay, "kept", at=at)


def stands_again(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """What they carry holds after all; the composer drops it for who never heard that it had fallen."""
    for relay in Relay.objects.select_related("source", "target").filter(pk__in=change.data.get("kept", ())):
        if relay.target.kind != BodyKind.EXTERNAL:
            yield from _to_target(relay, "stands", at=at)


def withdrawn(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Only to those who had been asked; the composer drops it where the request never left."""
    relay = _relay(change)
    if relay.sent_at is not None:
        yield from _to_target(relay, "withdrawn", at=at)


def taken_back(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """A withdrawal was a slip: whoever had not got the request yet gets it after all, all others hear nothing."""
    relay = _relay(change)
    step = Change.objects.filter(pk=change.data.get("step") or 0, verb=Happened.RELAY_WITHDRAWN)
    if relay.sent_at is not None and relay.target.kind != BodyKind.EXTERNAL and step.exists():
        yield from _to_target(relay, "again", at=at)


def answered(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Home: to those who asked."""
    relay = _relay(change)
    yield from _to_source(relay, "declined" if relay.state == RelayState.DECLINED else "answered", at=at)


def corrected(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The same people hear how far the answer really answers; the composer drops it where they were told just that."""
    yield from _to_source(_relay(change), "corrected", at=at)


def _to_source(relay: Relay, about: str, *, at: dt.datetime) -> Iterator[Draft]:
    """To the proposer of the matter and to the chair."""
    chair = spokespeople.of([relay.source], day=local_date(at)).get(relay.source_id)
    proposer = relay.source_item.proposer if relay.source_item else None
    for person in dict.fromkeys(filter(None, [proposer, chair])):
        yield _draft(MailKind.RELAY_ANSWER, person, relay, about, said=relay_words.stamp(relay))


def _to_target(relay: Relay, about: str, *, at: dt.datetime, **more: str) -> Iterator[Draft]:
    person = spokespeople.of([relay.target], day=local_date(at)).get(relay.target_id)
    if person is not None:
        yield _draft(MailKind.RELAY, person, relay, about, **more)


def _draft(kind: MailKind, person: Person, relay: Relay, about: str, **more: str) -> Draft:
    return Draft(kind, person, matter=f"{kind}:{relay.pk}", data={"relay": relay.pk, "about": about, **more})


def _relay(change: Change) -> Relay:
    return Relay.objects.select_related("source", "target", "source_item__proposer").get(pk=change.subject_id)


HANDLERS: dict[str, Handler] = {
    Happened.RELAY_SENT: sent,
    Happened.RELAY_REMINDED: reminded,
    Happened.RELAY_DUE_MOVED: due_moved,
    Happened.RELAY_KEPT: kept,
    Happened.DECISION_REINSTATED: stands_again,
    Happened.RELAY_WITHDRAWN: withdrawn,
    Happened.RELAY_TAKEN_BACK: taken_back,
    Happened.RELAY_RETURNED: answered,
    Happened.RELAY_ANSWER_CORRECTED: corrected,
    Happened.RELAY_DECLINED: answered,
}
