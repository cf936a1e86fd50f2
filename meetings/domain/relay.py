"""Relays: a matter handed from one body to another, and its answer brought back.

A relay has two sides and one text. What is sent never changes. The target takes it up as an item of its own
and decides for itself; that decision *is* the answer, and it comes home by itself. The bodies have no power
over each other, so a relay is always a request: to decline is an answer too, and to withdraw is no failure.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import counters
from buendnisse.enums import Via
from buendnisse.models import Body, Paper, Person
from meetings.domain import relay_item, relay_report, relay_rules
from meetings.domain.moves import move
from meetings.domain.relay_arrival import Door, arrival
from meetings.domain.relay_journal import record
from meetings.enums import (
    RELAY_TRAVELLING,
    Happened,
    RelayAnswerKind,
    RelayKind,
    RelayState,
)
from meetings.models import AgendaItem, Decision, Meeting, Relay

_USUAL_MINUTES = 20  # as for any topic that is discussed


# --- Setting out ----------------------------------------------------------------------------------


def hand_over(
    source: relay_rules.Source,
    *,
    to: Body,
    kind: RelayKind,
    subject: str,
    message: str,
    due_on: dt.date | None,
    papers: Iterable[Paper] = (),
    follows: Relay | None = None,
    form_key: uuid.UUID,
    as_draft: bool = False,
    by: Person,
    at: dt.datetime,
) -> Relay:
    """Hand a standing decision, or an item, to another body; sent at once unless it stays a draft.

    The same `form_key` again gives the same relay: a double tap is one.
    Raises WayClosed, SourceFallen, Confidential, KindDoesNotFit, WordsMissing, DueTooEarly, NotOver.
    """
    known = Relay.objects.filter(form_key=form_key).first()
    if known is not None:
        return known
    today = local_date(at)
    relay_rules.require_way(source.alliance, to, day=today)
    relay_rules.require_standing(source)
    relay_rules.require_open(source)
    relay_rules.require_fit(kind, to)
    relay_rules.require_words(subject, message, due_on, today=today)
    if follows is not None:
        relay_rules.require_end(follows, source.alliance, to)
    try:
        with transaction.atomic():
            relay = Relay.objects.create(
                number=f"W-{today.year}-{counters.take(f'relay:{today.year}'):02d}",
                source_id=source.alliance_id,
                target=to,
                source_decision=source if isinstance(source, Decision) else None,
                source_item=source.agenda_item if isinstance(source, Decision) else source,
                kind=kind,
                subject=subject.strip(),
                message=message.strip(),
                due_on=due_on,
                follows=follows,
                form_key=form_key,
            )
            relay.papers.set(papers)
            if as_draft:
                record(Happened.RELAY_DRAFTED, relay, body=relay.source, by=by, at=at)
            else:
                send(relay, by=by, at=at)
    except IntegrityError:  # the other tap was faster
        return Relay.objects.get(form_key=form_key)
    return relay


def hand_over_to_all(
    source: relay_rules.Source,
    requests: Iterable[Mapping[str, Any]],
    *,
    follows: Relay | None = None,
    as_draft: bool = False,
    by: Person,
    at: dt.datetime,
) -> list[Relay]:
    """One relay for each request (the words `hand_over` takes), all of them or none. Raises what `hand_over` raises."""
    with transaction.atomic():
        return [hand_over(source, **request, follows=follows, as_draft=as_draft, by=by, at=at) for request in requests]


def reword(
    relay: Relay, *, subject: str, message: str, due_on: dt.date | None, version: int, by: Person, at: dt.datetime
) -> None:
    """Change a draft. Raises AlreadySent, Stale, WordsMissing, DueTooEarly."""
    if relay.state != RelayState.DRAFT:
        raise relay_rules.AlreadySent(_("%s ist gesendet. Der Wortlaut ändert sich nicht mehr.") % relay.number)
    relay_rules.require_words(subject, message, due_on, today=local_date(at))
    with transaction.atomic():
        changed = Relay.objects.filter(pk=relay.pk, state=RelayState.DRAFT, version=version).update(
            subject=subject.strip(), message=message.strip(), due_on=due_on, version=F("version") + 1
        )
        if changed != 1:
            raise relay_rules.Stale(Relay.objects.get(pk=relay.pk))
        relay.refresh_from_db()
        record(Happened.RELAY_DRAFTED, relay, body=relay.source, by=by, at=at, reason="reworded")


def send(relay: Relay, *, by: Person, at: dt.datetime) -> None:
    """Let a draft go. What is only for information joins the target's next report by itself.

    Raises SourceFallen, Confidential, WayClosed, DueTooEarly, MoveRefused.
    """
    today = local_date(at)
    relay_rules.require_standing(relay_rules.source_of(relay))
    relay_rules.require_open(relay_rules.source_of(relay))
    relay_rules.require_way(relay.source, relay.target, day=today)
    relay_rules.require_words(relay.subject, relay.message, relay.due_on, today=today)
    with transaction.atomic():
        move(relay, to=RelayState.SENT, sent_by=by, sent_at=at)
        record(Happened.RELAY_SENT, relay, body=relay.source, by=by, at=at)
        if relay.kind == RelayKind.FOR_INFORMATION:
            relay_report.announce(relay, at=at, by=by, via=Via.WEB)


def withdraw(relay: Relay, *, reason: str, by: Person, at: dt.datetime) -> None:
    """The source takes its request back. An agenda that has not left yet forgets it. Raises WordsMissing, MoveRefused."""
    said = relay_rules.required(reason, _("Bitte schreiben Sie, warum die Weiterleitung zurückgenommen wird."))
    with transaction.atomic():
        move(relay, to=RelayState.WITHDRAWN, withdrawn_at=at, reason=said)
        relay_item.take_off(relay, reason=said)
        record(Happened.RELAY_WITHDRAWN, relay, body=relay.source, by=by, at=at)


# --- With the target ------------------------------------------------------------------------------


def acknowledge(relay: Relay, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """It has arrived and somebody looks after it; said of a "not ours", that is taken back. Raises MoveRefused."""
    reason = "reopened" if relay.state == RelayState.DECLINED else ""
    with transaction.atomic():
        move(relay, to=RelayState.ACKNOWLEDGED, acknowledged_at=at, declined_at=None, reason="", returned_item=None)
        record(Happened.RELAY_ACKNOWLEDGED, relay, body=relay.target, by=by, at=at, via=via, reason=reason)


def take_up(
    relay: Relay,
    *,
    meeting: Meeting,
    minutes: int = _USUAL_MINUTES,
    is_urgent: bool = False,
    by: Person,
    at: dt.datetime,
) -> AgendaItem:
    """Put it on an agenda of the target as an item of its own, which answers the relay and links to its text.

    After the editorial deadline it is a Nachtrag; when that is over too, only what is urgent goes in, and the
    meeting agrees in TOP 1. Taking it up again for the same meeting gives the same item.
    Raises WrongMeeting, MoveRefused.
    """
    if relay.state == RelayState.ON_AGENDA and relay.target_item and relay.target_item.meeting_id == meeting.pk:
        return relay.target_item
    door = arrival(meeting, at=at).door
    if meeting.alliance_id != relay.target_id:
        raise relay_rules.WrongMeeting(_("Diese Sitzung gehört nicht zu %s.") % relay.target.name)
    if door is Door.SHUT and not (is_urgent and meeting.start > at):
        raise relay_rules.WrongMeeting(_("Für die Sitzung am %s ist es zu spät.") % german.day(meeting.start))
    with transaction.atomic():
        item = relay_item.put_on(meeting, relay, minutes=minutes, is_late=door is not Door.OPEN)
        move(relay, to=RelayState.ON_AGENDA, target_item=item, acknowledged_at=relay.acknowledged_at or at)
        reason = "urgent" if door is Door.SHUT else ""
        record(Happened.RELAY_SCHEDULED, relay, body=relay.target, by=by, at=at, item=item, reason=reason)
    return item


def discuss(relay: Relay, *, by: Person, at: dt.datetime) -> None:
    """It was talked about; the answer takes longer. Raises MoveRefused."""
    with transaction.atomic():
        move(relay, to=RelayState.DISCUSSED)
        record(Happened.RELAY_DISCUSSED, relay, body=relay.target, by=by, at=at, item=relay.target_item)


def decline(relay: Relay, *, reason: str, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The target is not the right one, and says why. The source hears of it in its next report.

    Raises WordsMissing, MoveRefused.
    """
    said = relay_rules.required(
        reason, _("Bitte schreiben Sie, warum es nicht hierher gehört. Der Absender liest genau das.")
    )
    with transaction.atomic():
        move(relay, to=RelayState.DECLINED, declined_at=at, reason=said)
        relay_item.take_off(relay, reason=said)
        relay_report.tell_refusal(relay, at=at)
        record(Happened.RELAY_DECLINED, relay, body=relay.target, by=by, at=at, via=via)


