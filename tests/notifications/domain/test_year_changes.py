"""What is told of a year's dates after they are known, until the invitation comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.enums import Via
from buendnisse.models import FurtherAddress, Person
from meetings.domain import agenda_sending, answers, asking, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import dispatch
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.meetings import AgendaItemFactory
from tests.notifications import sending
from tests.notifications.year import cancel, fix, move, same_as_snapshot
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)
WEEK = dt.timedelta(days=7)
SUSANNE, BIRGIT, ROLF, HEDWIG, CORINNA = (
    f"{name}@verein.example" for name in ("susanne", "birgit", "rolf", "hedwig", "corinna")
)
VORZIMMER = "vorzimmer@jobcenter.example"
INTRODUCTION = "ein neues Jahr, und zwölf Gelegenheiten, sich zu sehen.\r\n\r\nWir freuen uns <auf> Sie & Ihre Themen."


def row(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=person)


def test_move_is_told_in_words(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    move(arbeit, cast, at=AT + 2 * MINUTE, reason="am 11. Februar tagt der Kreistag.")

    got = sending.deliver(relay, at=AT + 4 * MINUTE)

    assert sorted(got) == [BIRGIT, SUSANNE]
    same_as_snapshot("moved_in_words", got[SUSANNE])
    assert sending.calendar(got[SUSANNE]) == {}


def test_who_had_said_yes_is_asked_again_in_words(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    answers.answer(row(arbeit, cast.susanne), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=AT + MINUTE)
    move(arbeit, cast, at=AT + 2 * MINUTE)

    got = sending.deliver(relay, at=AT + 4 * MINUTE)

    words = " ".join(sending.text(got[SUSANNE]).split())
    assert "Sie hatten zugesagt. Bitte antworten Sie für den neuen Termin noch einmal." in words
    assert "in Ihrem Kalender zusagen" not in words
    assert "Sie müssen noch nicht antworten." in " ".join(sending.text(got[BIRGIT]).split())


def test_move_months_later_still_knows_what_was_told(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    *_rest, may = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    later = AT + dt.timedelta(days=40)
    sending.deliver(relay, at=later)  # forgets what is older than 30 days
    move(may, cast, at=later)

    got = sending.deliver(relay, at=later + 2 * MINUTE)

    assert got[BIRGIT]["Subject"] == "Verlegt: Arbeit, 13.05.2027: neu 20.05.2027, 10:00 Uhr"


def test_moved_and_moved_back_tells_nobody(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    move(arbeit, cast, at=AT + 2 * MINUTE)
    move(arbeit, cast, at=AT + 2 * MINUTE, by=-WEEK)

    assert sending.deliver(relay, at=AT + 4 * MINUTE) == {}


def test_new_link_waits_for_the_invitation(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    planning.edit(
        arbeit, video_link="https://konferenz.example/neu", version=arbeit.version, by=cast.imke, at=AT + 2 * MINUTE
    )

    assert sending.deliver(relay, at=AT + 4 * MINUTE) == {}


def test_cancellation_is_told_in_words(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    cancel(arbeit, cast, at=AT + 2 * MINUTE)

    got = sending.deliver(relay, at=AT + 4 * MINUTE)

    assert sorted(got) == [BIRGIT, SUSANNE]
    same_as_snapshot("cancelled_in_words", got[SUSANNE])
    assert sending.calendar(got[SUSANNE]) == {}


def test_invitation_is_the_first_that_enters_a_calendar(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    move(arbeit, cast, at=AT + 2 * MINUTE)
    sending.deliver(relay, at=AT + 4 * MINUTE)
    invite(arbeit, cast, at=AT + 5 * MINUTE)

    got = sending.deliver(relay, at=AT + 7 * MINUTE)

    part = sending.calendar(got[SUSANNE])
    assert (part["METHOD"], part["SEQUENCE"], part["DTSTART"]) == ("REQUEST", "0", "20270218T100000")
    assert sending.calendar(got[CORINNA])["METHOD"] == "REQUEST"  # the guest's first word of it


def test_move_before_the_invitation_counts_those_who_know_of_the_date(planned: list[Meeting], cast: World) -> None:
    arbeit, *_rest = fix(planned, cast)

    assert asking.audience(arbeit) == asking.Audience(by_mail=2, by_phone=[], are_asked=False)


@pytest.mark.parametrize("change", [move, cancel])
def test_guest_who_heard_nothing_has_no_mail_waiting_about_a_change(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink, change: Any
) -> None:
    FurtherAddress.objects.create(person=cast.corinna, address=VORZIMMER, gets_copy=True)
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    change(arbeit, cast, at=AT + 2 * MINUTE)
    dispatch.fan_out(at=AT + 2 * MINUTE)

    assert waiting_for(arbeit) == ["birgit", "susanne"]
    assert sorted(sending.deliver(relay, at=AT + 4 * MINUTE)) == [BIRGIT, SUSANNE]


@pytest.mark.parametrize("change", [move, cancel])
def test_guest_who_was_invited_is_told_of_a_change(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink, change: Any
) -> None:
    arbeit, *_rest = fix(planned, cast)
    invite(arbeit, cast, at=AT + MINUTE)
    sending.deliver(relay, at=AT + 3 * MINUTE)
    change(arbeit, cast, at=AT + 4 * MINUTE)
    dispatch.fan_out(at=AT + 4 * MINUTE)

    assert waiting_for(arbeit) == ["birgit", "corinna", "susanne"]


def waiting_for(meeting: Meeting) -> list[str]:
    rows = OutboxMessage.objects.filter(meeting_id=meeting.pk, state=OutboxState.WAITING)
    return sorted(rows.values_list("person__handle", flat=True))


def test_reminder_reaches_only_whom_the_invitation_reached(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    invite(arbeit, cast, at=AT + 5 * MINUTE)
    sending.deliver(relay, at=AT + 7 * MINUTE)

    mails = {
        day: sending.deliver(relay, at=dt.datetime(2027, 2, day, 6, 0, tzinfo=dt.UTC)).get(SUSANNE) for day in (8, 14)
    }

    subjects = {day: mail["Subject"] if mail is not None else None for day, mail in mails.items()}
    assert "Arbeit, 11.02.2027" in subjects[8]
    reminders = OutboxMessage.objects.filter(kind=MailKind.ANSWER_REMINDER, person=cast.susanne)
    assert list(reminders.values_list("meeting_id", flat=True)) == [arbeit.pk]


def invite(meeting: Meeting, cast: World, *, at: dt.datetime) -> None:
    AgendaItemFactory(
        meeting=meeting, alliance=meeting.alliance, title="Ausbildung", position=1, state="accepted", kind="information"
    )
    agenda_sending.send_agenda(meeting, by=cast.imke, at=at, without_release="Eilt.", urgency="Eilt.")
