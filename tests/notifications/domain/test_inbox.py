"""Answers that come by mail: each program's changes the answer on the meeting's page; what is not sure is not believed."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Change, FurtherAddress, Installation, Person, SharedMailbox
from meetings.domain import answers, deputies, planning, replies
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.enums import OutboxState
from notifications.models import InboundMessage, Invitation, OutboxMessage
from tests.notifications import sending
from tests.notifications.inbound_mail import NOON, receive, reply
from tests.support import mail_programs, smtp_sink
from tests.support.mail_programs import PROGRAMS, STAMP
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def result(row: InboundMessage) -> tuple[str, str, str]:
    return (row.outcome, row.reason, row.state)


def row_of(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=person)


def said_on_page(meeting: Meeting, person: Person) -> tuple[str, str, str]:
    """As the page of the meeting lists it."""
    [found] = [one for one in replies.of(meeting) if one.person_id == person.pk]
    return (found.said, found.how, found.comment)


PARTSTATS = {"ACCEPTED": "kommt", "DECLINED": "kommt nicht", "TENTATIVE": "kommt vielleicht"}


@pytest.mark.parametrize("partstat", PARTSTATS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_answer_of_every_program_stands_on_the_page(
    invited: Meeting, cast: World, desk: Client, program: str, partstat: str
) -> None:
    said = reply(invited, cast.susanne, partstat=partstat, comment="Ich komme um elf, leider; früher geht nicht.")

    row = receive(PROGRAMS[program](said))

    assert result(row) == ("applied", "answered", "filed")
    words = (PARTSTATS[partstat], "Kalender, 23.11.2026", "Ich komme um elf, leider; früher geht nicht.")
    assert said_on_page(invited, cast.susanne) == words
    with clock.frozen(NOON):
        page = desk.get(f"/sitzungen/{invited.slug}/").content.decode()
    assert "„Ich komme um elf, leider; früher geht nicht.“" in page


@pytest.mark.parametrize("program", PROGRAMS)
def test_same_mail_again_changes_nothing(invited: Meeting, cast: World, program: str) -> None:
    raw = PROGRAMS[program](reply(invited, cast.susanne))
    first = receive(raw)
    changes = Change.objects.count()

    again = receive(b"Received: by another server\r\n" + raw, at=NOON + HOUR)

    assert (again.pk, again.is_known, first.is_known) == (first.pk, True, False)
    assert Change.objects.count() == changes


def test_journal_says_who_and_by_which_way_and_no_word(invited: Meeting, cast: World) -> None:
    receive(mail_programs.outlook(reply(invited, cast.susanne, comment="geheim")))

    change = Change.objects.order_by("pk").last()
    assert change is not None
    assert (change.verb, change.by, change.via) == ("attendance.answered", cast.susanne, "calendar_reply")
    assert change.data == {"meeting": invited.pk, "person": cast.susanne.pk}


def test_address_in_capitals_percent_signs_and_plus_is_the_same(invited: Meeting, cast: World) -> None:
    spellings = ["SUSANNE@Verein.Example", "susanne%40verein.example", "susanne+arbeit@verein.example"]
    for number, spelling in enumerate(spellings):
        stamp = STAMP + number * HOUR
        said = reply(
            invited, cast.susanne, attendee=spelling, sender="susanne@verein.example", stamp=stamp, number=number
        )
        partstat = ["DECLINED", "ACCEPTED"][number % 2]

        assert result(receive(mail_programs.gmail(said.but(partstat=partstat)))) == ("applied", "answered", "filed")


def test_international_domain_is_the_same_in_both_spellings(february: Meeting, cast: World, relay: Any) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(email="susanne@müller.example")
    sending.deliver(relay, at=AT + MINUTE)
    said = reply(february, cast.susanne, attendee="susanne@xn--mller-kva.example")

    assert result(receive(mail_programs.outlook(said))) == ("applied", "answered", "filed")


def test_further_address_and_shared_mailbox_are_the_person(invited: Meeting, cast: World) -> None:
    FurtherAddress.objects.create(person=cast.susanne, address="Overhage@privat.example")
    shared = SharedMailbox.objects.create(address="info@bbs.example")
    shared.people.set([cast.susanne, cast.rolf])

    first = receive(mail_programs.apple(reply(invited, cast.susanne, attendee="overhage@privat.example")))
    again = reply(invited, cast.susanne, sender="info@bbs.example", stamp=STAMP + HOUR, partstat="DECLINED")
    second = receive(mail_programs.apple(again))

    assert [result(one)[:2] for one in (first, second)] == [("applied", "answered")] * 2


def test_two_people_of_one_mailbox_answer_each_for_themselves(february: Meeting, cast: World, relay: Any) -> None:
    Person.objects.filter(pk__in=[cast.susanne.pk, cast.birgit.pk]).update(email="info@bbs.example", may_sign_in=False)
    sending.deliver(relay, at=AT + MINUTE)
    for person in (cast.susanne, cast.birgit):
        person.refresh_from_db()

    receive(mail_programs.outlook(reply(february, cast.susanne)))
    receive(mail_programs.outlook(reply(february, cast.birgit, partstat="DECLINED", number=2)))

    assert [row_of(february, one).answer for one in (cast.susanne, cast.birgit)] == ["accepted", "declined"]


def test_programs_that_list_both_addresses_of_their_user(invited: Meeting, cast: World) -> None:
    said = reply(invited, cast.susanne)
    other = b"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anders@privat.example\r\nATTENDEE;RSVP=TRUE"
    raw = mail_programs.thunderbird(said).replace(b"ATTENDEE;RSVP=TRUE", other)

    assert result(receive(raw.replace(b"invite.ics", b"invite.txt").replace(b"application/ics", b"text/x-any"))) == (
        "applied",
        "answered",
        "filed",
    )
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def test_online_stays_online_when_the_calendar_says_yes(invited: Meeting, cast: World) -> None:
    row = row_of(invited, cast.susanne)
    answers.answer(row, answer=Answer.ACCEPTED_ONLINE, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE)

    assert result(receive(mail_programs.outlook(reply(invited, cast.susanne)))) == ("applied", "same", "filed")
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED_ONLINE


def test_needs_action_changes_nothing(invited: Meeting, cast: World) -> None:
    row = receive(mail_programs.gmail(reply(invited, cast.susanne, partstat="NEEDS-ACTION")))

    assert result(row) == ("applied", "no_answer", "filed")
    assert row_of(invited, cast.susanne).answer == Answer.PENDING


# --- Which answer counts ------------------------------------------------------------------------------------------


def test_late_mail_does_not_undo_an_answer_on_the_web(invited: Meeting, cast: World) -> None:
    row = row_of(invited, cast.susanne)
    answers.answer(row, answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=STAMP + MINUTE)

    late = receive(mail_programs.outlook(reply(invited, cast.susanne)))
    assert (result(late), row_of(invited, cast.susanne).answer) == (("duplicate", "overtaken", "filed"), "declined")

    newer = receive(mail_programs.outlook(reply(invited, cast.susanne, stamp=STAMP + HOUR, number=2)))
    assert (result(newer), row_of(invited, cast.susanne).answer) == (("applied", "answered", "filed"), "accepted")


def test_answers_out_of_order(invited: Meeting, cast: World) -> None:
    newer = reply(invited, cast.susanne, partstat="DECLINED", stamp=STAMP + HOUR, number=2)
    receive(mail_programs.gmail(newer))

    assert result(receive(mail_programs.gmail(reply(invited, cast.susanne)))) == ("duplicate", "overtaken", "filed")
    assert result(receive(mail_programs.gmail(newer.but(number=3)))) == ("duplicate", "overtaken", "filed")
    assert row_of(invited, cast.susanne).answer == Answer.DECLINED


def test_clock_that_runs_far_ahead_does_not_shut_out_later_answers(invited: Meeting, cast: World) -> None:
    ahead = reply(invited, cast.susanne, stamp=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    receive(mail_programs.gmail(ahead))

    later = reply(invited, cast.susanne, partstat="DECLINED", stamp=NOON + 2 * dt.timedelta(days=1), number=2)
    row = receive(mail_programs.gmail(later), at=NOON + 2 * dt.timedelta(days=1))

    assert (row.reason, row_of(invited, cast.susanne).answer) == ("answered", "declined")


def test_missing_stamp_is_the_date_of_the_mail(invited: Meeting, cast: World) -> None:
    raw = mail_programs.apple(reply(invited, cast.susanne)).replace(b"DTSTAMP:", b"X-STAMP:")

    receive(raw)

    assert Invitation.objects.get(person=cast.susanne).last_reply_stamp == STAMP


def move(meeting: Meeting, cast: World, at: dt.datetime) -> None:
    day = dt.timedelta(days=7)
    planning.move_date(
        Meeting.objects.get(pk=meeting.pk),
        start=meeting.start + day,
        end=meeting.end + day,
        venue=cast.venue,
        version=Meeting.objects.get(pk=meeting.pk).version,
        conflict_reason="passt",
        by=cast.imke,
        at=at,
    )


def test_answer_to_the_earlier_date_leaves_the_person_asked(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    said = reply(invited, cast.susanne, stamp=NOON + 2 * HOUR)
    move(invited, cast, NOON)
    sending.deliver(relay, at=NOON + MINUTE)

    row = receive(mail_programs.outlook(said), at=NOON + 3 * HOUR)

    assert result(row) == ("applied", "earlier_date", "filed")
    stored = row_of(invited, cast.susanne)
    assert (stored.answer, stored.answer_is_for_earlier_date) == ("accepted", True)
    assert said_on_page(invited, cast.susanne)[0] == "vorher: kommt"


def test_answer_before_the_news_of_a_move_has_left_is_for_the_earlier_date(invited: Meeting, cast: World) -> None:
    move(invited, cast, NOON)

    assert result(receive(mail_programs.outlook(reply(invited, cast.susanne)))) == ("applied", "earlier_date", "filed")


def test_answer_to_an_earlier_version_does_not_undo_the_one_to_the_present(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    old = reply(invited, cast.susanne, partstat="DECLINED", stamp=NOON + 5 * HOUR, number=2)
    move(invited, cast, NOON)
    sending.deliver(relay, at=NOON + MINUTE)
    receive(mail_programs.outlook(reply(invited, cast.susanne, stamp=NOON + 2 * HOUR)), at=NOON + 2 * HOUR)

    row = receive(mail_programs.outlook(old), at=NOON + 5 * HOUR)

    assert result(row) == ("duplicate", "overtaken", "filed")  # a lower SEQUENCE, whatever the clock says
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def test_answer_to_an_earlier_version_after_one_on_the_web_is_for_the_fachstelle(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    old = reply(invited, cast.susanne, partstat="DECLINED", stamp=NOON + 5 * HOUR)
    move(invited, cast, NOON)
    sending.deliver(relay, at=NOON + MINUTE)
    row = row_of(invited, cast.susanne)
    answers.answer(row, answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=NOON + 2 * HOUR)

    found = receive(mail_programs.outlook(old), at=NOON + 5 * HOUR)

    assert result(found) == ("tray", "earlier_version", "open")
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


# --- What is not applied ------------------------------------------------------------------------------------------

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


# --- Who says so --------------------------------------------------------------------------------------------------


def test_answer_from_another_address_counts_until_it_is_taken_back(invited: Meeting, cast: World) -> None:
    row = receive(mail_programs.nextcloud(reply(invited, cast.susanne)))

    assert result(row) == ("provisional", "other_sender", "filed")
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


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


# --- Other mail ---------------------------------------------------------------------------------------------------

AUTOMATIC = [
    "Auto-Submitted: auto-replied",
    "Precedence: bulk",
    "Precedence: auto_reply",
    "X-Auto-Response-Suppress: All",
    "X-Autoreply: yes",
    "Return-Path: <>",
    "List-Id: <liste.verein.example>",
]


@pytest.mark.parametrize("header", AUTOMATIC)
def test_automatic_mail_is_filed_and_never_answered(
    invited: Meeting, cast: World, relay: smtp_sink.Sink, header: str
) -> None:
    Installation.objects.filter(pk=1).update(facts={"office_email": "integration@haseland.example"})

    row = receive(mail_programs.words("Ich bin bis Montag nicht da.", headers=(header,)))

    assert result(row) == ("automatic", "automatic", "filed")
    assert row.person == cast.susanne
    assert sending.deliver(relay, at=NOON + HOUR) == {}


def test_mail_in_words_is_found_by_its_thread(invited: Meeting, cast: World) -> None:
    sent = OutboxMessage.objects.get(person=cast.susanne, state=OutboxState.SENT)

    row = receive(mail_programs.words("Ich komme gern.", answers_to=sent.message_id))

    assert result(row) == ("tray", "human", "open")
    assert (row.person, row.meeting, row.about) == (cast.susanne, invited, sent)


def test_mail_of_a_stranger_in_a_thread_names_nobody(invited: Meeting, cast: World) -> None:
    sent = OutboxMessage.objects.get(person=cast.susanne, state=OutboxState.SENT)

    row = receive(mail_programs.words("Danke.", sender="wer@anders.example", answers_to=sent.message_id))

    assert (row.person, row.about) == (None, sent)


def test_own_mail_that_comes_back_is_filed(invited: Meeting, relay: smtp_sink.Sink) -> None:
    _recipient, raw = relay.mail[0]

    assert result(receive(raw)) == ("automatic", "own_mail", "filed")


def test_larger_mail_is_read_in_part_and_nothing_is_applied(invited: Meeting, cast: World) -> None:
    raw = mail_programs.apple(reply(invited, cast.susanne)) + b"x" * 1_000_000

    row = receive(raw)

    assert (*result(row), row.is_cut, len(row.raw or b"")) == ("tray", "too_large", "open", True, 1_000_000)
    assert row_of(invited, cast.susanne).answer == Answer.PENDING


def test_bytes_that_are_no_mail_lie_in_the_tray(cast: World) -> None:
    for raw in (b"", b"\x00\xff\xfe", b"From: <"):
        assert result(receive(raw)) == ("tray", "human", "open")


def test_whatever_the_order_of_arrival_the_newest_answer_counts(invited: Meeting, cast: World) -> None:
    said = [
        reply(invited, cast.susanne, partstat=partstat, stamp=STAMP + hour * HOUR, number=hour)
        for hour, partstat in enumerate(["DECLINED", "TENTATIVE", "ACCEPTED"])
    ]
    for number, order in enumerate(itertools.permutations(said)):
        Attendance.objects.update(answer=Answer.PENDING, answered_at=None, answered_via="", comment="")
        Invitation.objects.update(last_reply_sequence=None, last_reply_stamp=None)
        for one in order:
            receive(mail_programs.gmail(one.but(number=100 * number + one.number)), at=NOON + 5 * HOUR)

        assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED, [one.number for one in order]
        assert Invitation.objects.get(person=cast.susanne).last_reply_stamp == STAMP + 2 * HOUR
