"""What mail that comes in sets off: to whom, how often, and what it says."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes
from typing import Any

import pytest

from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink, Person
from meetings.domain import answers, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import bounces, tray_settling
from notifications.enums import OutboxState
from notifications.models import InboundMessage, OutboxMessage
from tests.notifications import inbound_mail, sending, year
from tests.notifications.inbound_mail import MINUTE, NOON, OFFICE, receive, reply
from tests.notifications.mail_snapshots_of import kept
from tests.support import mail_programs, smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

SUSANNE = "susanne@verein.example"
HOUR = dt.timedelta(hours=1)
MORNING = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)  # 7:00 in Berlin


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def snapshot(name: str, message: object) -> None:
    text = sending.snapshot(message)
    assert text == kept(name, text)


def test_invited_address_is_told_of_an_answer_from_elsewhere(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    inbound_mail.from_elsewhere(invited, cast)
    AccessLink.objects.filter(purpose=LinkPurpose.ANSWER).delete()  # as where no letter has asked yet

    mails = sending.deliver(relay, at=NOON + MINUTE)

    assert set(mails) == {SUSANNE}
    links_to_answer = AccessLink.objects.filter(person=cast.susanne, purpose=LinkPurpose.ANSWER, subject_id=invited.pk)
    assert links_to_answer.count() == 1  # its page leads on there
    assert sending.calendar(mails[SUSANNE]) == {}
    assert mails[SUSANNE]["Auto-Submitted"] == "auto-generated"
    snapshot("reply_check", mails[SUSANNE])


def test_one_letter_names_the_newest_answer_to_each_meeting(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    """It is the only one to ask about: it took the others' place, so a no to it takes those back as well."""
    other = year.note(cast.bildung, cast, day=dt.date(2027, 2, 9))
    planning.confirm(other, by=cast.imke, at=AT)
    sending.deliver(relay, at=AT + MINUTE)
    rows = []
    for number, (meeting, partstat) in enumerate([(february, "ACCEPTED"), (other, "ACCEPTED"), (february, "DECLINED")]):
        stamp = mail_programs.STAMP + number * MINUTE
        said = reply(meeting, cast.susanne, partstat=partstat, stamp=stamp, number=number)
        rows.append(receive(mail_programs.nextcloud(said), at=NOON + number * MINUTE / 4))

    mails = sending.deliver(relay, at=NOON + 2 * MINUTE)

    assert set(mails) == {SUSANNE}
    lines = sending.text(mails[SUSANNE]).splitlines()
    assert lines[0] == "Sind diese Antworten von Ihnen?"
    assert [line for line in lines if line.startswith("Arbeitsbündnis ") and ": " in line] == [
        "Arbeitsbündnis Bildung, Dienstag, 9. Februar 2027: zugesagt",
        "Arbeitsbündnis Arbeit, Donnerstag, 11. Februar 2027: abgesagt",
    ]
    tray_settling.reject(rows[2], by=cast.susanne, at=NOON + HOUR, via=Via.LINK)
    assert inbound_mail.row_of(february, cast.susanne).answer == Answer.PENDING


