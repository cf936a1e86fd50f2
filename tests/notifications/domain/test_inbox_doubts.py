"""What is not sure is not believed: it lies in the tray with its reason, or counts until it is taken back."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from buendnisse.enums import Via
from buendnisse.models import Change, FurtherAddress, Person
from meetings.domain import answers, deputies, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import tray
from notifications.models import OutboxMessage
from tests.notifications import sending
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, receive, reply, result, row_of
from tests.support import mail_programs, smtp_sink
from tests.support.mail_programs import STAMP
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown UID": ({"uid": "nichts@anderswo.example"}, "unknown_event"),
    "a version never sent": ({"sequence": 7}, "ahead"),
    "an unknown answer": ({"partstat": "X-MAYBE"}, "unknown_answer"),
    "somebody who is not invited": ({"attendee": "kollege@bbs.example", "name": "Kai Kollege"}, "stranger"),
    "another organizer's REQUEST": ({"method": "REQUEST"}, "no_reply"),
    "another organizer's CANCEL": ({"method": "CANCEL"}, "no_reply"),
    "an answer of an organizer": ({"method": "DECLINECOUNTER"}, "no_reply"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_applied_lies_in_the_tray_with_its_reason(invited: Meeting, cast: World, case: str) -> None:
    changes, reason = REFUSED[case]
    before = Change.objects.count()

    row = receive(mail_programs.gmail(reply(invited, cast.susanne, **changes)))

    assert result(row) == ("tray", reason, "open")
    assert row_of(invited, cast.susanne).answer == Answer.PENDING
    assert Change.objects.count() == before


REWRITTEN: dict[str, tuple[bytes, bytes, str]] = {
    "foreign organizer": (
        b"mailto:buendnisse@fachstelle.example",
        b"mailto:andere@stelle.example",
        "foreign_organizer",
    ),
    "series": (b"STATUS:CONFIRMED", b"RECURRENCE-ID:20270211T090000Z", "recurring"),
    "nobody": (b"ATTENDEE;", b"X-NOBODY;", "no_attendee"),
    "methods differ": (b"method=REPLY", b"method=REQUEST", "methods_differ"),
    "broken": (b"BEGIN:VEVENT", b"BEGIN:VEVENTS", "unreadable_calendar"),
}


@pytest.mark.parametrize("case", REWRITTEN)
def test_contradictions_lie_in_the_tray(invited: Meeting, cast: World, case: str) -> None:
    old, new, reason = REWRITTEN[case]
    raw = mail_programs.thunderbird(reply(invited, cast.susanne))
    raw = raw[: raw.index(b"application/ics")].replace(old, new)  # without the second copy

    assert result(receive(raw)) == ("tray", reason, "open")
    assert row_of(invited, cast.susanne).answer == Answer.PENDING


def test_two_different_objects_in_one_mail_lie_in_the_tray(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne)
    one, other = mail_programs.thunderbird(said), mail_programs.thunderbird(said.but(partstat="DECLINED"))
    raw = one[: one.index(b"application/ics")] + other[other.index(b"application/ics") :]

    assert result(receive(raw)) == ("tray", "several_calendars", "open")


def test_refusals_of_the_meeting_say_why(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne, stamp=invited.start)
    late = receive(mail_programs.outlook(said), at=invited.start)
    assert (*result(late), late.refusal) == ("tray", "refused", "open", "Die Sitzung hatte schon begonnen.")

    planning.cancel(invited, reason="Schnee.", by=cast.imke, at=NOON)
    off = receive(mail_programs.outlook(said.but(number=2)), at=NOON)
    assert (*result(off), off.refusal) == ("tray", "refused", "open", "Die Sitzung fällt aus.")


def test_forwarded_mail_is_not_its_writers_answer(invited: Meeting, cast: World) -> None:
    inside = mail_programs.outlook(reply(invited, cast.susanne))
    raw = (
        b"From: kollege@bbs.example\r\nMessage-ID: <w@bbs.example>\r\nSubject: WG: Zusage\r\n"
        b'Content-Type: multipart/mixed; boundary="w"\r\n\r\n--w\r\nContent-Type: text/plain\r\n\r\nZur Kenntnis\r\n'
        b"--w\r\nContent-Type: message/rfc822\r\n\r\n" + inside + b"\r\n--w--\r\n"
    )

    assert result(receive(raw)) == ("tray", "human", "open")
    assert row_of(invited, cast.susanne).answer == Answer.PENDING


def test_delegation_invites_nobody(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne, partstat="DELEGATED")
    raw = mail_programs.thunderbird(said).replace(
        b"ATTENDEE;RSVP=TRUE",
        b"ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Kai Kollege:mailto:kai@bbs.example\r\n"
        b'ATTENDEE;DELEGATED-TO="mailto:kai@bbs.example";RSVP=TRUE',
    )

    row = receive(raw[: raw.index(b"application/ics")])

    assert result(row) == ("tray", "delegated", "open")
    assert row.data == {"delegate": "kai@bbs.example", "name": "Kai Kollege"}
    assert not Attendance.objects.filter(meeting=invited, person__email="kai@bbs.example").exists()


def test_proposal_moves_nothing_and_what_else_it_says_counts(invited: Meeting, cast: World) -> None:
    start = dt.datetime(2027, 2, 18, 13, 0, tzinfo=dt.UTC)
    said = reply(invited, cast.susanne, method="COUNTER", partstat="TENTATIVE", start=start, end=start + 2 * HOUR)

    row = receive(mail_programs.outlook(said))

    assert result(row) == ("tray", "proposal", "open")
    assert (row.proposed_start, row.proposed_end) == (start, start + 2 * HOUR)
    invited.refresh_from_db()
    assert invited.start == dt.datetime(2027, 2, 11, 9, 0, tzinfo=dt.UTC)
    assert row_of(invited, cast.susanne).answer == Answer.TENTATIVE


def test_answer_from_another_address_counts_until_it_is_taken_back(invited: Meeting, cast: World) -> None:
    row = receive(mail_programs.nextcloud(reply(invited, cast.susanne)))

    assert result(row) == ("provisional", "other_sender", "filed")
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


@pytest.mark.parametrize("is_known", [False, True])
def test_who_writes_for_somebody_is_known_by_an_address_of_that_person(
    invited: Meeting, cast: World, is_known: bool
) -> None:
    """Not by SENT-BY, which the mail says of itself."""
    office = "vorzimmer@verein.example"
    if is_known:
        FurtherAddress.objects.create(person=cast.susanne, address=office)
    sent_by = b'ATTENDEE;SENT-BY="mailto:' + office.encode() + b'";RSVP=TRUE'
    raw = mail_programs.thunderbird(reply(invited, cast.susanne, sender=office))
    raw = raw.replace(b"ATTENDEE;RSVP=TRUE", sent_by)

    found = ("applied", "answered", "filed") if is_known else ("provisional", "other_sender", "filed")
    assert result(receive(raw[: raw.index(b"application/ics")])) == found


def test_unproven_sender_counts_until_it_is_taken_back(invited: Meeting, cast: World, settings: Any) -> None:
    said = reply(invited, cast.susanne, proven=False)
    assert result(receive(mail_programs.outlook(said))) == ("provisional", "unproven", "filed")

    settings.AUTHSERV_ID = ""  # an installation whose server does not check
    later = said.but(proven=True, partstat="DECLINED", stamp=STAMP + HOUR)
    assert result(receive(mail_programs.outlook(later))) == ("provisional", "unproven", "filed")


def test_what_other_servers_found_out_is_not_believed(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne, proven=False)
    foreign = "Authentication-Results: mx.anderswo.example; dmarc=pass header.from=verein.example"

    assert receive(mail_programs.outlook(said.but(headers=(foreign,)))).reason == "unproven"


def test_what_a_program_wrote_and_nobody_proves_is_not_answered(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    said = reply(invited, cast.susanne, headers=("Auto-Submitted: auto-generated",))

    row = receive(mail_programs.nextcloud(said))

    assert result(row) == ("provisional", "unasked", "open")
    assert sending.deliver(relay, at=NOON + HOUR) == {}


def test_room_that_answers_by_itself_is_believed_where_proven(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne, headers=("Auto-Submitted: auto-replied",))

    assert result(receive(mail_programs.outlook(said))) == ("applied", "answered", "filed")


def test_unproven_yes_does_not_send_a_deputy_away(invited: Meeting, cast: World) -> None:
    deputy = answers.name_deputy(
        row_of(invited, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE
    )

    row = receive(mail_programs.nextcloud(reply(invited, cast.susanne)))

    assert result(row) == ("tray", "somebody_stands_in", "open")
    deputy.refresh_from_db()
    assert deputy.is_asked


def test_unproven_yes_does_not_withdraw_a_question(invited: Meeting, cast: World) -> None:
    facts = {"first_name": "Greta", "last_name": "Harms", "email": "greta@verein.example"}
    deputies.ask(row_of(invited, cast.susanne), **facts, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE)

    assert receive(mail_programs.nextcloud(reply(invited, cast.susanne))).reason == "somebody_stands_in"


# --- Two lines of one user --------------------------------------------------------------------------------------------

PRIVATE = "s.overhage@privat.example"
TWO_LINES: dict[str, tuple[list[tuple[str, str]], tuple[str, str], str]] = {
    "the invited address behind": (
        [(PRIVATE, "NEEDS-ACTION"), ("susanne@verein.example", "ACCEPTED")],
        ("applied", "answered"),
        "accepted",
    ),
    "the invited address before another": (
        [(PRIVATE, "DECLINED"), ("susanne@verein.example", "ACCEPTED")],
        ("applied", "answered"),
        "accepted",
    ),
    "only the other one says something": (
        [("susanne@verein.example", "NEEDS-ACTION"), (PRIVATE, "TENTATIVE")],
        ("applied", "answered"),
        "tentative",
    ),
    "neither says anything": (
        [(PRIVATE, "NEEDS-ACTION"), ("susanne@verein.example", "NEEDS-ACTION")],
        ("applied", "no_answer"),
        "pending",
    ),
    "two others that contradict each other": (
        [(PRIVATE, "ACCEPTED"), ("susanne.o@privat.example", "DECLINED")],
        ("tray", "several_attendees"),
        "pending",
    ),
    "twice the invited address, in contradiction": (
        [("susanne@verein.example", "ACCEPTED"), ("susanne+b@verein.example", "DECLINED")],
        ("tray", "several_attendees"),
        "pending",
    ),
}


@pytest.mark.parametrize("case", TWO_LINES)
def test_of_several_lines_of_one_user_the_invited_one_counts(invited: Meeting, cast: World, case: str) -> None:
    lines, found, answer = TWO_LINES[case]
    for address in (PRIVATE, "susanne.o@privat.example"):
        FurtherAddress.objects.create(person=cast.susanne, address=address)
    written = b"\r\n".join(f"ATTENDEE;PARTSTAT={partstat}:mailto:{address}".encode() for address, partstat in lines)
    raw = re.sub(rb"ATTENDEE;([^\r\n]|\r\n )*", written, mail_programs.thunderbird(reply(invited, cast.susanne)))

    row = receive(raw[: raw.index(b"application/ics")])

    assert (result(row)[:2], row_of(invited, cast.susanne).answer) == (found, answer)


# --- Others than the invited person -----------------------------------------------------------------------------------


def test_former_address_is_called_one_and_makes_nobody_a_deputy(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne)
    Person.objects.filter(pk=cast.susanne.pk).update(email="s.overhage@bbs.example")

    row = receive(mail_programs.gmail(said))

    assert (*result(row), row.why) == (
        "tray",
        "former_address",
        "open",
        "Geantwortet wurde unter einer früheren Adresse der Person.",
    )
    page = tray.page(row.pk, at=NOON)
    assert page is not None
    assert (page.may_be_theirs, page.may_be_deputy, page.may_be_remembered) == (True, False, False)
    assert row_of(invited, cast.susanne).answer == Answer.PENDING


@pytest.mark.parametrize("kind", ["passed_on", "code", "link", "address_check", "address_changed"])
def test_address_that_only_got_what_was_asked_for_or_what_was_for_the_office_is_a_strangers(
    invited: Meeting, cast: World, kind: str
) -> None:
    said = reply(invited, cast.susanne, attendee="postfach@anders.example")
    OutboxMessage.objects.create(
        kind=kind, person=cast.susanne, to_address="postfach@anders.example", created_at=AT, not_before=AT
    )

    assert result(receive(mail_programs.gmail(said))) == ("tray", "stranger", "open")


REFRESHES: dict[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
    "a stranger": ({"attendee": "wer@anders.example"}, ("tray", "stranger_asked", "open")),
    "the invited person": ({}, ("applied", "refreshed", "filed")),
    "another calendar of the invited person": (
        {"attendee": "wer@anders.example", "sender": "susanne@verein.example"},
        ("applied", "refreshed", "filed"),
    ),
    "the cloud of the invited person": ({"sender": "cloud@cloud.example"}, ("applied", "refreshed", "filed")),
}


@pytest.mark.parametrize("case", REFRESHES)
def test_calendar_is_answered_where_somebody_we_know_asks(
    invited: Meeting, cast: World, relay: smtp_sink.Sink, case: str
) -> None:
    said, found = REFRESHES[case]
    row = receive(mail_programs.thunderbird(reply(invited, cast.susanne, method="REFRESH", **said)))

    assert result(row) == found
    to = set() if found[0] == "tray" else {"susanne@verein.example"}
    assert set(sending.deliver(relay, at=NOON + MINUTE)) == to
