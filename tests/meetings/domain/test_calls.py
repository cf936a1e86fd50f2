"""Calls for topics open, remind and close by the schedule, and by nothing else."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse.clock import at_local
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import agenda_proposals, calls
from meetings.domain.schedule import schedule
from meetings.enums import DeadlineKind, Happened, MeetingState
from meetings.models import Meeting
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SEVEN = dt.time(7, 0)


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def march(cast: World) -> Meeting:
    return MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CONFIRMED,
    )


def moment(meeting: Meeting, kind: DeadlineKind, hour: dt.time = SEVEN) -> dt.datetime:
    return at_local(schedule(meeting)[kind], hour)


def state(meeting: Meeting) -> str:
    return Meeting.objects.get(pk=meeting.pk).state


def test_call_opens_at_seven_on_its_day_and_once(march: Meeting) -> None:
    day = moment(march, DeadlineKind.CALL_FOR_ITEMS)

    assert calls.open_and_close_due(at=day - dt.timedelta(seconds=1)) == 0
    assert calls.open_and_close_due(at=day) == 1
    assert calls.open_and_close_due(at=day) == 0

    assert state(march) == MeetingState.CALL_OPEN
    change = Change.objects.get()
    assert (change.verb, change.via, change.by, change.at) == (Happened.MEETING_CALL_OPENED, Via.RULE, None, day)


def test_call_of_a_planned_meeting_stays_closed(march: Meeting) -> None:
    Meeting.objects.update(state=MeetingState.PLANNED)

    assert calls.open_and_close_due(at=moment(march, DeadlineKind.CALL_FOR_ITEMS)) == 0


def test_call_closes_at_the_end_of_the_editorial_deadline(march: Meeting) -> None:
    calls.open_and_close_due(at=moment(march, DeadlineKind.CALL_FOR_ITEMS))
    end = moment(march, DeadlineKind.EDITORIAL_DEADLINE, dt.time(0, 0)) + dt.timedelta(days=1)

    assert calls.open_and_close_due(at=end - dt.timedelta(seconds=1)) == 0
    assert calls.open_and_close_due(at=end) == 1
    assert state(march) == MeetingState.AGENDA_CLOSED


def test_meeting_confirmed_after_its_editorial_deadline_is_not_called_any_more(march: Meeting) -> None:
    late = moment(march, DeadlineKind.EDITORIAL_DEADLINE) + dt.timedelta(days=2)

    calls.open_and_close_due(at=late)

    assert list(Change.objects.values_list("verb", flat=True)) == [Happened.MEETING_AGENDA_CLOSED]


def test_reminder_comes_once(march: Meeting) -> None:
    calls.open_and_close_due(at=moment(march, DeadlineKind.CALL_FOR_ITEMS))
    day = moment(march, DeadlineKind.REMINDER)

    assert [calls.remind_due(at=day - dt.timedelta(seconds=1)), calls.remind_due(at=day), calls.remind_due(at=day)] == [
        0,
        1,
        0,
    ]


def test_reminder_right_after_a_late_call_is_left_out(march: Meeting) -> None:
    day = moment(march, DeadlineKind.REMINDER)
    calls.open_and_close_due(at=day)

    assert calls.remind_due(at=day) == 0


def test_called_are_members_and_standing_deputies(cast: World, march: Meeting) -> None:
    assert calls.called(march, at=AT) == [cast.rolf, cast.birgit, cast.susanne]


def test_unanswered_leaves_out_who_proposed_or_said_no(cast: World, march: Meeting) -> None:
    agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=march,
        title="Thema",
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=AT,
    )
    for _twice in range(2):
        calls.say_no_item([march], by=cast.birgit, at=AT)

    assert calls.unanswered(march, at=AT) == [cast.rolf]
    assert Change.objects.filter(verb=Happened.MEETING_NO_ITEM).count() == 1


def test_calls_of_two_alliances_in_one_week_go_together(cast: World, march: Meeting) -> None:
    near = MeetingFactory(
        alliance=cast.bildung,
        quarter="2027-Q1",
        start=march.start - dt.timedelta(days=1),
        end=march.end - dt.timedelta(days=1),
        state=MeetingState.CONFIRMED,
    )
    MeetingFactory(
        alliance=cast.gesellschaft,
        quarter="2027-Q1",
        start=march.start + dt.timedelta(days=40),
        end=march.end + dt.timedelta(days=40),
        state=MeetingState.CONFIRMED,
    )
    day = moment(march, DeadlineKind.CALL_FOR_ITEMS)

    assert calls.called_together(march, at=day) == [near, march]
    assert calls.open_for(cast.susanne, at=day) == [near, march]
    assert calls.open_for(cast.hedwig, at=day) == []


def test_the_call_of_a_meeting_set_late_follows_what_says_its_date(march: Meeting) -> None:
    set_at = moment(march, DeadlineKind.CALL_FOR_ITEMS) + dt.timedelta(days=1, hours=3)
    Meeting.objects.filter(pk=march.pk).update(changed_at=set_at)

    assert calls.open_and_close_due(at=set_at + dt.timedelta(minutes=2, seconds=-1)) == 0
    assert calls.open_and_close_due(at=set_at + dt.timedelta(minutes=2)) == 1
