"""Mail that comes in: each program's answer changes the meeting's page, other mail is filed as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Change, FurtherAddress, Installation, Person, SharedMailbox
from meetings.domain import answers, merging
from meetings.enums import Answer
from meetings.models import Meeting
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import PersonFactory
from tests.notifications import sending
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, receive, reply, result, row_of, said_on_page
from tests.support import mail_programs, smtp_sink
from tests.support.mail_programs import PROGRAMS, STAMP
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


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


def test_mail_from_the_address_of_a_double_is_the_persons(invited: Meeting, cast: World) -> None:
    double = PersonFactory(organisation=cast.susanne.organisation)
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    assert receive(mail_programs.words("Ich komme gern.", sender=double.email)).person == cast.susanne


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
    for raw, reason in ((b"", "empty"), (b"\x00\xff\xfe", "human"), (b"From: <", "empty")):
        assert result(receive(raw)) == ("tray", reason, "open")
