"""When another alliance can deal with a decision, and when the answer can be back."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import at_local
from meetings.domain import decision_way, proposing
from meetings.domain.quarter import Quarter
from tests.factories.meetings import MeetingFactory
from tests.meetings import district
from tests.world import World

pytestmark = pytest.mark.django_db

EARLY = dt.datetime(2024, 10, 1, 8, tzinfo=dt.UTC)


@pytest.fixture
def cast() -> World:
    return district.build()


def ways(quarter: Quarter) -> dict[str, tuple[object, ...]]:
    proposal = proposing.propose(quarter.year, at=EARLY)
    return {
        f"{way.source.word} → {way.target.word}": (
            way.considered,
            "Nachtrag" if way.is_late else "rechtzeitig",
            way.enters_until,
            way.back,
            way.is_same_quarter,
        )
        for way in decision_way.ways(proposal, quarter)
    }


def test_ways_of_a_quarter(cast: World) -> None:
    """12 May, 26 May, 3 June: two weeks on only as a Nachtrag, three weeks on in time; back after the summer."""
    day = dt.date

    assert ways(Quarter(2027, 2)) == {
        "Bildung → Gesellschaft": (day(2027, 5, 26), "Nachtrag", day(2027, 5, 21), day(2027, 9, 8), True),
        "Bildung → Arbeit": (day(2027, 6, 3), "rechtzeitig", day(2027, 5, 13), day(2027, 9, 8), True),
        "Gesellschaft → Bildung": (day(2027, 9, 8), "rechtzeitig", day(2027, 8, 19), day(2027, 9, 15), False),
        "Gesellschaft → Arbeit": (day(2027, 6, 3), "Nachtrag", day(2027, 5, 31), day(2027, 9, 15), True),
        "Arbeit → Bildung": (day(2027, 9, 8), "rechtzeitig", day(2027, 8, 19), day(2027, 9, 23), False),
        "Arbeit → Gesellschaft": (day(2027, 9, 15), "rechtzeitig", day(2027, 8, 25), day(2027, 9, 23), False),
    }


def test_decision_the_day_before_waits_for_the_meeting_after(cast: World) -> None:
    start = at_local(dt.date(2027, 6, 2), dt.time(15))
    MeetingFactory(
        alliance=cast.bildung, quarter="2027-Q2", start=start, end=start + dt.timedelta(hours=2), state="confirmed"
    )
    start = at_local(dt.date(2027, 6, 3), dt.time(10))
    MeetingFactory(
        alliance=cast.arbeit, quarter="2027-Q2", start=start, end=start + dt.timedelta(hours=2), state="confirmed"
    )

    found = ways(Quarter(2027, 2))["Bildung → Arbeit"]

    assert (found[0] > dt.date(2027, 9, 1), found[4]) == (True, False)  # type: ignore[operator] # a date


def test_relay_on_the_last_day_for_papers_still_enters(cast: World) -> None:
    """Until 24:00 of that day: Bildung decides on Monday 31 May, Arbeit meets on 3 June."""
    for alliance, day in ((cast.bildung, dt.date(2027, 5, 31)), (cast.arbeit, dt.date(2027, 6, 3))):
        start = at_local(day, dt.time(15))
        MeetingFactory(
            alliance=alliance, quarter="2027-Q2", start=start, end=start + dt.timedelta(hours=2), state="confirmed"
        )

    assert ways(Quarter(2027, 2))["Bildung → Arbeit"][:3] == (dt.date(2027, 6, 3), "Nachtrag", dt.date(2027, 5, 31))


def test_way_beyond_the_year_goes_by_the_usual_day_until_one_stands(cast: World) -> None:
    def beyond() -> tuple[dt.date, bool, dt.date, bool]:
        found = decision_way.ways(proposing.propose(2027, at=EARLY), Quarter(2027, 4))
        way = next(one for one in found if (one.source, one.target) == (cast.arbeit, cast.bildung))
        return way.considered, way.is_expected, way.back, way.is_back_expected

    assert beyond() == (dt.date(2028, 2, 9), True, dt.date(2028, 3, 2), True)
    start = at_local(dt.date(2028, 2, 16), dt.time(15))
    MeetingFactory(
        alliance=cast.bildung, quarter="2028-Q1", start=start, end=start + dt.timedelta(hours=2), state="confirmed"
    )

    assert beyond() == (dt.date(2028, 2, 16), False, dt.date(2028, 3, 2), True)


def test_alliance_that_ends_answers_nothing_after_its_end(cast: World) -> None:
    cast.bildung.valid_until = dt.date(2027, 12, 31)
    cast.bildung.save()

    assert [key for key in ways(Quarter(2027, 4)) if key.endswith("→ Bildung")] == []
