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
from buendnisse.models import Body, Change, Paper, Person
from meetings.domain import agenda, relay_item, relay_report, relay_rules
from meetings.domain.moves import MoveRefused, move
from meetings.domain.relay_answer import (
    Reply,
    answer_from_decision,
    answer_with_decision,
    answer_with_text,
    correct,
    record_outcome,
    take_answer_back,
)
from meetings.domain.relay_arrival import Arrival, Door
from meetings.domain.relay_journal import record
from meetings.enums import (
    NOT_AHEAD,
    RELAY_TRAVELLING,
    AgendaItemState,
    Happened,
    RelayKind,
    RelayState,
)
from meetings.models import AgendaItem, Decision, Meeting, Relay

#: What leads home lies in `relay_answer`.
__all__ = [
    "Reply",
    "acknowledge",
    "answer_from_decision",
    "answer_with_decision",
    "answer_with_text",
    "correct",
    "decline",
    "discuss",
    "hand_over",
    "hand_over_to_all",
    "keep_for_vote",
    "record_outcome",
    "reword",
    "send",
    "take_answer_back",
    "take_up",
    "withdraw",
]

_USUAL_MINUTES = 20  # as for any topic that is discussed


# --- Setting out ----------------------------------------------------------------------------------


def hand_over(
    source: relay_rules.Source,
    *,
    to: Body,
    kind: RelayKind,
    subject: str,
    message: str,
    cover: str = "",
    due_on: dt.date | None,
    papers: Iterable[Paper] = (),
    follows: Relay | None = None,
    supporting: Iterable[Relay] = (),
    form_key: uuid.UUID,
    as_draft: bool = False,
    by: Person,
    at: dt.datetime,
) -> Relay:
    """Hand a standing decision, or an item, to another body; sent at once unless it stays a draft.

    `supporting`: relays whose answers it leans on. The same `form_key` again gives the same relay: a double tap is one. A
    draft that was kept gets the words of now, and goes out where that is said. Raises WayClosed, SourceFallen,
    Confidential, KindDoesNotFit, WordsMissing, DueTooEarly, NotOver, Stale.
    """
    known = Relay.objects.filter(form_key=form_key).first()
    if known is not None:
        words = {"kind": kind, "subject": subject, "message": message, "cover": cover, "due_on": due_on}
        return _again(known, words, papers, supporting, as_draft=as_draft, by=by, at=at)
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
                cover=cover.strip(),
                due_on=due_on,
                follows=follows,
                form_key=form_key,
            )
            relay.papers.set(papers)
            relay.supporting.set(supporting)
            if as_draft:
                record(Happened.RELAY_DRAFTED, relay, body=relay.source, by=by, at=at)
            else:
                send(relay, by=by, at=at)
    except IntegrityError:  # the other tap was faster
        return Relay.objects.get(form_key=form_key)
    return relay


def _again(
    relay: Relay,
    words: dict[str, Any],
    papers: Iterable[Paper],
    supporting: Iterable[Relay],
    *,
    as_draft: bool,
    by: Person,
    at: dt.datetime,
) -> Relay:
    """The form of a relay that exists comes back: from a second tap, or with a draft taken up once more."""
    with transaction.atomic():
        relay = Relay.objects.select_for_update(of=["self"]).select_related("source", "target").get(pk=relay.pk)
        if relay.state != RelayState.DRAFT:
            return relay
        kind = words.pop("kind")
        has_moved = _lay(relay, papers=papers, supporting=supporting)
        if has_moved or relay.kind != kind or _stripped(words) != {name: getattr(relay, name) for name in words}:
            relay_rules.require_fit(kind, relay.target)
            if Change.objects.of(relay).filter(verb=Happened.RELAY_DRAFTED, reason="reworded").exists():
                raise relay_rules.Stale(relay)  # worded on its own page since this form was opened
            Relay.objects.filter(pk=relay.pk).update(kind=kind)
            _reword(relay, words, version=relay.version, reason="renewed", by=by, at=at)
        if not as_draft:
            send(relay, by=by, at=at)
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
    relay: Relay,
    *,
    subject: str,
    message: str,
    cover: str = "",
    due_on: dt.date | None,
    papers: Iterable[Paper] | None = None,
    supporting: Iterable[Relay] | None = None,
    version: int,
    by: Person,
    at: dt.datetime,
) -> None:
    """Change a draft: its words, what goes with it and what it leans on; None leaves that as it is.

    Raises AlreadySent, Stale, WordsMissing, DueTooEarly.
    """
    if relay.state != RelayState.DRAFT:
        raise relay_rules.AlreadySent(_("%s ist gesendet. Der Wortlaut ändert sich nicht mehr.") % relay.number)
    words = {"subject": subject, "message": message, "cover": cover, "due_on": due_on}
    with transaction.atomic():
        _reword(relay, words, version=version, reason="reworded", by=by, at=at)
        _lay(relay, papers=papers, supporting=supporting)


