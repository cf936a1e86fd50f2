"""Calls and reminders that go as one mail: nothing is said twice, and nothing is lost, whatever becomes of that mail."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.db import connection

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.models import Change, Person
from meetings.enums import DeadlineKind, Happened
from meetings.models import ActionItem, Meeting
from notifications.domain import calm, mail_room, outbox, render, valve
from notifications.domain.draft import Draft
from notifications.domain.ring import ring
from notifications.enums import MailKind, OutboxState
from notifications.models import MailPause, OutboxMessage
from tests.notifications import sending, year
from tests.notifications.nudges import DAY, at_seven, confirm, dispatch_on, invited_to, kinds, owes
from tests.support import smtp_sink
from tests.world import World

pytestmark = pytest.mark.django_db

COURSES, LIST = "Liste der Kurse schicken", "Haltestellen nennen"


@pytest.fixture
def arbeit(cast: World) -> Meeting:
    return confirm(cast, year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11)))


@pytest.fixture
def opens(arbeit: Meeting) -> dt.datetime:
    """When the call for topics goes. What Susanne owes nine days later she hears two days after it."""
    return at_seven(arbeit, DeadlineKind.CALL_FOR_ITEMS)


@pytest.fixture
def task(cast: World, arbeit: Meeting, opens: dt.datetime) -> ActionItem:
    return owes(cast.susanne, arbeit, local_date(opens) + 9 * DAY, COURSES)


def mail_of(person: Person, *states: str) -> OutboxMessage:
    """The one mail this person has in these states."""
    rows = OutboxMessage.objects.filter(person=person, is_settled=True, state__in=states or [OutboxState.WAITING])
    return rows.select_related("person").get()


def becomes(message: OutboxMessage, state: str) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(state=state)


def text(message: OutboxMessage, at: dt.datetime) -> str:
    return render.render(message, at=at).text


def asks(message: OutboxMessage, at: dt.datetime) -> tuple[bool, bool, bool]:
    """Whether it asks for topics, for the courses and for the list."""
    words = text(message, at)
    return "ein Thema für den 11. Februar" in words, COURSES in words, LIST in words


def test_what_went_along_early_is_left_out_of_the_list_and_the_rest_is_said(
    cast: World, arbeit: Meeting, opens: dt.datetime, task: ActionItem
) -> None:
    dispatch_on(opens)
    first = mail_of(cast.susanne)
    assert asks(first, opens) == (True, True, False)
    becomes(first, OutboxState.SENT)
    owes(cast.susanne, arbeit, task.due_on, LIST)  # taken meanwhile, and due on the same day
    dispatch_on(opens + 2 * DAY)

    second = mail_of(cast.susanne)
    assert (second.kind, asks(second, opens + 2 * DAY)) == (MailKind.TASK_REMINDER, (False, False, True))


@pytest.mark.parametrize("state", [OutboxState.STOPPED, OutboxState.FAILED])
def test_what_went_along_early_and_did_not_leave_comes_on_its_own_day_and_only_then(
    cast: World, opens: dt.datetime, task: ActionItem, state: str
) -> None:
    dispatch_on(opens)
    first = mail_of(cast.susanne)
    becomes(first, state)
    dispatch_on(opens + 2 * DAY)

    own = mail_of(cast.susanne)
    assert asks(own, opens + 2 * DAY) == (False, True, False)
    mail_room.act(mail_of(cast.susanne, state), do=mail_room.RELEASE, whole=False, by=cast.imke, at=opens + 2 * DAY)
    assert asks(OutboxMessage.objects.get(pk=first.pk), opens + 2 * DAY) == (True, False, False)


def test_mail_that_still_waits_takes_in_what_is_due_meanwhile(
    cast: World, arbeit: Meeting, opens: dt.datetime, task: ActionItem
) -> None:
    dispatch_on(opens)
    waits = mail_of(cast.susanne)
    mail_room.introduce(waits, words="Herzliche Grüße aus dem Kreishaus.", by=cast.imke, at=opens)
    owes(cast.susanne, arbeit, task.due_on, LIST)
    dispatch_on(opens + 2 * DAY)

    one = mail_of(cast.susanne)
    assert asks(one, opens + 2 * DAY) == (True, True, True)
    assert "Herzliche Grüße aus dem Kreishaus." in text(one, opens + 2 * DAY)
    assert kinds(cast.susanne) == ["reminders"]


def test_mail_on_its_way_is_waited_for(cast: World, opens: dt.datetime, task: ActionItem) -> None:
    dispatch_on(opens)
    first = mail_of(cast.susanne)
    becomes(first, OutboxState.SENDING)
    dispatch_on(opens + 2 * DAY)
    assert kinds(cast.susanne) == ["reminders", "task_reminder"]
    assert not OutboxMessage.objects.get(person=cast.susanne, kind=MailKind.TASK_REMINDER).is_settled

    becomes(first, OutboxState.SENT)
    dispatch_on(opens + 2 * DAY)
    assert kinds(cast.susanne) == ["reminders"]


def test_second_mail_of_reminders_loses_nothing_of_the_first(
    relay: smtp_sink.Sink, cast: World, arbeit: Meeting, opens: dt.datetime, task: ActionItem
) -> None:
    """The relay put the first one off, so its bytes are fixed; what it asks is in the second."""
    relay.answers[cast.susanne.email] = "451 4.7.1 Greylisted"
    ring(at=opens)
    first = OutboxMessage.objects.get(person=cast.susanne, kind=MailKind.REMINDERS)
    assert (first.state, first.payload is not None) == (OutboxState.WAITING, True)
    relay.answers.clear()
    owes(cast.susanne, arbeit, local_date(opens) + 12 * DAY, LIST)
    arrived = sending.deliver(relay, at=opens + 5 * DAY)

    words = sending.text(arrived[cast.susanne.email])
    assert ("ein Thema für den 11. Februar" in words, COURSES in words, LIST in words) == (True, True, True)
    assert sending.deliver(relay, at=opens + 6 * DAY) == {}


def nudge(person: Person, *drafts: tuple[MailKind, str, dict[str, object]], key: str, at: dt.datetime) -> None:
    written = [Draft(kind, person, matter=matter, data=data) for kind, matter, data in drafts]
    outbox.write_many(written, key=key, at=at, not_before=at)


def test_what_is_due_comes_before_what_is_early_and_the_rest_tomorrow(
    cast: World, arbeit: Meeting, opens: dt.datetime, task: ActionItem
) -> None:
    """Eight things fit into a mail. The call weighs least, and it is due today; the task is not."""
    for number in range(8):
        data: dict[str, object] = {"relay": number, "about": "before"}
        nudge(cast.susanne, (MailKind.RELAY, f"relay:{number}", data), key=f"{number}", at=opens)
    dispatch_on(opens)
    said = [part["kind"] for part in mail_of(cast.susanne).data["parts"]]
    assert said == ["relay"] * 8
    becomes(mail_of(cast.susanne), OutboxState.SENT)
    put_off = OutboxMessage.objects.get(person=cast.susanne, kind=MailKind.CALL)
    assert (put_off.is_settled, put_off.not_before) == (False, automatic_mail_time(local_date(opens) + DAY))

    dispatch_on(opens + DAY)
    assert sorted(part["kind"] for part in mail_of(cast.susanne).data["parts"]) == ["call", "task_reminder"]


def test_same_key_rung_again_is_not_said_again(cast: World, arbeit: Meeting, opens: dt.datetime) -> None:
    """Two tasks of one day are one mail, and it keeps what both were about."""
    tasks = [owes(cast.susanne, arbeit, local_date(opens) + 2 * DAY, words) for words in (COURSES, LIST)]
    day = automatic_mail_time(tasks[0].due_on - 7 * DAY)
    dispatch_on(day)
    one = mail_of(cast.susanne)
    assert asks(one, day) == (False, True, True)
    becomes(one, OutboxState.SENT)
    for change in Change.objects.filter(verb=Happened.ACTION_REMINDED):
        change.pk, change.at = None, day + DAY
        change.save()
    dispatch_on(day + DAY)
    assert kinds(cast.susanne) == ["task_reminder"]


def test_new_date_begins_anew_also_after_it_went_along_early(cast: World, opens: dt.datetime, task: ActionItem) -> None:
    dispatch_on(opens)
    becomes(mail_of(cast.susanne), OutboxState.SENT)
    ActionItem.objects.filter(pk=task.pk).update(due_on=task.due_on + 3 * DAY)
    dispatch_on(opens + 5 * DAY)

    assert asks(mail_of(cast.susanne), opens + 5 * DAY) == (False, True, False)


def test_who_rests_is_not_reminded_early_either(cast: World, arbeit: Meeting) -> None:
    """In the Osterferien a call goes; the task due two days later waits for the first school day, and is not lost."""
    Person.objects.filter(pk=cast.susanne.pk).update(quiet_in_holidays=True)
    holidays = automatic_mail_time(dt.date(2027, 3, 30))
    owes(cast.susanne, arbeit, local_date(holidays) + 9 * DAY)
    nudge(cast.susanne, (MailKind.UNIT_REPORT, "report:1", {"reminder": False}), key="r", at=holidays)
    dispatch_on(holidays)
    assert kinds(cast.susanne) == ["unit_report"]
    becomes(mail_of(cast.susanne), OutboxState.SENT)
    dispatch_on(holidays + 2 * DAY)
    school = automatic_mail_time(dt.date(2027, 4, 5))
    dispatch_on(school)
    assert asks(mail_of(cast.susanne), school) == (False, True, False)


def test_what_the_mail_left_out_when_it_left_comes_on_its_own_day(
    relay: smtp_sink.Sink, cast: World, opens: dt.datetime, task: ActionItem
) -> None:
    """The task was blocked for a day, just when the mail left."""
    dispatch_on(opens)
    ActionItem.objects.filter(pk=task.pk).update(is_blocked=True)
    ring(at=opens)
    ActionItem.objects.filter(pk=task.pk).update(is_blocked=False)
    dispatch_on(opens + 2 * DAY)

    assert asks(mail_of(cast.susanne), opens + 2 * DAY) == (False, True, False)


def test_reminder_in_a_mail_that_waited_too_long_is_not_said_any_more(
    cast: World, opens: dt.datetime, task: ActionItem
) -> None:
    """The call has no end of its own, so the mail still goes; the task's day has come and gone."""
    dispatch_on(opens)
    late = opens + 9 * DAY

    assert asks(mail_of(cast.susanne), late) == (True, False, False)


