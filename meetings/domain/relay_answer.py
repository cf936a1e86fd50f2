"""The way home of a relay: the target's decision, its words, or what became of a recommendation outside.

An answer is never told without being on its way: answered and returned are one step. Doing any of it again does
nothing, so that a task that is killed between two of them loses nothing and starts nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.enums import Via
from buendnisse.models import Paper, Person
from meetings.domain import relay_item, relay_report, relay_rules
from meetings.domain.moves import MoveRefused, move
from meetings.domain.relay_journal import record
from meetings.enums import RELAY_TRAVELLING, Happened, RelayAnswerKind, RelayKind, RelayState
from meetings.models import Decision, Relay


@dataclass(frozen=True)
class Reply:
    """How far a decision answers, and a sentence beside its wording, which may be empty."""

    kind: RelayAnswerKind = RelayAnswerKind.FULL
    words: str = ""


_IN_FULL = Reply()


def answer_from_decision(
    decision: Decision, *, reply: Reply = _IN_FULL, by: Person | None, at: dt.datetime, via: str = Via.WEB
) -> Relay | None:
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
        _answer(relay, decision=decision, words=reply.words, kind=reply.kind, by=by, at=at, via=via)
    return relay


def take_answer_back(decision: Decision, *, by: Person, at: dt.datetime) -> None:
    """The decision was a mistake: what it answered has been talked about and waits for its answer again.

    Raises MoveRefused where the answer has been read already.
    """
    for relay in Relay.objects.select_for_update(of=["self"]).filter(answer_decision=decision):
        nothing: dict[str, Any] = {"answer": "", "answer_kind": "", "answer_decision": None, "answered_at": None}
        move(relay, to=RelayState.DISCUSSED, **nothing, returned_at=None, returned_item=None)
        record(Happened.RELAY_ANSWER_TAKEN_BACK, relay, body=relay.target, by=by, at=at, decision=decision)


def correct(relay: Relay, *, reply: Reply, version: int, by: Person, at: dt.datetime) -> None:
    """Say otherwise how far the answer answers, and its sentence, while it is on its way home. The decision stays.

    Raises MoveRefused, WordsMissing, Stale.
    """
    if relay.state != RelayState.RETURNED or not relay.answer_kind:
        raise MoveRefused(_("Ändern lässt sich die Antwort nur, bis sie vorgelesen ist."))
    words = reply.words.strip()
    if relay.answer_decision_id is None:
        words = relay_rules.required(words, _("Bitte schreiben Sie die Antwort auf."))
    if (relay.answer_kind, relay.answer) == (reply.kind, words):
        return
    with transaction.atomic():
        mine = Relay.objects.filter(pk=relay.pk, state=RelayState.RETURNED, version=version)
        if mine.update(answer_kind=reply.kind, answer=words, version=F("version") + 1) != 1:
            raise relay_rules.Stale(Relay.objects.get(pk=relay.pk))
        relay.refresh_from_db()
        record(Happened.RELAY_ANSWER_CORRECTED, relay, body=relay.target, by=by, at=at, reason=str(reply.kind))


def answer_with_decision(
    relay: Relay,
    *,
    decision: Decision,
    kind: RelayAnswerKind,
    words: str = "",
    papers: Iterable[Paper] = (),
    by: Person,
    at: dt.datetime,
) -> None:
    """The Fachstelle names the target's decision, where it was taken under another item or by mail.

    Raises KindDoesNotFit, NotTheirDecision, MoveRefused.
    """
    relay_rules.require_answerable(relay)
    if decision.alliance_id != relay.target_id or decision.state not in relay_rules.ANSWERING:
        raise relay_rules.NotTheirDecision(_("%s ist kein Beschluss dieses Bündnisses.") % decision.number)
    with transaction.atomic():
        _answer(relay, decision=decision, words=words, kind=kind, by=by, at=at)
        relay.answer_papers.set(papers)


def answer_with_text(
    relay: Relay,
    *,
    words: str,
    kind: RelayAnswerKind = RelayAnswerKind.FULL,
    papers: Iterable[Paper] = (),
    by: Person,
    at: dt.datetime,
    via: str = Via.WEB,
) -> None:
    """Bodies without decisions of ours answer in words, often with their letter; what is for information is noted.

    Raises KindDoesNotFit, WordsMissing, MoveRefused.
    """
    if relay.is_outward:
        raise relay_rules.KindDoesNotFit(_("Was aus einer Empfehlung wurde, tragen Sie als Ergebnis ein."))
    if relay.kind == RelayKind.FOR_INFORMATION:
        relay_report.note(relay, words=words.strip(), at=at, by=by, via=via)
        return
    said = relay_rules.required(words, _("Bitte schreiben Sie die Antwort auf."))
    with transaction.atomic():
        _answer(relay, words=said, kind=kind, by=by, at=at, via=via)
        relay.answer_papers.set(papers)


def record_outcome(
    relay: Relay,
    *,
    outcome: str,
    on: dt.date,
    words: str = "",
    papers: Iterable[Paper] = (),
    by: Person,
    at: dt.datetime,
) -> None:
    """What a body outside made of a recommendation, and when. It comes home like any answer.

    Raises KindDoesNotFit, DueTooEarly, MoveRefused.
    """
    if not relay.is_outward:
        raise relay_rules.KindDoesNotFit(_("Ein Ergebnis gibt es nur bei Empfehlungen nach außen."))
    if relay.sent_at is None or not local_date(relay.sent_at) <= on <= local_date(at):
        raise relay_rules.DueTooEarly(_("Das Datum muss zwischen dem Versand und heute liegen."))
    was = str(relay.state)
    with transaction.atomic():
        move(
            relay,
            to=RelayState.ANSWERED,
            answered_at=at,
            outcome=outcome,
            outcome_on=on,
            outcome_text=words.strip(),
        )
        relay.answer_papers.set(papers)
        record(Happened.RELAY_OUTCOME_RECORDED, relay, body=relay.target, by=by, at=at, reason=outcome, was=was)
        relay_report.bring_home(relay, at=at, by=by, via=Via.WEB)


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
    """Answered, and on its way home in the same breath: an answer that lies around is none.

    Where it came another way than by a decision in a meeting under the target's own item, that item has nothing to do
    any more and leaves the agenda.
    """
    was, stood = str(relay.state), {}
    if decision is None or decision.agenda_item_id != relay.target_item_id or decision.meeting_id is None:
        said = _("Schon beantwortet%s.") % (f" mit {decision.number}" if decision else "")
        stood = relay_item.take_off(relay, reason=said, by=by, at=at, via=via)
    move(
        relay,
        to=RelayState.ANSWERED,
        answer=words.strip(),
        answer_kind=kind,
        answer_decision=decision,
        answered_at=at,
    )
    more = {"was": was, **stood}
    record(Happened.RELAY_ANSWERED, relay, body=relay.target, by=by, at=at, via=via, decision=decision, **more)
    relay_report.bring_home(relay, at=at, by=by, via=via)