# --- The way home ---------------------------------------------------------------------------------


def answer_from_decision(decision: Decision, *, by: Person | None, at: dt.datetime, via: str = Via.WEB) -> Relay | None:
    """A body has decided under an item that answers a relay: that decision is the answer, and it goes home.

    Called for every decision; the relay it answered, or None where there is nothing (more) to answer. Calling
    it again does nothing, and a second decision under the same item leaves the first as the answer.
    """
    item = decision.agenda_item
    if decision.state not in relay_rules.ANSWERING or item is None or item.answers_id is None:
        return None
    with transaction.atomic():
        relay = Relay.objects.select_for_update(of=["self"]).filter(pk=item.answers_id).first()
        if relay is None or relay.state not in RELAY_TRAVELLING:
            return None
        _answer(relay, decision=decision, by=by, at=at, via=via)
    return relay


def take_answer_back(decision: Decision, *, by: Person, at: dt.datetime) -> None:
    """The decision was a mistake: what it answered has been talked about and waits for its answer again.

    Raises MoveRefused where the answer has been read already.
    """
    for relay in Relay.objects.select_for_update(of=["self"]).filter(answer_decision=decision):
        nothing: dict[str, Any] = {"answer": "", "answer_kind": "", "answer_decision": None, "answered_at": None}
        move(relay, to=RelayState.DISCUSSED, **nothing, returned_at=None, returned_item=None)
        record(Happened.RELAY_ANSWER_TAKEN_BACK, relay, body=relay.target, by=by, at=at, decision=decision)


