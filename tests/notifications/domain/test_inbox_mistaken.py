"""Mail that looks like something else: absence notes, reports without proof, our own invitation brought back, odd bytes."""

from __future__ import annotations

import base64
from email import message_from_bytes
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DataError, connection

from meetings.enums import Answer
from meetings.models import Meeting
from notifications.domain import returns
from notifications.enums import OutboxState
from notifications.models import InboundMessage, MailReturn, OutboxMessage
from tests.notifications import sending
from tests.notifications.inbound_mail import HOUR, NOON, OFFICE, has_mailbox, receive, reply, result, row_of
from tests.support import mail_programs, smtp_sink
from tests.support.mail_programs import Reply
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def invitation_to(cast: World) -> OutboxMessage:
    return OutboxMessage.objects.get(person=cast.susanne, kind="invitation")


NOTES = {
    "by the standard": ("Auto-Submitted: auto-replied",),
    "of Exchange": ("Auto-Submitted: auto-generated", "Return-Path: <>", "X-Auto-Response-Suppress: All"),
}


@pytest.mark.parametrize("program", NOTES)
@pytest.mark.parametrize("code", ["", " Raum 5.1.1"])
def test_absence_note_is_no_bounce_whatever_its_words(invited: Meeting, cast: World, program: str, code: str) -> None:
    message = invitation_to(cast)
    note = f"Ich bin bis Montag im Urlaub. Ihre Nachricht wird nicht zugestellt oder weitergeleitet.{code}"
    raw = mail_programs.words(note, answers_to=message.message_id, headers=NOTES[program])
    raw = raw.replace(b"\r\nReturn-Path: <susanne@verein.example>", b"")
    raw = raw.replace(f"To: {mail_programs.ORGANIZER}".encode(), f"To: {returns.sender(message)}".encode())

    row = receive(raw)

    assert (row.kind, *result(row)) == ("automatic", "automatic", "automatic", "filed")
    assert (row.person, row.meeting, row.about) == (cast.susanne, invited, message)
    message.refresh_from_db()
    assert (message.state, message.failure, MailReturn.objects.count()) == (OutboxState.SENT, "", 0)


def test_report_that_only_answers_a_mail_of_ours_changes_nothing(invited: Meeting, cast: World) -> None:
    message = invitation_to(cast)
    said = "susanne@verein.example could not be delivered: 550 5.1.1"

    row = receive(mail_programs.words(said, sender="mailer-daemon@mx.example", answers_to=message.message_id))

    assert (row.kind, *result(row), row.about) == ("report", "bounce", "report", "open", message)
    message.refresh_from_db()
    assert (message.state, MailReturn.objects.count()) == (OutboxState.SENT, 0)


def test_answer_of_a_postmaster_counts(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne, sender="postmaster@verein.example")

    assert result(receive(mail_programs.outlook(said)))[0] == "provisional"
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def with_file(calendar: bytes, text: str = "Ich komme gern und bringe Frau Ott mit.", *headers: str) -> bytes:
    """A mail in words on which a calendar file hangs."""
    head = ["From: susanne@verein.example", "Message-ID: <w@verein.example>", "Subject: AW: Einladung", *headers]
    kind = 'Content-Type: multipart/mixed; boundary="w"\r\n\r\n--w\r\nContent-Type: text/plain\r\n\r\n'
    file = 'Content-Type: application/ics; name="invite.ics"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    end = base64.encodebytes(calendar).decode()
    return ("\r\n".join(head) + f"\r\n{kind}{text}\r\n--w\r\n{file}{end}\r\n--w--\r\n").encode()


def own_file(relay: smtp_sink.Sink, cast: World) -> bytes:
    """The file that hangs on our invitation."""
    raw = next(raw for to, raw in relay.mail if to == cast.susanne.email)
    [found] = [one for one in message_from_bytes(raw).walk() if one.get_content_type() == "application/ics"]
    data = found.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def test_words_with_our_own_invitation_are_words(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    has_mailbox()

    row = receive(with_file(own_file(relay, cast)))

    assert (row.kind, *result(row)) == ("human", "tray", "human", "open")
    assert (row.person, row.meeting) == (cast.susanne, invited)
    assert list(sending.deliver(relay, at=NOON + HOUR)) == [OFFICE]


def test_absence_note_with_our_own_invitation_is_one(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    row = receive(with_file(own_file(relay, cast), "Bin weg.", "Auto-Submitted: auto-replied"))

    assert (row.kind, *result(row)) == ("automatic", "automatic", "automatic", "filed")


@pytest.mark.parametrize("ours", [b"@fachstelle.example", b"UID:"])
def test_words_with_the_invitation_of_somebody_else_are_a_calendars(
    invited: Meeting, cast: World, relay: smtp_sink.Sink, ours: bytes
) -> None:
    other = own_file(relay, cast).replace(b"\r\n ", b"").replace(ours, ours + b"x")

    assert (row := receive(with_file(other))).kind == "calendar"
    assert result(row) == ("tray", "no_reply", "open")


def odd(said: Reply, **changes: object) -> bytes:
    """As Apple writes it: the calendar object once."""
    return mail_programs.apple(said.but(**changes))


def test_bytes_no_database_takes_lie_in_the_tray(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne)
    delegated = mail_programs.thunderbird(said.but(partstat="DELEGATED", number=4))
    delegated = delegated.replace(b"ATTENDEE;RSVP", b'ATTENDEE;DELEGATED-TO="mailto:k%00ai@bbs.example";RSVP')
    long = f"{'l' * 130}@{'.'.join(['üäö' * 10] * 4)}"
    mails = [
        b"From: a\x00b@x.example\r\nSubject: s\x00t\r\nMessage-ID: <1@b.example>\r\n\r\nhi\x00",
        f"From: {long}\r\nMessage-ID: <2@b.example>\r\n\r\nhi".encode(),
        odd(said, attendee="a%00b@x.example", sender=cast.susanne.email, number=3),
        delegated[: delegated.index(b"application/ics")],
    ]
    rows = [receive(raw) for raw in mails]

    assert [result(row)[:2] for row in rows] == [
        ("tray", "human"),
        ("tray", "human"),
        ("tray", "stranger"),
        ("tray", "delegated"),
    ]
    assert [row.from_address for row in rows] == ["", "", cast.susanne.email, cast.susanne.email]
    assert (rows[0].subject, rows[2].attendee, rows[3].data["delegate"]) == ("st", "", "")


def test_mail_the_database_refuses_ends_no_command(cast: World, tmp_path: Path) -> None:
    """Whatever it is: no test has seen it, and the mail lies in the tray all the same."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT") and "Frage" in (params or ()):
            raise DataError
        return execute(sql, params, many, context)

    files = [tmp_path / "1.eml", tmp_path / "2.eml"]
    files[0].write_bytes(mail_programs.words("Guten Tag", subject="Frage"))
    files[1].write_bytes(mail_programs.words("Guten Tag", subject="Antwort", number=2))
    for _twice in range(2):
        with connection.execute_wrapper(refuse):
            call_command("read_mail", *map(str, files), stdout=StringIO())

    rows = InboundMessage.objects.order_by("pk")
    assert [(row.reason, row.state, row.subject) for row in rows] == [
        ("unreadable", "open", ""),
        ("human", "open", "Antwort"),
    ]
    assert bytes(rows[0].raw or b"") == files[0].read_bytes()
