"""Who is called after a cancellation or a late move, judged by what really left."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buendnisse.enums import MailFormat, Role, Via
from buendnisse.models import Contact, Person, Topic
from meetings.domain import answers, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import dispatch, mail_room, ring, telephone, telephone_list
from notifications.domain.reach import Reach
from notifications.domain.telephone_list import TelephoneList
from notifications.enums import CallOutcome, MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import PersonFactory
from tests.notifications.short_notice import DAY, HOUR, MINUTE, MORNING, START, cancel, listed, move, row, say, told
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SUSANNE, CORINNA = "susanne@verein.example", "corinna@verein.example"


# --- Cancelled ------------------------------------------------------------------------------------


def test_nobody_is_called_while_the_mail_waits_for_its_minute(february: Meeting, cast: World) -> None:
    cancel(february, cast)
    before = listed(february, MORNING)
    dispatch.fan_out(at=MORNING)
    written = listed(february, MORNING + MINUTE / 2)

    for found in (before, written):
        assert (len(found.under_way), found.to_call, found.total) == (3, [], 3)
        assert (found.leaves_at, found.may_be_taken_back) == (MORNING + MINUTE, True)


def test_whom_the_mail_reached_needs_no_call(invited: Meeting, cast: World) -> None:
    cancel(invited, cast)
    ring.ring(at=MORNING)
    ring.ring(at=MORNING + MINUTE)

    found = listed(invited, MORNING + 2 * MINUTE)
    assert (found.to_call, found.under_way, len(found.others), found.mailed) == ([], [], 3, 3)
    assert found.may_be_taken_back is False
    assert told(invited, MORNING + 2 * MINUTE)["Susanne"] == (
        Reach.MAILED,
        "Die Mail ging um 07:01\N{NO-BREAK SPACE}Uhr.",
    )


def test_mail_of_another_day_is_told_with_its_date(invited: Meeting, cast: World) -> None:
    cancel(invited, cast, at=MORNING - DAY)
    ring.ring(at=MORNING - DAY)
    ring.ring(at=MORNING - DAY + MINUTE)

    assert told(invited, MORNING)["Susanne"][1] == "Die Mail ging am 10.\N{NO-BREAK SPACE}Februar."


def test_list_is_closed_once_the_time_of_the_meeting_is_over(february: Meeting, cast: World) -> None:
    cancel(february, cast)

    assert telephone_list.of(february, at=february.end) is not None
    assert telephone_list.of(february, at=february.end + MINUTE) is None


def test_those_without_mail_are_called_and_who_would_come_stands_first(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    say(invited, cast.susanne, Answer.TENTATIVE)
    say(invited, cast.corinna, Answer.ACCEPTED)
    guest = PersonFactory(first_name="Alfons", last_name="Abel", email="")
    Attendance.objects.create(meeting=invited, person=guest, organisation=guest.organisation, role=Role.GUEST)
    Person.objects.filter(pk=cast.susanne.pk).update(mail_format=MailFormat.NONE)
    relay.answers[CORINNA] = "550 Mailbox unknown"
    cancel(invited, cast)
    ring.ring(at=MORNING)
    ring.ring(at=MORNING + MINUTE)

    found = listed(invited, MORNING + 2 * MINUTE)
    assert [entry.row.person.first_name for entry in found.to_call] == ["Corinna", "Susanne", "Alfons"]
    assert [entry.would_come for entry in found.to_call] == [True, False, False]
    assert told(invited, MORNING + 2 * MINUTE) == {
        "Corinna": (Reach.CALL, "Die Mail kam nicht an. Der Mailserver hat die Mail abgelehnt: 550 Mailbox unknown"),
        "Susanne": (Reach.CALL, "Möchte keine E-Mails."),
        "Alfons": (Reach.CALL, "Hat keine E-Mail-Adresse."),
        "Birgit": (Reach.MAILED, "Die Mail ging um 07:01\N{NO-BREAK SPACE}Uhr."),
    }
    assert (len(found.to_call), found.total) == (3, 4)


def test_who_is_refused_later_appears_and_goes_again_once_the_mail_got_through(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    relay.answers[SUSANNE] = "450 Greylisted"
    cancel(invited, cast)
    ring.ring(at=MORNING)
    ring.ring(at=MORNING + MINUTE)
    held_up = told(invited, MORNING + 2 * MINUTE)["Susanne"]
    relay.answers[SUSANNE] = "550 No such user"
    ring.ring(at=MORNING + 11 * MINUTE)
    refused = told(invited, MORNING + 12 * MINUTE)["Susanne"]
    message = OutboxMessage.objects.get(kind=MailKind.CANCELLED, person=cast.susanne)
    mail_room.act(message, do=mail_room.RELEASE, whole=False, by=cast.imke, at=MORNING + 13 * MINUTE)
    relay.answers.clear()
    ring.ring(at=MORNING + 13 * MINUTE)

    assert held_up == (
        Reach.CALL,
        "Die Mail ging noch nicht hinaus. Neuer Versuch um 07:11\N{NO-BREAK SPACE}Uhr.",
    )
    assert refused == (Reach.CALL, "Die Mail kam nicht an. Die Adresse nimmt keine Mail an: 550 No such user")
    assert told(invited, MORNING + 14 * MINUTE)["Susanne"][0] == Reach.MAILED


@pytest.mark.parametrize(
    ("state", "reach", "words"),
    [
        (OutboxState.STOPPED, Reach.CALL, "Die Mail ist angehalten."),
        (OutboxState.SENDING, Reach.UNDER_WAY, "Die Mail wird gerade gesendet."),
        (OutboxState.WAITING, Reach.CALL, "Die Mail wartet seit 07:01\N{NO-BREAK SPACE}Uhr."),
    ],
)
def test_mail_that_does_not_move(february: Meeting, cast: World, state: OutboxState, reach: Reach, words: str) -> None:
    cancel(february, cast)
    dispatch.fan_out(at=MORNING)
    OutboxMessage.objects.filter(kind=MailKind.CANCELLED).update(state=state)

    assert told(february, MORNING + 10 * MINUTE)["Susanne"] == (reach, words)


def test_ring_that_never_comes_is_noticed(february: Meeting, cast: World) -> None:
    cancel(february, cast)

    assert told(february, MORNING + 10 * MINUTE)["Susanne"][0] == Reach.CALL


def test_address_younger_than_the_mail(february: Meeting, cast: World) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(email="")
    cancel(february, cast)
    dispatch.fan_out(at=MORNING)
    Person.objects.filter(pk=cast.susanne.pk).update(email=SUSANNE)

    assert told(february, MORNING)["Susanne"] == (Reach.CALL, "Hat keine Mail dazu bekommen.")


def test_who_said_no_needs_no_call_and_does_not_count(february: Meeting, cast: World) -> None:
    Person.objects.filter(pk__in=[cast.susanne.pk, cast.corinna.pk]).update(mail_format=MailFormat.NONE)
    say(february, cast.susanne, Answer.DECLINED)
    cancel(february, cast)

    assert told(february, MORNING)["Susanne"] == (Reach.NOT_NEEDED, "Hatte schon abgesagt.")
    assert (len(listed(february, MORNING).to_call), listed(february, MORNING).total) == (1, 2)


def test_mail_to_who_said_no_is_one_of_those_that_go(invited: Meeting, cast: World) -> None:
    say(invited, cast.susanne, Answer.DECLINED)
    cancel(invited, cast)
    before = listed(invited, MORNING).going
    ring.ring(at=MORNING)
    written = listed(invited, MORNING + MINUTE / 2).going
    ring.ring(at=MORNING + MINUTE)
    after = listed(invited, MORNING + 2 * MINUTE)

    assert (before, written) == (3, 3)
    assert (after.going, after.mailed) == (0, 3)


def test_no_mail_goes_to_who_reads_none(invited: Meeting, cast: World) -> None:
    say(invited, cast.susanne, Answer.DECLINED)
    Person.objects.filter(pk=cast.susanne.pk).update(mail_format=MailFormat.NONE)
    cancel(invited, cast)

    assert listed(invited, MORNING).going == 2


def test_deputy_is_called_and_not_the_member(february: Meeting, cast: World) -> None:
    Person.objects.filter(pk=cast.rolf.pk).update(email="")
    answers.name_deputy(
        row(february, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE
    )
    cancel(february, cast)

    found = {entry.row.person.first_name: entry.row.stands_in_for for entry in listed(february, MORNING).entries}
    assert found == {"Birgit": None, "Corinna": None, "Rolf": row(february, cast.susanne)}


def test_whom_no_invitation_reached(february: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    relay.answers[SUSANNE] = "554 5.7.1 Not wanted here"
    ring.ring(at=AT + MINUTE)
    OutboxMessage.objects.filter(person=cast.corinna).update(state=OutboxState.SUPERSEDED)
    relay.answers.clear()
    cancel(february, cast)
    ring.ring(at=MORNING)
    ring.ring(at=MORNING + MINUTE)

    found = told(february, MORNING + 2 * MINUTE)
    assert found["Susanne"] == (Reach.CALL, "Hatte keine Einladung per Mail bekommen.")
    assert found["Corinna"] == (Reach.NOT_NEEDED, "War noch nicht eingeladen.")


def test_number_of_an_ansprechperson_helps_out(february: Meeting, cast: World) -> None:
    topic = Topic.objects.create(slug="arbeit", name="Arbeit")
    Contact.objects.create(person=cast.susanne, topic=topic, phone="00000 4107")
    Person.objects.filter(pk=cast.birgit.pk).update(phone="00000 4105")
    cancel(february, cast)

    found = {entry.row.person.first_name: entry.phone for entry in listed(february, MORNING).entries}
    assert found == {"Birgit": "00000 4105", "Corinna": "", "Susanne": "00000 4107"}


def test_date_nobody_knew_of_has_no_list(cast: World) -> None:
    noted = planning.plan(
        cast.arbeit,
        quarter="2027-Q2",
        start=START + 90 * DAY,
        end=START + 90 * DAY + HOUR,
        mode="on_site",
        venue=cast.venue,
        form_key=uuid.UUID(int=2),
        by=cast.imke,
        at=AT,
    )
    cancel(noted, cast, at=AT)

    assert (telephone_list.of(noted, at=AT), telephone_list.current(at=AT)) == (None, [])


# --- Moved ----------------------------------------------------------------------------------------


def test_late_move_calls_those_who_had_said_yes_first(february: Meeting, cast: World) -> None:
    say(february, cast.corinna, Answer.ACCEPTED)
    say(february, cast.birgit, Answer.DECLINED)
    Person.objects.exclude(pk=cast.birgit.pk).update(mail_format=MailFormat.NONE)
    move(february, cast, by=7 * DAY, at=MORNING)

    found = listed(february, MORNING)
    assert [(entry.row.person.first_name, entry.would_come) for entry in found.to_call] == [
        ("Corinna", True),
        ("Susanne", False),
    ]
    assert [entry.row.person.first_name for entry in found.under_way] == ["Birgit"]
    assert (found.occasion.old_start, found.occasion.until) == (START, START + 2 * HOUR)
    assert found.may_be_taken_back is False


def test_who_answered_to_the_new_date_knows_it(february: Meeting, cast: World) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(mail_format=MailFormat.NONE)
    move(february, cast, by=7 * DAY, at=MORNING)
    say(february, cast.susanne, Answer.ACCEPTED, at=MORNING + MINUTE)

    assert told(february, MORNING + 2 * MINUTE)["Susanne"] == (
        Reach.NOT_NEEDED,
        "Hat zum neuen Termin geantwortet.",
    )


def test_moved_and_moved_back_is_known_already(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    move(invited, cast, by=7 * DAY, at=MORNING)
    move(invited, cast, by=-7 * DAY, at=MORNING + MINUTE / 4)
    ring.ring(at=MORNING + MINUTE / 2)
    ring.ring(at=MORNING + 2 * MINUTE)

    assert told(invited, MORNING + 3 * MINUTE)["Susanne"] == (Reach.NOT_NEEDED, "Weiß es schon.")


@pytest.mark.parametrize(
    ("days_before", "moved_by", "has_list"),
    [(2, 30, True), (40, -39, True), (4, 30, False), (30, 7, False)],
    ids=["from soon", "to soon", "not so soon", "in good time"],
)
def test_only_a_move_at_short_notice_has_a_list(
    february: Meeting, cast: World, days_before: int, moved_by: int, has_list: bool
) -> None:
    at = START - days_before * DAY
    move(february, cast, by=moved_by * DAY, at=at, conflict_reason="Muss sein.")

    assert (telephone_list.of(february, at=at) is not None, len(telephone_list.current(at=at))) == (
        has_list,
        int(has_list),
    )


# --- All lists ------------------------------------------------------------------------------------


def test_list_is_current_until_the_meeting_would_be_over(february: Meeting, cast: World) -> None:
    cancel(february, cast)
    end = february.end

    assert [len(telephone_list.current(at=at)) for at in (MORNING, end, end + MINUTE)] == [1, 1, 0]


def test_moved_and_then_cancelled_is_one_list(february: Meeting, cast: World) -> None:
    move(february, cast, by=DAY, at=MORNING)
    cancel(february, cast, at=MORNING + MINUTE)

    [found] = telephone_list.current(at=MORNING + 2 * MINUTE)
    assert found.occasion.is_cancelled


def test_second_move_far_ahead_leaves_those_who_never_heard_of_the_first(february: Meeting, cast: World) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(mail_format=MailFormat.NONE)
    move(february, cast, by=28 * DAY, at=MORNING)
    move(february, cast, by=7 * DAY, at=MORNING + HOUR)

    [found] = telephone_list.current(at=MORNING + HOUR)
    assert [entry.row.person for entry in found.to_call] == [cast.susanne]
    assert (found.occasion.old_start, found.occasion.until) == (START, START + 2 * HOUR)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_are_the_same_for_one_and_three(
    february: Meeting, cast: World, number: int, django_assert_num_queries: Any
) -> None:
    for _one in range(number):
        guest = PersonFactory(email="")
        Attendance.objects.create(meeting=february, person=guest, organisation=guest.organisation, role=Role.GUEST)
    cancel(february, cast)
    for found in listed(february, MORNING).to_call:
        telephone.mark(february, row=found.row.pk, outcome=CallOutcome.NOT_REACHED, by=cast.imke, at=MORNING)

    with django_assert_num_queries(5):
        assert len(_all_phones(listed(february, MORNING))) == 3 + number
    with django_assert_num_queries(6):
        assert [len(_all_phones(one)) for one in telephone_list.current(at=MORNING)] == [3 + number]


def test_meeting_that_never_changed_costs_no_query(february: Meeting) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert telephone_list.of(february, at=MORNING) is None
    with CaptureQueriesContext(connection) as on_the_desk:
        assert telephone_list.current(at=MORNING) == []

    assert (len(queries), len(on_the_desk)) == (0, 1)


def _all_phones(found: TelephoneList) -> list[str]:
    return [entry.phone for entry in found.entries]


def test_cancellation_leaves_before_letters_that_can_wait(february: Meeting, cast: World) -> None:
    cancel(february, cast)
    dispatch.fan_out(at=MORNING)
    OutboxMessage.objects.create(
        kind=MailKind.DIGEST, person=cast.hedwig, occasion="digest:1:x", created_at=AT, not_before=AT
    )

    first = OutboxMessage.objects.due(MORNING + MINUTE).values_list("kind", flat=True)[:4]
    assert list(first) == ["cancelled", "cancelled", "cancelled", "digest"]