@pytest.fixture
def bildung(cast: World, arbeit: Meeting) -> Meeting:
    """Two days after Arbeit, with the same chair invited to both; neither has been answered."""
    found = confirm(cast, year.note(cast.bildung, cast, day=dt.date(2027, 2, 12)))
    for meeting in (arbeit, found):
        invited_to(meeting, cast.susanne)
        meeting.refresh_from_db()
    return found


def test_pause_of_one_meeting_holds_its_part_of_a_mail_about_two(
    relay: smtp_sink.Sink, cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    at = automatic_mail_time(dt.date(2027, 2, 8))
    dispatch_on(at)
    assert mail_of(cast.susanne).kind == MailKind.REMINDERS
    valve.pause_meeting(bildung, by=cast.imke, at=at)
    words = sending.text(sending.deliver(relay, at=at)[cast.susanne.email])
    assert ("11. Februar" in words, "12. Februar" in words) == (True, False)
    assert sending.deliver(relay, at=at + DAY) == {}

    valve.resume_meeting(bildung, by=cast.imke, at=at + DAY)
    words = sending.text(sending.deliver(relay, at=at + DAY)[cast.susanne.email])
    assert ("11. Februar 2027, " in words, "12. Februar 2027, " in words) == (False, True)


def test_mail_about_nothing_but_meetings_that_are_held_back_waits_and_is_not_lost(
    relay: smtp_sink.Sink, cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    at = automatic_mail_time(dt.date(2027, 2, 8))
    dispatch_on(at)
    for meeting in (arbeit, bildung):
        valve.pause_meeting(meeting, by=cast.imke, at=at)
    assert sending.deliver(relay, at=at) == {}

    for meeting in (arbeit, bildung):
        valve.resume_meeting(meeting, by=cast.imke, at=at)
    words = sending.text(sending.deliver(relay, at=at)[cast.susanne.email])
    assert ("11. Februar" in words, "12. Februar" in words) == (True, True)


def test_what_is_soon_about_a_meeting_held_back_does_not_go_along(
    cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    at = automatic_mail_time(dt.date(2027, 2, 7))
    owes(cast.susanne, arbeit, dt.date(2027, 2, 14), COURSES)
    valve.pause_meeting(bildung, by=cast.imke, at=at)
    dispatch_on(at)

    assert "12. Februar" not in text(mail_of(cast.susanne), at)


@pytest.mark.django_db(transaction=True)
def test_pause_of_one_meeting_counts_for_what_is_claimed_already(
    relay: smtp_sink.Sink, cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    """Birgit is invited to Bildung alone. Her mail and Susanne's are claimed together; the first to leave is a code."""
    invited_to(bildung, cast.birgit)
    at = automatic_mail_time(dt.date(2027, 2, 9))
    dispatch_on(at)
    data = {"code": "482915", "valid_until": (at + DAY).isoformat()}
    outbox.write(kind=MailKind.CODE, person=cast.theda, occasion="code:1", at=at, data=data)

    def pause_elsewhere() -> None:
        MailPause.objects.create(meeting=bildung, at=at, by=cast.imke)
        connection.close()

    relay.meanwhile[cast.theda.email] = pause_elsewhere
    outbox.send_all(at=at)

    mails = [message_from_bytes(raw, policy=SMTP) for _recipient, raw in relay.mail]
    assert all("12. Februar" not in sending.text(one) for one in mails)
    assert cast.birgit.email not in [recipient for recipient, _raw in relay.mail]
    held = OutboxMessage.objects.filter(person=cast.birgit, kind=MailKind.ANSWER_REMINDER)
    assert list(held.values_list("state", "attempts")) == [(OutboxState.WAITING, 0)]


def test_one_person_that_cannot_be_settled_holds_up_nobody(cast: World, opens: dt.datetime) -> None:
    dispatch_on(opens - DAY)
    nudge(cast.susanne, (MailKind.RELAY, "relay:1", {"relay": 1, "about": "before"}), key="1", at=opens)
    OutboxMessage.objects.create(
        kind=MailKind.REMINDERS, person=cast.susanne, occasion="odd", data={"covers": []},
        state=OutboxState.WAITING, created_at=opens, not_before=opens,
    )  # fmt: skip
    nudge(cast.rolf, (MailKind.RELAY, "relay:1", {"relay": 1, "about": "before"}), key="2", at=opens)

    calm.settle(at=opens)

    rows = OutboxMessage.objects.filter(kind=MailKind.RELAY).order_by("pk")
    assert list(rows.values_list("is_settled", flat=True)) == [False, True]
