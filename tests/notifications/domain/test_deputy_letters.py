"""Mail around a request to stand in: who hears what, and only who heard the question hears its end."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.enums import Role, Via
from buendnisse.models import Membership, Person
from meetings.domain import answers, deputies
from meetings.enums import Answer
from meetings.models import Attendance, DeputyRequest, Meeting
from notifications.domain import desk
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.notifications import sending
from tests.notifications.mail_snapshots_of import kept
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
SUSANNE, GRETA = "susanne@verein.example", "greta@verein.example"


def member(meeting: Meeting, cast: World) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=cast.susanne)


def ask(meeting: Meeting, cast: World, at: dt.datetime) -> DeputyRequest:
    facts = {"first_name": "Greta", "last_name": "Harms", "email": GRETA}
    made = deputies.ask(member(meeting, cast), **facts, via=Via.LINK, by=cast.susanne, at=at)
    assert isinstance(made, DeputyRequest)
    return made


@pytest.fixture
def asked(february: Meeting, cast: World, relay: smtp_sink.Sink) -> DeputyRequest:
    """Everybody is invited; then Greta is asked, and has the mail."""
    sending.deliver(relay, at=AT + MINUTE)
    return ask(february, cast, AT + MINUTE)


def snapshot(name: str, message: object) -> None:
    text = sending.snapshot(message)
    assert text == kept(name, text)


def test_question_holds_no_calendar_entry(asked: DeputyRequest, relay: smtp_sink.Sink) -> None:
    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert list(got) == [GRETA]
    assert sending.calendar(got[GRETA]) == {}
    snapshot("deputy_asked", got[GRETA])


def test_whoever_is_known_otherwise_is_not_promised_to_be_deleted(
    asked: DeputyRequest, cast: World, relay: smtp_sink.Sink
) -> None:
    Membership.objects.create(
        person=asked.person,
        body=cast.bildung,
        organisation=asked.person.organisation,
        role=Role.GUEST,
        since=dt.date(2026, 1, 1),
    )

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert "löschen wir" not in sending.snapshot(got[GRETA])


def test_yes_invites_the_deputy_and_cancels_the_members_entry(asked: DeputyRequest, relay: smtp_sink.Sink) -> None:
    sending.deliver(relay, at=AT + 3 * MINUTE)
    deputies.confirm(asked, via=Via.LINK, by=asked.person, at=AT + 4 * MINUTE)

    got = sending.deliver(relay, at=AT + 6 * MINUTE)

    methods = {address: sending.calendar(message)["METHOD"] for address, message in got.items()}
    assert methods == {SUSANNE: "CANCEL", GRETA: "REQUEST"}


def test_deputy_who_said_yes_is_not_asked_again(asked: DeputyRequest, relay: smtp_sink.Sink) -> None:
    sending.deliver(relay, at=AT + 3 * MINUTE)
    deputies.confirm(asked, via=Via.LINK, by=asked.person, at=AT + 4 * MINUTE)

    got = sending.deliver(relay, at=AT + 6 * MINUTE)

    assert sending.calendar(got[GRETA])["METHOD"] == "REQUEST"
    snapshot("invitation_deputy_said_yes", got[GRETA])
    snapshot("uninvited_deputy_said_yes", got[SUSANNE])


def test_deputy_on_record_who_cannot_come_is_told_to_the_member(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    deputy = answers.name_deputy(
        member(february, cast), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE
    )
    sending.deliver(relay, at=AT + 4 * MINUTE)
    deputy = Attendance.objects.select_related("meeting__alliance").get(pk=deputy.pk)
    answers.answer(deputy, answer=Answer.DECLINED, via=Via.LINK, by=cast.rolf, at=AT + 5 * MINUTE)

    got = sending.deliver(relay, at=AT + 7 * MINUTE)

    assert list(got) == [SUSANNE]
    snapshot("deputy_answered_on_record", got[SUSANNE])
    counted = answers.summary(february)
    assert (counted.represented, counted.declined) == (0, 1)
    [line] = [
        one
        for one in desk.desk(at=AT + 7 * MINUTE).later + desk.desk(at=AT + 7 * MINUTE).week
        if "vertreten" in one.title
    ]
    assert line.why == (
        "Susanne Overhage kommt nicht zur Sitzung am 11.\xa0Februar, und Rolf Eilers hat als Vertretung abgesagt."
    )


def test_deputy_who_said_no_before_the_mail_left_is_not_told_as_invited(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    named = answers.name_deputy(
        member(february, cast), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE
    )
    deputy = Attendance.objects.select_related("meeting__alliance").get(pk=named.pk)
    answers.answer(deputy, answer=Answer.DECLINED, via=Via.PHONE, by=cast.imke, at=AT + 2 * MINUTE)

    sending.deliver(relay, at=AT + 4 * MINUTE)

    mails = OutboxMessage.objects.filter(person=cast.susanne, state="sent").exclude(kind=MailKind.INVITATION)
    assert sorted(mails.values_list("kind", "subject")) == [
        (MailKind.DEPUTY_ANSWERED, "Arbeit, 11.02.2027: noch keine Vertretung"),
        (MailKind.UNINVITED, "Arbeit, 11.02.2027: Sie sind abgemeldet"),
    ]


def test_deputy_who_comes_after_all_is_not_told_as_missing(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    named = answers.name_deputy(
        member(february, cast), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE
    )
    sending.deliver(relay, at=AT + 4 * MINUTE)
    for answer in (Answer.DECLINED, Answer.ACCEPTED):
        deputy = Attendance.objects.select_related("meeting__alliance").get(pk=named.pk)
        answers.answer(deputy, answer=answer, via=Via.LINK, by=cast.rolf, at=AT + 5 * MINUTE)

    assert sending.deliver(relay, at=AT + 7 * MINUTE) == {}


def test_no_is_told_to_the_member_whose_entry_stays(asked: DeputyRequest, relay: smtp_sink.Sink) -> None:
    sending.deliver(relay, at=AT + 3 * MINUTE)
    deputies.decline(asked, via=Via.LINK, by=asked.person, at=AT + 4 * MINUTE)

    got = sending.deliver(relay, at=AT + 6 * MINUTE)

    assert list(got) == [SUSANNE]
    snapshot("deputy_answered", got[SUSANNE])


def test_expired_question_is_told_to_the_member(asked: DeputyRequest, relay: smtp_sink.Sink) -> None:
    sending.deliver(relay, at=AT + 3 * MINUTE)

    got = sending.deliver(relay, at=AT + 15 * DAY)

    assert [who for who, message in got.items() if "Wochenbrief" not in message["Subject"]] == [SUSANNE]
    snapshot("deputy_answered_expired", got[SUSANNE])


def test_question_taken_back_in_time_is_never_asked(asked: DeputyRequest, cast: World, relay: smtp_sink.Sink) -> None:
    answers.withdraw_deputy(
        member(asked.attendance.meeting, cast), via=Via.LINK, by=cast.susanne, at=AT + MINUTE + dt.timedelta(seconds=9)
    )

    assert sending.deliver(relay, at=AT + 4 * MINUTE) == {}


def test_question_taken_back_late_is_told(asked: DeputyRequest, cast: World, relay: smtp_sink.Sink) -> None:
    sending.deliver(relay, at=AT + 3 * MINUTE)
    row = member(asked.attendance.meeting, cast)
    answers.answer(row, answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=AT + 4 * MINUTE)

    got = sending.deliver(relay, at=AT + 6 * MINUTE)

    assert list(got) == [GRETA]
    snapshot("deputy_unasked", got[GRETA])


def test_name_and_address_without_a_yes_are_gone_a_day_later(asked: DeputyRequest, relay: smtp_sink.Sink) -> None:
    sending.deliver(relay, at=AT + 3 * MINUTE)
    deputies.decline(asked, via=Via.LINK, by=asked.person, at=AT + 4 * MINUTE)
    sending.deliver(relay, at=AT + 6 * MINUTE)
    sending.deliver(relay, at=AT + 4 * MINUTE + DAY)

    person = Person.objects.get(pk=asked.person_id)
    assert (person.email, person.full_name) == ("", "ehemals beteiligt")
    assert not OutboxMessage.objects.filter(person=person).exists()
