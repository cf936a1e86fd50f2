"""Before and after a year's dates are told: exactly who, exactly once, and the way back."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.domain import planning, proposing, year_plan
from meetings.domain.planning import PlanRefused
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting, YearPlan
from notifications.domain import dispatch, mail_room, outbox, year_telling
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.meetings import district
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def cast() -> World:
    return district.build()


def confirm(cast: World) -> list[Meeting]:
    meetings = year_plan.confirm(2027, seen=None, introduction="Guten Tag.", by=cast.imke, at=AT)
    dispatch.fan_out(at=AT)
    return meetings


def told() -> list[str]:
    rows = OutboxMessage.objects.filter(kind=MailKind.SAVE_THE_DATE).select_related("person")
    return sorted(row.person.last_name for row in rows.exclude(state=OutboxState.SUPERSEDED))


def test_check_names_exactly_who_is_told_and_changes_nothing(cast: World) -> None:
    found = year_telling.check(2027, at=AT)

    assert (Meeting.objects.count(), YearPlan.objects.count(), Attendance.objects.count()) == (0, 0, 0)
    assert [(one.person.last_name, one.dates) for one in found.by_mail] == [
        ("Burlage", 4),
        ("Hanneken", 8),
        ("Overhage", 8),
    ]
    assert found.signature == year_plan.signature(proposing.propose(2027, at=AT))
    confirm(cast)
    assert told() == [one.person.last_name for one in found.by_mail]


def test_everybody_is_told_once_and_nobody_is_invited_yet(cast: World) -> None:
    confirm(cast)
    dispatch.fan_out(at=AT)

    assert told() == ["Burlage", "Hanneken", "Overhage"]
    assert set(OutboxMessage.objects.values_list("kind", flat=True)) == {MailKind.SAVE_THE_DATE}


def test_who_has_no_address_is_named_for_the_telephone(cast: World) -> None:
    cast.hedwig.email = ""
    cast.hedwig.save()

    found = year_telling.check(2027, at=AT)

    assert [one.person.last_name for one in found.by_post] == ["Burlage"]


def test_mail_is_shown_for_whoever_is_asked_for(cast: World) -> None:
    found = year_telling.check(2027, introduction="Schön, dass Sie da sind.", person=cast.hedwig.pk, at=AT)

    assert (found.shown_to, found.mail and found.mail.subject) == (cast.hedwig, "Gesellschaft: Ihre Termine 2027")
    assert found.mail is not None
    assert found.mail.text.count("Schön, dass Sie da sind.") == 1


def test_draft_without_a_place_is_left_out_with_its_reason(cast: World) -> None:
    cast.arbeit.usual_venue = None
    cast.arbeit.save()

    found = year_telling.check(2027, at=AT)

    assert len(found.meetings) == 8
    assert {why for _slot, why in found.left_out} == {"Noch ist kein Ort eingetragen."}


def test_all_is_taken_back_while_the_mails_wait(cast: World) -> None:
    confirm(cast)

    number = year_telling.take_back(2027, by=cast.imke, at=AT + MINUTE / 2)

    assert (number, told(), Attendance.objects.count()) == (12, [], 0)
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.PLANNED}
    assert year_telling.telling(2027) is None
    assert year_plan.introduction_of(2027) == "Guten Tag."


def test_taken_back_before_the_mails_are_written_writes_none(cast: World) -> None:
    year_plan.confirm(2027, seen=None, by=cast.imke, at=AT)

    year_telling.take_back(2027, by=cast.imke, at=AT)
    dispatch.fan_out(at=AT + 2 * MINUTE)

    assert OutboxMessage.objects.count() == 0


def test_taken_back_and_confirmed_again_tells_once(cast: World) -> None:
    confirm(cast)
    year_telling.take_back(2027, by=cast.imke, at=AT)

    confirm(cast)

    assert told() == ["Burlage", "Hanneken", "Overhage"]


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.SENDING, OutboxState.FAILED])
def test_nothing_is_taken_back_once_one_mail_is_on_its_way(cast: World, state: OutboxState) -> None:
    confirm(cast)
    first = OutboxMessage.objects.order_by("pk")[0]
    OutboxMessage.objects.filter(pk=first.pk).update(state=state)

    with pytest.raises(year_telling.TooLate):
        year_telling.take_back(2027, by=cast.imke, at=AT)

    assert OutboxMessage.objects.filter(state=OutboxState.WAITING).count() == 2
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.CONFIRMED}


def test_date_moved_meanwhile_is_not_taken_back_silently(cast: World) -> None:
    meetings = confirm(cast)
    planning.cancel(meetings[0], reason="Der Raum fehlt.", by=cast.imke, at=AT)

    with pytest.raises(PlanRefused):
        year_telling.take_back(2027, by=cast.imke, at=AT)

    found = year_telling.telling(2027)
    assert found is not None
    assert found.may_take_back is False


def test_year_never_confirmed_is_not_taken_back(cast: World) -> None:
    with pytest.raises(PlanRefused, match="Für 2027 ist noch nichts festgelegt"):
        year_telling.take_back(2027, by=cast.imke, at=AT)


def test_telling_counts_mails_by_state(cast: World) -> None:
    confirm(cast)
    outbox.stop(OutboxMessage.objects.order_by("pk")[0])

    found = year_telling.telling(2027)

    assert found is not None
    assert (found.meetings, found.waiting, found.stopped, found.sent, found.may_take_back) == (12, 2, 1, 0, True)
    assert mail_room.counts()[OutboxState.STOPPED] == 1


@pytest.mark.parametrize(
    ("mails", "copies", "words"),
    [
        (39, 1, "39 Mails und eine Kopie"),
        (1, 2, "1 Mail und 2 Kopien"),
        (1, 0, "1 Mail"),
        (0, 1, "eine Kopie"),
        (0, 0, "0 Mails"),
    ],
)
def test_mails_and_copies_in_words(mails: int, copies: int, words: str) -> None:
    assert year_telling.in_words(mails, copies) == words


def test_second_confirmation_tells_only_what_is_new(cast: World) -> None:
    cast.arbeit.usual_venue = None
    cast.arbeit.save()
    confirm(cast)
    OutboxMessage.objects.update(state=OutboxState.SENT)
    cast.arbeit.usual_venue = cast.venue
    cast.arbeit.save()

    found = year_telling.check(2027, at=AT)

    assert [one.person.last_name for one in found.by_mail] == ["Hanneken", "Overhage"]
