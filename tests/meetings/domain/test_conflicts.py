"""What speaks against a date, by weight and in words."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import at_local
from meetings.domain.conflicts import conflicts, needs_reason
from meetings.enums import ConflictWeight
from meetings.models import CalendarEntry
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
        (dt.date(2027, 5, 6), [("public_holiday", ConflictWeight.HARD)]),
        (dt.date(2027, 2, 13), [("weekend", ConflictWeight.HARD)]),
        (dt.date(2027, 2, 2), [("school_holidays", ConflictWeight.STRONG)]),
        (dt.date(2026, 11, 27), [("minimum_notice", ConflictWeight.STRONG)]),
        (dt.date(2026, 11, 20), [("past", ConflictWeight.HARD)]),
        (dt.date(2027, 2, 8), [("monday_morning", ConflictWeight.WEAK)]),
        (dt.date(2027, 7, 6), [("before_summer", ConflictWeight.WEAK)]),
        (dt.date(2027, 9, 7), [("after_summer", ConflictWeight.WEAK)]),
        (dt.date(2027, 9, 8), []),
        (dt.date(2027, 11, 10), [("deadline_in_holidays", ConflictWeight.WEAK)]),
        (dt.date(2030, 2, 13), [("horizon", ConflictWeight.WEAK)]),
        (dt.date(2030, 7, 24), [("horizon", ConflictWeight.WEAK), ("likely_holidays", ConflictWeight.WEAK)]),
    ],
)
def test_calendar_and_rules(cast: World, day: dt.date, expected: list[tuple[str, ConflictWeight]]) -> None:
    assert found(cast, day) == expected


def test_taken_room_is_a_remark_and_named(cast: World) -> None:
    MeetingFactory(alliance=cast.gesellschaft, venue=cast.venue, quarter="2026-Q4")
    start, end = at_local(dt.date(2026, 12, 3), dt.time(11)), at_local(dt.date(2026, 12, 3), dt.time(13))

    first = conflicts(cast.arbeit, start, end, cast.venue, at=AT)[0]

    assert (first.kind, first.weight, first.text.replace("\xa0", " ")) == (
        "venue_taken",
        ConflictWeight.WEAK,
        "Der Raum ist belegt: Gesellschaft, Donnerstag, 3. Dezember 2026, 10:00 bis 12:00 Uhr.",
    )


def test_same_people_at_the_same_hour_is_hard(cast: World) -> None:
    MeetingFactory(alliance=cast.bildung, venue=None, quarter="2026-Q4")
    start = at_local(dt.date(2026, 12, 3), dt.time(11, 30))

    seen = conflicts(cast.arbeit, start, start + dt.timedelta(hours=2), cast.venue, at=AT)

    assert [(one.kind, one.weight, one.people, one.text.replace("\xa0", " ")) for one in seen] == [
        (
            "same_people",
            ConflictWeight.HARD,
            frozenset({cast.susanne.pk}),
            "Zur selben Zeit tagt Bildung: Donnerstag, 3. Dezember 2026, 10:00 bis 12:00 Uhr. Eine Person ist in beiden.",
        )
    ]


def test_same_hour_without_anybody_in_both_is_a_remark(cast: World) -> None:
    MeetingFactory(alliance=cast.bildung, venue=None, quarter="2026-Q4")
    start = at_local(dt.date(2026, 12, 3), dt.time(10))

    seen = conflicts(cast.gesellschaft, start, start + dt.timedelta(hours=2), cast.venue, at=AT)

    assert [(one.kind, one.weight) for one in seen] == [("same_day", ConflictWeight.WEAK)]


def test_same_day_at_other_hours_is_a_remark(cast: World) -> None:
    MeetingFactory(alliance=cast.bildung, venue=None, quarter="2026-Q4")

    assert found(cast, dt.date(2026, 12, 3), hour=15) == [("same_day", ConflictWeight.WEAK)]


@pytest.mark.parametrize(
    ("day", "expected"), [(dt.date(2026, 12, 10), [("near", ConflictWeight.WEAK)]), (dt.date(2026, 12, 11), [])]
)
def test_meeting_within_a_week_is_a_remark_for_who_is_in_both(
    cast: World, day: dt.date, expected: list[tuple[str, ConflictWeight]]
) -> None:
    MeetingFactory(alliance=cast.bildung, venue=None, quarter="2026-Q4")

    assert found(cast, day) == expected


def test_meeting_within_a_week_is_no_remark_where_nobody_is_in_both(cast: World) -> None:
    MeetingFactory(alliance=cast.gesellschaft, venue=None, quarter="2026-Q4")

    assert found(cast, dt.date(2026, 12, 4)) == []


def test_own_meeting_six_weeks_before_is_too_near(cast: World) -> None:
    MeetingFactory(alliance=cast.arbeit, quarter="2026-Q4")  # 3 December

    assert [kind for kind, _weight in found(cast, dt.date(2027, 1, 13))] == ["deadline_in_holidays", "own_near"]
    assert [kind for kind, _weight in found(cast, dt.date(2027, 1, 14))] == ["deadline_in_holidays"]


@pytest.mark.parametrize(("hour", "expected"), [(17, [("hint", ConflictWeight.STRONG)]), (10, [])])
def test_hint_counts_at_its_hours_with_its_weight(
    cast: World, hour: int, expected: list[tuple[str, ConflictWeight]]
) -> None:
    CalendarEntry.objects.create(
        kind="hint",
        name="Kreistag",
        first=dt.date(2027, 2, 11),
        last=dt.date(2027, 2, 11),
        weight=ConflictWeight.STRONG,
        from_hour=dt.time(14),
        until_hour=dt.time(19),
    )

    assert found(cast, dt.date(2027, 2, 11), hour=hour) == expected


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (dt.date(2027, 5, 7), 9, [("school_holidays", ConflictWeight.STRONG), ("bridge_day", ConflictWeight.WEAK)]),
        (dt.date(2027, 2, 12), 13, [("friday_afternoon", ConflictWeight.WEAK)]),
        (dt.date(2027, 2, 12), 10, []),
    ],
)
def test_habits_are_remarks(cast: World, day: dt.date, hour: int, expected: list[tuple[str, ConflictWeight]]) -> None:
    assert found(cast, day, hour=hour) == expected


def test_cancelled_meeting_takes_no_room(cast: World) -> None:
    MeetingFactory(alliance=cast.bildung, venue=cast.venue, quarter="2026-Q4", state="cancelled")

    assert found(cast, dt.date(2026, 12, 3)) == []


def test_meeting_to_be_moved_is_not_in_its_own_way(cast: World) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, venue=cast.venue)

    seen = conflicts(cast.arbeit, meeting.start, meeting.end, cast.venue, at=AT, meeting=meeting)

    assert (seen, needs_reason(seen)) == ([], False)