def test_answer_of_a_reading_that_takes_long_is_asked_about_the_next_morning(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    """All mails of one reading carry its moment; a letter may leave between two of them."""
    other = year.note(cast.bildung, cast, day=dt.date(2027, 2, 9))
    planning.confirm(other, by=cast.imke, at=AT)
    sending.deliver(relay, at=AT + MINUTE)
    receive(mail_programs.nextcloud(reply(february, cast.susanne)), at=NOON)
    assert set(sending.deliver(relay, at=NOON + MINUTE)) == {SUSANNE}
    receive(mail_programs.nextcloud(reply(other, cast.susanne, partstat="DECLINED", number=2)), at=NOON)

    assert sending.deliver(relay, at=NOON + HOUR) == {}
    lines = sending.text(sending.deliver(relay, at=MORNING)[SUSANNE]).splitlines()
    assert [line for line in lines if line.startswith("Arbeitsbündnis ") and ": " in line] == [
        "Arbeitsbündnis Bildung, Dienstag, 9. Februar 2027: abgesagt"
    ]


def test_letter_that_did_not_arrive_has_asked_nothing(february: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    other = year.note(cast.bildung, cast, day=dt.date(2027, 2, 9))
    planning.confirm(other, by=cast.imke, at=AT)
    sending.deliver(relay, at=AT + MINUTE)
    receive(mail_programs.nextcloud(reply(february, cast.susanne)), at=NOON)
    sending.deliver(relay, at=NOON + MINUTE)
    bounces.refused(OutboxMessage.objects.get(kind="reply_check"), "550 5.7.1 blocked", at=NOON + HOUR)
    receive(mail_programs.nextcloud(reply(other, cast.susanne, number=2)), at=NOON + HOUR)

    lines = sending.text(sending.deliver(relay, at=MORNING)[SUSANNE]).splitlines()

    assert [line for line in lines if line.startswith("Arbeitsbündnis ") and ": " in line] == [
        "Arbeitsbündnis Bildung, Dienstag, 9. Februar 2027: zugesagt",
        "Arbeitsbündnis Arbeit, Donnerstag, 11. Februar 2027: zugesagt",
    ]


def test_one_such_letter_a_day_goes_to_one_address(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    inbound_mail.from_elsewhere(invited, cast)
    sending.deliver(relay, at=NOON + MINUTE)
    inbound_mail.refresh(invited, cast, at=NOON + HOUR)
    again = reply(invited, cast.susanne, partstat="DECLINED", stamp=mail_programs.STAMP + HOUR, number=2)
    receive(mail_programs.nextcloud(again), at=NOON + HOUR)

    assert sending.deliver(relay, at=NOON + 3 * HOUR) == {}
    assert set(sending.deliver(relay, at=MORNING)) == {SUSANNE}
    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING)
    assert not waiting.exists()


def test_nothing_is_asked_about_an_answer_that_was_settled_meanwhile(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    tray_settling.confirm(row, by=cast.imke, at=NOON)

    assert sending.deliver(relay, at=NOON + HOUR) == {}


def test_calendar_that_asks_gets_the_present_request(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    row = Attendance.objects.select_related("meeting__alliance").get(meeting=invited, person=cast.susanne)
    answers.answer(row, answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=NOON - HOUR)

    found = inbound_mail.refresh(invited, cast)
    mails = sending.deliver(relay, at=NOON + MINUTE)

    assert (found.outcome, found.reason) == ("applied", "refreshed")
    entry = sending.calendar(mails[SUSANNE])
    assert (entry["METHOD"], entry["SEQUENCE"]) == ("REQUEST", "0")
    snapshot("request_again", mails[SUSANNE])


def test_program_that_asks_by_itself_is_not_answered(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    said = reply(invited, cast.susanne, method="REFRESH", headers=("Auto-Submitted: auto-generated",))

    assert receive(mail_programs.thunderbird(said)).outcome == "automatic"
    assert sending.deliver(relay, at=NOON + MINUTE) == {}


def test_date_that_stays_is_sent_once_more(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    inbound_mail.keep_date(invited, cast)

    mails = sending.deliver(relay, at=NOON + MINUTE)

    assert set(mails) == {SUSANNE}
    assert sending.calendar(mails[SUSANNE])["METHOD"] == "REQUEST"
    snapshot("request_again_kept", mails[SUSANNE])


def test_date_that_stays_can_be_taken_back_for_a_minute(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    row = inbound_mail.keep_date(invited, cast)
    row.refresh_from_db()
    tray_settling.reopen(row, version=row.version, by=cast.imke, at=NOON)

    assert sending.deliver(relay, at=NOON + MINUTE) == {}


def test_mail_in_words_goes_on_to_the_fachstelles_mailbox(cast: World, relay: smtp_sink.Sink) -> None:
    inbound_mail.has_mailbox()
    row = inbound_mail.words(cast)

    mails = sending.deliver(relay, at=NOON + MINUTE)

    assert set(mails) == {OFFICE}
    assert mails[OFFICE]["Reply-To"] == SUSANNE
    assert (row.state, row.reason) == ("open", "human")
    snapshot("passed_on", mails[OFFICE])


def test_original_hangs_on_it_where_it_can(cast: World, relay: smtp_sink.Sink) -> None:
    inbound_mail.has_mailbox()
    raw = mail_programs.words("Nur ASCII.").replace(b"8bit", b"7bit")
    receive(raw)

    message = sending.deliver(relay, at=NOON + MINUTE)[OFFICE]

    [inside] = [part for part in message.walk() if part.get_content_type() == "message/rfc822"]
    assert inside.get_payload(0)["Subject"] == "Re: Sitzung"
    assert inside.get_payload(0).get_payload(decode=True).strip() == b"Nur ASCII."


def test_mailbox_that_is_ours_or_the_writers_gets_nothing(cast: World, relay: smtp_sink.Sink, settings: Any) -> None:
    inbound_mail.has_mailbox()
    receive(mail_programs.words("Aus dem Postfach selbst.", sender=OFFICE))
    settings.ORGANIZER_EMAIL = OFFICE
    receive(mail_programs.words("Das Postfach wird gelesen.", number=2))

    assert sending.deliver(relay, at=NOON + HOUR) == {}


def test_without_a_mailbox_nothing_goes_on(cast: World, relay: smtp_sink.Sink) -> None:
    inbound_mail.words(cast)

    assert sending.deliver(relay, at=NOON + HOUR) == {}


def test_mail_that_lay_in_the_mailbox_for_long_is_kept_and_not_passed_on(cast: World, relay: smtp_sink.Sink) -> None:
    """A mailbox that had another use before is read from its start."""
    inbound_mail.has_mailbox()
    late = mail_programs.STAMP + dt.timedelta(days=15)
    row = receive(mail_programs.words("Das ist lange her."), at=late)

    assert (row.state, row.reason, row.data) == ("open", "human", {})
    assert sending.deliver(relay, at=late + MINUTE) == {}


def test_what_we_pass_on_is_filed_when_it_comes_back(cast: World, relay: smtp_sink.Sink) -> None:
    inbound_mail.has_mailbox()
    inbound_mail.words(cast)
    sending.deliver(relay, at=NOON + MINUTE)
    _recipient, sent = relay.mail[-1]

    row = receive(sent, at=NOON + HOUR)

    assert (row.outcome, row.reason) == ("automatic", "own_mail")
    assert sending.deliver(relay, at=NOON + 2 * HOUR) == {}
    assert InboundMessage.objects.count() == 2
    assert message_from_bytes(sent)["Auto-Submitted"] == "auto-generated"
    assert Person.objects.filter(email=OFFICE).count() == 0
