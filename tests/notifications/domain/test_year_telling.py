"""Before and after a year's dates are told: exactly who, exactly once, and the way back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.models import FurtherAddress
from meetings.domain import planning, proposing, year_plan
from meetings.domain.planning import PlanRefused
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting, YearPlan
from notifications.domain import dispatch, mail_room, mail_run, outbox, year_telling
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.meetings import district
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def cast() -> World:
    return district.build()


@pytest.fixture
def demo(settings: Any) -> None:
    """Mail is taken for sent without any relay."""
    settings.DEMO = True


def confirm(cast: World) -> list[Meeting]:
    meetings = year_plan.confirm(2027, seen=None, introduction="Guten Tag.", by=cast.imke, at=AT)
    dispatch.fan_out(at=AT)
    return meetings


@pytest.fixture
def confirmed_twice(cast: World) -> World:
    """Eight dates, and twenty seconds later, once Arbeit has a place, the other four; both by mails that still wait."""
    FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@verein.example", gets_copy=True)
    cast.arbeit.usual_venue = None
    cast.arbeit.save()
    confirm(cast)
    cast.arbeit.usual_venue = cast.venue
    cast.arbeit.save()
    year_plan.confirm(2027, seen=None, by=cast.imke, at=AT + MINUTE / 3)
    dispatch.fan_out(at=AT + MINUTE / 3)
    return cast


def sent(*, at: dt.datetime) -> list[tuple[str, str, int]]:
    """Kind, last name and number of dates of the mails that have left in the end."""
    dispatch.fan_out(at=at)
    outbox.send_all(at=at)
    rows = OutboxMessage.objects.filter(state=OutboxState.SENT).select_related("person")
    return sorted((row.kind, row.person.last_name, len(row.data["told"])) for row in rows)


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
    assert mail_run.in_words(mails, copies) == words


def test_second_confirmation_tells_only_what_is_new(cast: World) -> None:
    cast.arbeit.usual_venue = None
    cast.arbeit.save()
    confirm(cast)
    OutboxMessage.objects.update(state=OutboxState.SENT)
    cast.arbeit.usual_venue = cast.venue
    cast.arbeit.save()

    found = year_telling.check(2027, at=AT)

    assert [one.person.last_name for one in found.by_mail] == ["Hanneken", "Overhage"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("rings_between", [True, False])
def test_second_confirmation_taken_back_leaves_the_first_to_be_told(
    confirmed_twice: World, rings_between: bool
) -> None:
    number = year_telling.take_back(2027, by=confirmed_twice.imke, at=AT + MINUTE * 2 / 3)

    found = year_telling.telling(2027)
    assert (number, Meeting.objects.filter(state=MeetingState.CONFIRMED).count()) == (4, 8)
    assert found is not None
    assert (found.meetings, found.may_take_back) == (8, True)
    if rings_between:
        assert sent(at=AT + MINUTE) == [("save_the_date", "Burlage", 4)]
    # Overhage and Hanneken are members of two bodies; the third's dates are drafts again
    assert sent(at=AT + 2 * MINUTE) == [
        ("copy", "Overhage", 4),
        ("save_the_date", "Burlage", 4),
        ("save_the_date", "Hanneken", 4),
        ("save_the_date", "Overhage", 4),
    ]


@pytest.mark.usefixtures("demo")
def test_first_confirmation_is_taken_back_after_the_second(confirmed_twice: World) -> None:
    for seconds, dates in ((40, 4), (50, 8)):
        at = AT + dt.timedelta(seconds=seconds)
        assert year_telling.take_back(2027, by=confirmed_twice.imke, at=at) == dates
        dispatch.fan_out(at=at)

    assert year_telling.telling(2027) is None
    assert sent(at=AT + 3 * MINUTE) == []


@pytest.mark.usefixtures("demo")
def test_first_confirmation_told_after_all_is_not_taken_back(confirmed_twice: World) -> None:
    year_telling.take_back(2027, by=confirmed_twice.imke, at=AT + MINUTE * 2 / 3)
    assert len(sent(at=AT + 2 * MINUTE)) == 4

    with pytest.raises(year_telling.TooLate):
        year_telling.take_back(2027, by=confirmed_twice.imke, at=AT + 2 * MINUTE)

    assert Meeting.objects.filter(state=MeetingState.CONFIRMED).count() == 8


@pytest.mark.usefixtures("demo")
def test_what_was_told_before_is_not_told_again(cast: World) -> None:
    FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@verein.example", gets_copy=True)
    cast.arbeit.usual_venue = None
    cast.arbeit.save()
    confirm(cast)
    before = sent(at=AT + MINUTE)
    cast.arbeit.usual_venue = cast.venue
    cast.arbeit.save()
    year_plan.confirm(2027, seen=None, by=cast.imke, at=AT + 2 * MINUTE)
    dispatch.fan_out(at=AT + 2 * MINUTE)
    year_telling.take_back(2027, by=cast.imke, at=AT + 2 * MINUTE)

    assert (len(before), sent(at=AT + 5 * MINUTE)) == (4, before)
