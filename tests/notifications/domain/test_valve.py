"""Holding mail back as a whole, and sending all of it to one address."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.db import connection

from buendnisse.models import Change, Installation, Person
from meetings.domain import planning
from meetings.models import Meeting
from notifications.domain import bounces, outbox, ring, valve
from notifications.enums import MailKind, OutboxState, ReturnKind
from notifications.imip.event import Party
from notifications.imip.redirect import redirected
from notifications.models import OutboxMessage
from tests.notifications.mail_rules import faults
from tests.notifications.sending import after_grace
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db

LATER = after_grace(AT)
TESTER = "probe@fachstelle.example"


def pause_elsewhere() -> None:
    Installation.objects.update_or_create(pk=1, defaults={"mail_paused_at": AT})
    connection.close()


def code(person: Person) -> None:
    data = {"code": "482915", "valid_until": (AT + dt.timedelta(hours=2)).isoformat()}
    outbox.write(kind=MailKind.CODE, person=person, occasion="code:1", at=AT, data=data)


def left(relay: smtp_sink.Sink) -> list[str]:
    return sorted(recipient for recipient, _raw in relay.mail)


def waiting() -> int:
    return OutboxMessage.objects.filter(state=OutboxState.WAITING).count()


def test_pause_holds_everything_but_codes(relay: smtp_sink.Sink, february: Meeting, cast: World) -> None:
    valve.pause(by=cast.imke, at=AT)
    code(cast.theda)
    ring.ring(at=LATER)

    assert (left(relay), waiting(), outbox.due(LATER)) == ([cast.theda.email], 3, 0)
    with pytest.raises(valve.ValveRefused):
        valve.pause(by=cast.imke, at=AT)

    valve.resume(by=cast.imke, at=LATER)
    ring.ring(at=LATER)
    assert (len(relay.mail), waiting()) == (4, 0)
    with pytest.raises(valve.ValveRefused):
        valve.resume(by=cast.imke, at=LATER)
    assert [one.verb for one in Change.objects.filter(verb__startswith="mail.")] == ["mail.paused", "mail.resumed"]


def test_pause_of_one_meeting_leaves_the_others(relay: smtp_sink.Sink, february: Meeting, cast: World) -> None:
    valve.pause_meeting(february, by=cast.imke, at=AT)
    outbox.write(kind=MailKind.LINK, person=cast.theda, occasion="other", at=AT, data={"link": 0})
    ring.ring(at=LATER)

    assert (relay.mail, waiting()) == ([], 3)
    assert not OutboxMessage.objects.filter(occasion="other", state=OutboxState.WAITING).exists()
    with pytest.raises(valve.ValveRefused):
        valve.pause_meeting(february, by=cast.imke, at=AT)
    valve.resume_meeting(february, by=cast.imke, at=LATER)
    ring.ring(at=LATER)
    assert len(relay.mail) == 3
    with pytest.raises(valve.ValveRefused):
        valve.resume_meeting(february, by=cast.imke, at=LATER)


@pytest.mark.django_db(transaction=True)
def test_pause_counts_in_the_middle_of_a_batch(relay: smtp_sink.Sink, february: Meeting, cast: World) -> None:
    """What was claimed and has not left waits as before, without an attempt counted."""
    ring.ring(at=LATER, send=False)
    first = OutboxMessage.objects.due(LATER).select_related("person")[0]
    relay.meanwhile[first.person.email] = pause_elsewhere
    outbox.send_all(at=LATER)

    rows = OutboxMessage.objects.filter(state=OutboxState.WAITING).values_list("attempts", "not_before", "failure")
    assert len(relay.mail) == 1
    assert list(rows) == [(0, LATER, "")] * 2


def test_test_mode_sends_everything_to_one_address(relay: smtp_sink.Sink, february: Meeting, cast: World) -> None:
    valve.begin_test(address=TESTER, by=cast.imke, at=AT)
    code(cast.theda)
    ring.ring(at=LATER)

    assert left(relay) == [TESTER] * 4
    shown = [message_from_bytes(raw, policy=SMTP) for _recipient, raw in relay.mail]
    for message in shown:
        assert isinstance(message, EmailMessage)
        assert str(message["To"]) == TESTER
        assert str(message["Subject"]).startswith("[Test] ")
        for part in ("plain", "html"):
            body = message.get_body(preferencelist=(part,))
            assert body is not None
            assert "Testbetrieb: Diese E-Mail ist für " in body.get_content()
    assert {row.redirected_to for row in OutboxMessage.objects.all()} == {TESTER}
    assert cast.birgit.email in {row.to_address for row in OutboxMessage.objects.all()}
    with pytest.raises(valve.ValveRefused):
        valve.begin_test(address=TESTER, by=cast.imke, at=AT)


def test_after_the_test_what_still_waits_goes_to_its_readers(
    relay: smtp_sink.Sink, february: Meeting, cast: World
) -> None:
    valve.begin_test(address=TESTER, by=cast.imke, at=AT)
    ring.ring(at=AT, send=False)
    valve.end_test(by=cast.imke, at=AT)
    ring.ring(at=LATER)

    assert TESTER not in left(relay)
    assert len(relay.mail) == 3
    with pytest.raises(valve.ValveRefused):
        valve.end_test(by=cast.imke, at=AT)


def test_no_address_is_no_test(cast: World) -> None:
    with pytest.raises(valve.ValveRefused):
        valve.begin_test(address="probe@", by=cast.imke, at=AT)
    assert valve.now() == valve.Valve()


def test_what_comes_back_from_the_test_address_says_nothing_about_a_reader(
    relay: smtp_sink.Sink, february: Meeting, cast: World
) -> None:
    valve.begin_test(address=TESTER, by=cast.imke, at=AT)
    ring.ring(at=LATER)
    message = OutboxMessage.objects.select_related("person").get(person=cast.birgit, kind=MailKind.INVITATION)

    row = bounces.refused(message, "550 5.1.1 no such user", at=LATER)

    cast.birgit.refresh_from_db()
    assert (row.kind, row.address, cast.birgit.failed_address) == (ReturnKind.POLICY, TESTER, "")


def test_mail_about_a_move_in_test_mode_keeps_its_calendar_part(
    relay: smtp_sink.Sink, invited: Meeting, cast: World
) -> None:
    before = len(relay.mail)
    valve.begin_test(address=TESTER, by=cast.imke, at=LATER)
    start = invited.start + dt.timedelta(days=1)
    end = start + dt.timedelta(hours=2)
    venue, version = invited.venue, invited.version
    planning.move_date(invited, start=start, end=end, venue=venue, version=version, by=cast.imke, at=LATER)
    ring.ring(at=after_grace(LATER))
    [raw, *_rest] = [raw for _recipient, raw in relay.mail[before:]]

    assert faults(raw) == ["ATTENDEE is not To"]


def test_redirected_mail_leaves_no_list() -> None:
    raw = (
        b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nList-Unsubscribe: <https://b.example/x/>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHallo\r\n"
    )
    message = message_from_bytes(redirected(raw, to=Party(TESTER), mark="[Test]", note="Für Ä."), policy=SMTP)

    assert (message["To"], message["Subject"], message["List-Unsubscribe"]) == (TESTER, "[Test] x", None)
    assert isinstance(message, EmailMessage)
    assert message.get_content().splitlines() == ["Für Ä.", "", "-" * 40, "", "Hallo"]
