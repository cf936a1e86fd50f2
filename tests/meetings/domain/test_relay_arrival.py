"""Where a relay would arrive, as it is told before sending."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import at_local
from meetings.domain import relay_arrival
from meetings.domain.relay_arrival import Door
from meetings.enums import MeetingState
from meetings.models import Meeting
from tests.support.relay_scene import Scene
from tests.world import AT

pytestmark = pytest.mark.django_db


def noon(year: int, month: int, day: int) -> dt.datetime:
    return at_local(dt.date(year, month, day), dt.time(12, 0))


@pytest.mark.parametrize(
    ("at", "door", "until"),
    [
        (noon(2027, 2, 18), Door.OPEN, dt.date(2027, 2, 18)),
        (noon(2027, 2, 19), Door.LATE, dt.date(2027, 3, 8)),
        (noon(2027, 3, 8), Door.LATE, dt.date(2027, 3, 8)),
        (noon(2027, 3, 9), Door.SHUT, dt.date(2027, 3, 8)),
    ],
)
def test_door_shuts_with_the_deadlines(scene: Scene, at: dt.datetime, door: Door, until: dt.date) -> None:
    arrival = relay_arrival.Arrival(scene.arbeit_march, at)

    assert (arrival.door, arrival.until, arrival.day) == (door, until, dt.date(2027, 3, 11))


def test_agenda_that_has_left_takes_a_nachtrag_only(scene: Scene) -> None:
    assert relay_arrival.Arrival(scene.arbeit_december, AT).door is Door.LATE


def test_meeting_in_session_is_shut(scene: Scene) -> None:
    scene.arbeit_march.state = MeetingState.IN_SESSION

    assert relay_arrival.Arrival(scene.arbeit_march, AT).door is Door.SHUT


def test_arrivals_are_the_next_meetings_without_cancelled_ones(scene: Scene) -> None:
    assert [entry.meeting for entry in relay_arrival.arrivals(scene.cast.arbeit, at=AT)] == [
        scene.arbeit_december,
        scene.arbeit_march,
    ]
    Meeting.objects.filter(pk=scene.arbeit_december.pk).update(state=MeetingState.CANCELLED)
    assert [entry.meeting for entry in relay_arrival.arrivals(scene.cast.arbeit, at=AT)] == [scene.arbeit_march]


def test_body_without_meetings_has_no_arrivals(scene: Scene) -> None:
    outlook = relay_arrival.outlook(scene.committee, due_on=dt.date(2026, 12, 8), at=AT)

    assert (outlook.arrivals, outlook.first, outlook.due_is_too_early) == ((), None, False)


@pytest.mark.parametrize(
    ("due_on", "too_early"), [(dt.date(2026, 12, 2), True), (dt.date(2026, 12, 3), False), (None, False)]
)
def test_due_date_before_the_first_meeting_is_flagged(scene: Scene, due_on: dt.date | None, too_early: bool) -> None:
    outlook = relay_arrival.outlook(scene.cast.arbeit, due_on=due_on, at=AT)

    assert outlook.due_is_too_early is too_early