def _reword(relay: Relay, words: Mapping[str, Any], *, version: int, reason: str, by: Person, at: dt.datetime) -> None:
    relay_rules.require_words(words["subject"], words["message"], words["due_on"], today=local_date(at))
    with transaction.atomic():
        mine = Relay.objects.filter(pk=relay.pk, state=RelayState.DRAFT, version=version)
        if mine.update(**_stripped(words), version=F("version") + 1) != 1:
            raise relay_rules.Stale(Relay.objects.get(pk=relay.pk))
        relay.refresh_from_db()
        record(Happened.RELAY_DRAFTED, relay, body=relay.source, by=by, at=at, reason=reason)


def _stripped(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in words.items()}


def _lay(relay: Relay, *, papers: Iterable[Paper] | None, supporting: Iterable[Relay] | None) -> bool:
    """What goes with it, and what it leans on, is exactly this; whether that is news."""
    stood = (set(relay.papers.all()), set(relay.supporting.all()))
    if papers is not None:
        relay.papers.set(papers)
    if supporting is not None:
        relay.supporting.set(supporting)
    return stood != (set(relay.papers.all()), set(relay.supporting.all()))


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
    was = str(relay.state)
    with transaction.atomic():
        move(relay, to=RelayState.WITHDRAWN, withdrawn_at=at, reason=said)
        stood = relay_item.take_off(relay, reason=said, by=by, at=at)
        record(Happened.RELAY_WITHDRAWN, relay, body=relay.source, by=by, at=at, was=was, **stood)


# --- With the target ------------------------------------------------------------------------------


