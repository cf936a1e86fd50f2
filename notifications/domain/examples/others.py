"""Examples between alliances, of votes by mail, of the letter with news, of signing in and of what is passed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AddressWish, Installation, Membership
from meetings.enums import (
    AgendaItemState,
    BallotChoice,
    CircularState,
    Happened,
    LapseReason,
    MeetingState,
    NoticeState,
    ProcedureAnswer,
    RelayAnswerKind,
    RelayKind,
    RelayState,
)
from meetings.models import Ballot, CircularVote, CircularVoter, Notice, Relay
from notifications.domain.examples.scene import Example, mail, moment
from notifications.domain.examples.stage import Stage, topic
from notifications.enums import InboundKind, InboundOutcome, InboundReason, InboundSource, InboundState, MailKind
from notifications.models import InboundMessage, OutboxMessage

Made = tuple[OutboxMessage, dt.datetime]

BETWEEN = [
    MailKind.RELAY,
    MailKind.RELAY_ANSWER,
    MailKind.BALLOT,
    MailKind.BALLOT_REMINDER,
    MailKind.BALLOT_RESULT,
    MailKind.BALLOT_MOVED,
]
REST = [
    MailKind.WELCOME,
    MailKind.FAREWELL,
    MailKind.DIGEST,
    MailKind.CODE,
    MailKind.LINK,
    MailKind.ADDRESS_CHECK,
    MailKind.ADDRESS_CHANGED,
    MailKind.PASSED_ON,
]
_SENT = moment(2034, 11, 30)


def _relay_row(stage: Stage, **fields: Any) -> Relay:
    given: dict[str, Any] = {
        "number": "W-BSP-05",
        "source": stage.other,
        "target": stage.alliance,
        "source_item": topic(
            stage,
            "Treffpunkt am Bahnhof",
            alliance=stage.other,
            meeting=None,
            state=AgendaItemState.BACKLOG,
            position=0,
        ),
        "kind": RelayKind.OPINION_REQUESTED,
        "subject": "Treffpunkt am Bahnhof",
        "message": "Welche Zeiten brauchen Menschen, die im Schichtdienst arbeiten?",
        "due_on": dt.date(2035, 3, 1),
        "state": RelayState.SENT,
        "sent_at": _SENT,
    }
    made: Relay = Relay.objects.create(**(given | fields))
    return made


def _relay(stage: Stage) -> Made:
    data = {"relay": _relay_row(stage).pk, "about": "sent"}
    return mail(stage, MailKind.RELAY, person=stage.chair, about_meeting=False, data=data), _SENT


def _relay_answer(stage: Stage) -> Made:
    fields = {
        "source": stage.alliance,
        "target": stage.other,
        "source_item": stage.bus,
        "subject": "Rufbus am Abend",
        "state": RelayState.RETURNED,
        "answer": "Wir haben nachgefragt. Der Rufbus fährt ab dem 1. März montags bis freitags bis 21 Uhr.",
        "answer_kind": RelayAnswerKind.FULL,
        "answered_at": moment(2035, 2, 1),
        "returned_at": moment(2035, 2, 1),
    }
    data = {"relay": _relay_row(stage, **fields).pk}
    return mail(stage, MailKind.RELAY_ANSWER, about_meeting=False, data=data), moment(2035, 2, 1)


def _vote(stage: Stage, **fields: Any) -> CircularVote:
    given: dict[str, Any] = {
        "number": "U-BSP-01",
        "alliance": stage.alliance,
        "subject": "Zuschuss für den Treffpunkt",
        "text": "Das Bündnis empfiehlt dem Landkreis, den Treffpunkt mit 2.000 Euro zu unterstützen.",
        "background": "Der Antrag muss bis zum 20. Januar gestellt sein. Die nächste Sitzung ist erst danach.",
        "opened_on": dt.date(2035, 1, 8),
        "opened_at": moment(2035, 1, 8),
        "closes_on": dt.date(2035, 1, 15),
        "state": CircularState.CIRCULATING,
    }
    vote: CircularVote = CircularVote.objects.create(**(given | fields))
    voter = CircularVoter.objects.create(vote=vote, organisation=stage.reader.organisation)
    Ballot.objects.create(voter=voter, vote=vote, person=stage.reader)
    return vote


def _ballot(stage: Stage) -> Made:
    return mail(stage, MailKind.BALLOT, about_meeting=False, data={"vote": _vote(stage).pk}), moment(2035, 1, 8)


def _ballot_reminder(stage: Stage) -> Made:
    data = {"vote": _vote(stage).pk}
    return mail(stage, MailKind.BALLOT_REMINDER, about_meeting=False, data=data), moment(2035, 1, 13, 7)


def _ended(stage: Stage, **fields: Any) -> CircularVote:
    vote = _vote(stage, closed_at=moment(2035, 1, 16, 0), **fields)
    cast = {"procedure": ProcedureAnswer.AGREES, "choice": BallotChoice.YES, "cast_at": moment(2035, 1, 9)}
    Ballot.objects.filter(vote=vote).update(**cast)
    return vote


def _ballot_result(stage: Stage) -> Made:
    data = {"vote": _ended(stage, state=CircularState.ADOPTED, votes_yes=7, votes_abstain=1).pk}
    return mail(stage, MailKind.BALLOT_RESULT, about_meeting=False, data=data), moment(2035, 1, 16, 7)


def _ballot_moved(stage: Stage) -> Made:
    item = topic(stage, "Zuschuss für den Treffpunkt")
    how = {"state": CircularState.LAPSED, "lapse_reason": LapseReason.OBJECTION, "objections_to_procedure": 1}
    data = {"vote": _ended(stage, next_item=item, **how).pk}
    return mail(stage, MailKind.BALLOT_MOVED, about_meeting=False, data=data), moment(2035, 1, 16, 7)


def _digest(stage: Stage) -> Made:
    since, until = moment(2035, 1, 29, 7), moment(2035, 2, 5, 7)
    stage.set_meeting(state=MeetingState.INVITED, agenda_sent_at=moment(2035, 2, 1))
    by: dict[str, Any] = {"by": stage.chair, "at": moment(2035, 2, 1)}
    journal.record(Happened.MEETING_INVITED, stage.meeting, body=stage.alliance, **by)
    item = topic(stage, "Sprachkurse am Vormittag", proposer=stage.chair, presenter=stage.chair)
    journal.record(Happened.ITEM_ACCEPTED, item, body=stage.alliance, **by)
    notice = Notice.objects.create(
        text="Das Sprachcafé hat jetzt auch am Samstag geöffnet.",
        state=NoticeState.RELEASED,
        valid_until=dt.date(2035, 3, 31),
        from_organisation=stage.chair.organisation,
        submitted_at=since,
        released_at=moment(2035, 2, 2),
    )
    notice.bodies.add(stage.alliance)
    data = {"since": since.isoformat(), "until": until.isoformat()}
    return mail(stage, MailKind.DIGEST, about_meeting=False, data=data), until


def _code(stage: Stage) -> Made:
    at = moment(2035, 2, 1)
    data = {"code": "123456", "valid_until": (at + dt.timedelta(minutes=15)).isoformat()}
    return mail(stage, MailKind.CODE, about_meeting=False, data=data, created_at=at), at


def _welcome(stage: Stage) -> Made:
    data = {"memberships": _memberships(stage)}
    return mail(stage, MailKind.WELCOME, about_meeting=False, data=data), moment(2035, 1, 8)


def _farewell(stage: Stage) -> Made:
    numbers = _memberships(stage)
    Membership.objects.filter(pk__in=numbers).update(until=dt.date(2035, 3, 31))
    data = {"memberships": numbers, "successor": stage.deputy.pk}
    return mail(stage, MailKind.FAREWELL, about_meeting=False, data=data), moment(2035, 3, 1)


def _memberships(stage: Stage) -> list[int]:
    rows = Membership.objects.filter(person=stage.reader, body=stage.alliance)
    return list(rows.values_list("pk", flat=True))


def _address_check(stage: Stage) -> Made:
    at = moment(2035, 2, 1)
    wish = AddressWish.objects.create(person=stage.reader, address="hanna@neu.example", asked_at=at)
    return mail(stage, MailKind.ADDRESS_CHECK, about_meeting=False, data={"wish": wish.pk}), at


def _address_changed(stage: Stage) -> Made:
    at = moment(2035, 2, 1)
    before = "hanna@alt.example"
    wish = AddressWish.objects.create(person=stage.reader, address="hanna@neu.example", asked_at=at, replaced=before)
    return mail(stage, MailKind.ADDRESS_CHANGED, about_meeting=False, data={"wish": wish.pk}), at


def _link(stage: Stage) -> Made:
    at = moment(2035, 2, 1)
    link = links.grant(stage.reader, purpose=LinkPurpose.TASK, subject=stage.action, until=moment(2035, 3, 1), at=at)
    return mail(stage, MailKind.LINK, about_meeting=False, data={"link": link.pk}), at


def _passed_on(stage: Stage) -> Made:
    house, _is_new = Installation.objects.get_or_create(pk=1)
    house.facts = {"office_email": "fachstelle@beispiel.example"} | house.facts
    house.save(update_fields=["facts"])
    raw = (
        b"From: Hanna Beispiel <hanna.beispiel@beispiel.example>\r\nSubject: Frage zum Raum\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nGuten Tag,\r\n\r\ngibt es im Raum eine Steckdose?\r\n"
    )
    row = InboundMessage.objects.create(
        key="example-passed-on",
        source=InboundSource.IMAP,
        received_at=moment(2035, 2, 1),
        kind=InboundKind.HUMAN,
        outcome=InboundOutcome.TRAY,
        reason=InboundReason.HUMAN,
        state=InboundState.OPEN,
        from_address="hanna.beispiel@beispiel.example",
        from_name="Hanna Beispiel",
        subject="Frage zum Raum",
        raw=raw,
        data={"passed_on": True},
    )
    return mail(stage, MailKind.PASSED_ON, about_meeting=False, data={"inbound": row.pk}), moment(2035, 2, 1)


EXAMPLES: Mapping[str, Example] = {
    MailKind.RELAY: Example(_("An den Vorsitz des anderen Bündnisses. Geht, wenn Sie weiterleiten."), _relay),
    MailKind.RELAY_ANSWER: Example(_("An den Vorsitz und die Person, von der das Thema kam."), _relay_answer),
    MailKind.BALLOT: Example(_("An alle, die abstimmen. Geht, wenn Sie die Abstimmung eröffnen."), _ballot),
    MailKind.BALLOT_REMINDER: Example(
        _("%(days)s vor dem Ende, nur an Organisationen ohne Stimme."), _ballot_reminder, rule="vote_before"
    ),
    MailKind.BALLOT_RESULT: Example(_("Am Tag nach dem Ende, an alle, die gefragt waren."), _ballot_result),
    MailKind.BALLOT_MOVED: Example(_("Wenn eine Organisation gegen die Abstimmung per E-Mail ist."), _ballot_moved),
    MailKind.DIGEST: Example(_("Montags um 7 Uhr oder einmal im Monat, nur wenn es Neues gibt."), _digest),
    MailKind.CODE: Example(_("Sofort, wenn sich jemand anmeldet."), _code),
    MailKind.WELCOME: Example(_("An neue Mitglieder und an alle, die eine Aufgabe von jemandem übernehmen."), _welcome),
    MailKind.FAREWELL: Example(_("An alle, deren Mitarbeit endet."), _farewell),
    MailKind.ADDRESS_CHECK: Example(
        _("An die neue Adresse, wenn jemand die eigene Adresse ändern möchte."), _address_check
    ),
    MailKind.ADDRESS_CHANGED: Example(
        _("An die bisherige Adresse, wenn jemand eine andere bestätigt hat."), _address_changed
    ),
    MailKind.LINK: Example(_("Wenn jemand auf einer abgelaufenen Seite einen neuen Link möchte."), _link),
    MailKind.PASSED_ON: Example(
        _("An das Postfach der Fachstelle, wenn jemand auf eine Mail geantwortet hat."), _passed_on
    ),
}
