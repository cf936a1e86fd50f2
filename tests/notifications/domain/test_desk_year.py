"""The coming year on the Schreibtisch."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.enums import MeetingState
from notifications.domain import desk_year
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


def missing(at: dt.datetime = AT) -> list[str]:
    return [line.title for line in desk_year.missing(at=at)]


def test_dates_missing_in_the_next_year_can_wait(cast: World) -> None:
    assert missing() == ["12 Termine für 2027 planen"]

    MeetingFactory(alliance=cast.bildung, quarter="2027-Q1", state=MeetingState.CONFIRMED)
    MeetingFactory(alliance=cast.arbeit, quarter="2027-Q1", state=MeetingState.CANCELLED)

    assert missing() == ["11 Termine für 2027 planen"]


def test_dates_of_an_alliance_that_ends_are_not_missing(cast: World) -> None:
    cast.arbeit.valid_until = dt.date(2027, 3, 31)
    cast.arbeit.save()

    assert missing() == ["9 Termine für 2027 planen"]


def test_next_year_is_no_matter_in_summer(cast: World) -> None:
    assert missing(dt.datetime(2026, 8, 31, 8, tzinfo=dt.UTC)) == []


def test_year_that_is_planned_needs_nothing(cast: World) -> None:
    for alliance in (cast.bildung, cast.gesellschaft, cast.arbeit):
        for number in (1, 2, 3, 4):
            MeetingFactory(alliance=alliance, quarter=f"2027-Q{number}")

    assert missing() == []