def acknowledge(relay: Relay, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """It has arrived and somebody looks after it; said of a "not ours", that is taken back. Raises MoveRefused."""
    was = str(relay.state)
    reason = "reopened" if was == RelayState.DECLINED else ""
    with transaction.atomic():
        move(relay, to=RelayState.ACKNOWLEDGED, acknowledged_at=at, declined_at=None, reason="", returned_item=None)
        record(Happened.RELAY_ACKNOWLEDGED, relay, body=relay.target, by=by, at=at, via=via, reason=reason, was=was)


def take_up(
    relay: Relay,
    *,
    meeting: Meeting,
    minutes: int = _USUAL_MINUTES,
    is_urgent: bool = False,
    by: Person,
    at: dt.datetime,
    via: str = Via.WEB,
) -> AgendaItem:
    """Put it on an agenda of the target as an item of its own, which answers the relay and links to its text.

    After the editorial deadline it is a Nachtrag; when that is over too, only what is urgent goes in, and the
    meeting agrees in TOP 1. Taking it up again for the same meeting gives the same item.
    What waits in the Themenspeicher, or as a proposal, is taken from there. Raises WrongMeeting, StandsElsewhere, MoveRefused, TooLate.
    """
    there = relay_item.standing_item(relay)
    stands = there is not None and there.state not in relay_item.NOT_PLACED and there.meeting_id == meeting.pk
    if there is not None and stands and relay.state == RelayState.ON_AGENDA:
        return there
    door = Arrival(meeting, at).door
    if meeting.alliance_id != relay.target_id:
        raise relay_rules.WrongMeeting(_("Diese Sitzung gehört nicht zu %s.") % relay.target.name)
    if door is Door.SHUT and not (is_urgent and meeting.start > at and meeting.state not in NOT_AHEAD):
        raise relay_rules.WrongMeeting(_("Für die Sitzung am %s ist es zu spät.") % german.day(meeting.start))
    reason = "urgent" if door is Door.SHUT else ""
    with transaction.atomic():
        return _take_up(
            relay, meeting, minutes=minutes, is_late=door is not Door.OPEN, reason=reason, by=by, at=at, via=via
        )


def keep_for_vote(relay: Relay, *, by: Person, at: dt.datetime) -> AgendaItem:
    """The target's item to vote on by mail: the one that stands already, else a new one in its Themenspeicher.

    The vote's result is the answer, as any decision under the item. Raises NotOpen, WrongMeeting, MoveRefused.
    """
    if relay.state not in RELAY_TRAVELLING:
        raise relay_rules.NotOpen(relay)
    there = relay_item.standing_item(relay)
    if there is not None:
        return there
    if not relay.target.meets or not relay.expects_answer:
        raise relay_rules.WrongMeeting(_("%s stimmt nicht per E-Mail ab.") % relay.target.name)
    with transaction.atomic():
        return _take_up(relay, None, minutes=_USUAL_MINUTES, is_late=False, reason="vote", by=by, at=at, via=Via.WEB)


def _take_up(
    relay: Relay,
    meeting: Meeting | None,
    *,
    minutes: int,
    is_late: bool,
    reason: str,
    by: Person,
    at: dt.datetime,
    via: str,
) -> AgendaItem:
    there, was, before = relay_item.standing_item(relay), str(relay.state), relay.target_item_id
    if there is not None and there.state in relay_item.NOT_PLACED and meeting is not None:
        agenda.accept(there, meeting=meeting, by=by, at=at, via=via)
        item = there
        if relay.state == RelayState.ON_AGENDA:
            record(Happened.RELAY_SCHEDULED, relay, body=relay.target, by=by, at=at, via=via, item=item)
            return item
    elif there is not None and there.meeting_id == (meeting.pk if meeting else None):
        item = there  # a "not ours" that was taken back: the agenda that has left still names it
    elif there is not None and there.state != AgendaItemState.DISCUSSED and relay_item.is_waiting(there, at=at):
        raise relay_rules.StandsElsewhere(relay_rules.place_words(there))
    else:
        item = relay_item.put_on(meeting, relay, minutes=minutes, is_late=is_late)
    move(relay, to=RelayState.ON_AGENDA, target_item=item, acknowledged_at=relay.acknowledged_at or at)
    made = item.pk if item != there else None
    more: dict[str, Any] = {"was": was, "before": before, "made": made}
    record(Happened.RELAY_SCHEDULED, relay, body=relay.target, by=by, at=at, via=via, item=item, reason=reason, **more)
    return item


def discuss(relay: Relay, *, by: Person, at: dt.datetime) -> None:
    """It was talked about; the answer takes longer. Raises KindDoesNotFit, MoveRefused, also where the answer has come."""
    relay_rules.require_answerable(relay)
    if relay.state != RelayState.ON_AGENDA:
        raise MoveRefused(_("%s steht auf keiner Tagesordnung.") % relay.number)
    was = str(relay.state)
    with transaction.atomic():
        move(relay, to=RelayState.DISCUSSED)
        record(Happened.RELAY_DISCUSSED, relay, body=relay.target, by=by, at=at, item=relay.target_item, was=was)


def decline(relay: Relay, *, reason: str, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The target is not the right one, and says why. The source hears of it in its next report.

    Raises KindDoesNotFit, WordsMissing, MoveRefused.
    """
    relay_rules.require_answerable(relay)
    said = relay_rules.required(
        reason, _("Bitte schreiben Sie, warum es nicht hierher gehört. Der Absender liest genau das.")
    )
    was = str(relay.state)
    with transaction.atomic():
        move(relay, to=RelayState.DECLINED, declined_at=at, reason=said)
        stood = relay_item.take_off(relay, reason=said, by=by, at=at, via=via)
        relay_report.tell_refusal(relay, at=at)
        record(Happened.RELAY_DECLINED, relay, body=relay.target, by=by, at=at, via=via, was=was, **stood)