def answer_with_decision(
    relay: Relay, *, decision: Decision, kind: RelayAnswerKind, words: str = "", by: Person, at: dt.datetime
) -> None:
    """The Fachstelle names the target's decision, where it was taken under another item or by mail.

    Raises NotTheirDecision, MoveRefused.
    """
    if decision.alliance_id != relay.target_id or decision.state not in relay_rules.ANSWERING:
        raise relay_rules.NotTheirDecision(_("%s ist kein Beschluss dieses Bündnisses.") % decision.number)
    with transaction.atomic():
        _answer(relay, decision=decision, words=words, kind=kind, by=by, at=at)


def answer_with_text(
    relay: Relay,
    *,
    words: str,
    kind: RelayAnswerKind = RelayAnswerKind.FULL,
    by: Person,
    at: dt.datetime,
    via: str = Via.WEB,
) -> None:
    """Bodies without decisions of ours answer in words; what is for information is noted and closed.

    Raises WordsMissing, MoveRefused.
    """
    if relay.kind == RelayKind.FOR_INFORMATION:
        relay_report.note(relay, words=words.strip(), at=at, by=by, via=via)
        return
    said = relay_rules.required(words, _("Bitte schreiben Sie die Antwort auf."))
    with transaction.atomic():
        _answer(relay, words=said, kind=kind, by=by, at=at, via=via)


def record_outcome(relay: Relay, *, outcome: str, on: dt.date, words: str = "", by: Person, at: dt.datetime) -> None:
    """What a body outside made of a recommendation, and when. It comes home like any answer.

    Raises KindDoesNotFit, DueTooEarly, MoveRefused.
    """
    if not relay.is_outward:
        raise relay_rules.KindDoesNotFit(_("Ein Ergebnis gibt es nur bei Empfehlungen nach außen."))
    if relay.sent_at is None or not local_date(relay.sent_at) <= on <= local_date(at):
        raise relay_rules.DueTooEarly(_("Das Datum muss zwischen dem Versand und heute liegen."))
    with transaction.atomic():
        move(
            relay,
            to=RelayState.ANSWERED,
            answered_at=at,
            outcome=outcome,
            outcome_on=on,
            outcome_text=words.strip(),
        )
        record(Happened.RELAY_OUTCOME_RECORDED, relay, body=relay.target, by=by, at=at, reason=outcome)
        relay_report.bring_home(relay, at=at, by=by, via=Via.WEB)


# --- Inside ---------------------------------------------------------------------------------------


def _answer(
    relay: Relay,
    *,
    decision: Decision | None = None,
    words: str = "",
    kind: RelayAnswerKind = RelayAnswerKind.FULL,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.WEB,
) -> None:
    """Answered, and on its way home in the same breath: an answer that lies around is none."""
    move(
        relay,
        to=RelayState.ANSWERED,
        answer=words.strip(),
        answer_kind=kind,
        answer_decision=decision,
        answered_at=at,
    )
    record(Happened.RELAY_ANSWERED, relay, body=relay.target, by=by, at=at, via=via, decision=decision)
    relay_report.bring_home(relay, at=at, by=by, via=via)
