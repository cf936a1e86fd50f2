"""What speaks against a date, by weight and in words."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import at_local
from meetings.domain.conflicts import conflicts, needs_reason
from meetings.enums import ConflictWeight
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


def found(cast: World, day: dt.date, *, hour: int = 10, at: dt.datetime = AT) -> list[tuple[str, ConflictWeight]]:
    start, end = at_local(day, dt.time(hour)), at_local(day, dt.time(hour + 2))
    return [(one.kind, one.weight) for one in conflicts(cast.arbeit, start, end, cast.venue, at=at)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2027, 2, 11), []),
        (dt.date(2027, 5, 17), [("public_holiday", ConflictWeight.HARD)]),
        (dt.date(2027, 2, 13), [("weekend", ConflictWeight.HARD)]),
        (dt.date(2027, 2, 1), [("school_holidays", ConflictWeight.STRONG)]),
        (dt.date(2026, 11, 27), [("minimum_notice", ConflictWeight.STRONG)]),
        (dt.date(2027, 8, 25), [("after_summer", ConflictWeight.WEAK)]),
        (dt.date(2030, 2, 13), [("horizon", ConflictWeight.WEAK)]),
    ],
)
def test_calendar_and_rules(cast: World, day: dt.date, expected: list[tuple[str, ConflictWeight]]) -> None:
    assert found(cast, day) == expected


def test_taken_room_is_hard_and_named(cast: World) -> None:
    MeetingFactory(alliance=cast.gesellschaft, venue=cast.venue, quarter="2026-Q4")
    start, end = at_local(dt.date(2026, 12, 3), dt.time(11)), at_local(dt.date(2026, 12, 3), dt.time(13))

    first = conflicts(cast.arbeit, start, end, cast.venue, at=AT)[0]

    assert (first.kind, first.weight, first.text.replace("\xa0", " ")) == (
        "venue_taken",
        ConflictWeight.HARD,
        "Der Raum ist belegt: Gesellschaft, Donnerstag, 3. Dezember 2026, 10:00 bis 12:00 Uhr.",
    )


def test_same_day_weighs_by_who_is_in_both(cast: World) -> None:
    MeetingFactory(alliance=cast.bildung, venue=None, quarter="2026-Q4")

    assert found(cast, dt.date(2026, 12, 3), hour=15) == [("same_day", ConflictWeight.STRONG)]
    assert [
        one.weight
        for one in conflicts(
            cast.gesellschaft,
            at_local(dt.date(2026, 12, 3), dt.time(15)),
            at_local(dt.date(2026, 12, 3), dt.time(17)),
            cast.venue,
            at=AT,
        )
    ] == [ConflictWeight.WEAK]


def test_near_meeting_is_a_remark(cast: World) -> None:
    MeetingFactory(alliance=cast.bildung, venue=None, quarter="2026-Q4")

    assert found(cast, dt.date(2026, 12, 4)) == [("near", ConflictWeight.WEAK)]


def test_cancelled_meeting_takes_no_room(cast: World) -> None:
    MeetingFactory(alliance=cast.bildung, venue=cast.venue, quarter="2026-Q4", state="cancelled")

    assert found(cast, dt.date(2026, 12, 3)) == []


def test_meeting_to_be_moved_is_not_in_its_own_way(cast: World) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, venue=cast.venue)

    seen = conflicts(cast.arbeit, meeting.start, meeting.end, cast.venue, at=AT, meeting=meeting)

    assert (seen, needs_reason(seen)) == ([], False)
