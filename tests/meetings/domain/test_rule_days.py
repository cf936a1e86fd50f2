"""The usual day of an alliance, from its rule."""

import datetime as dt

import pytest

from buendnisse.models import Alliance, Venue
from meetings.domain import rule_days
from meetings.domain.quarter import Quarter


def alliance(nth: int = 2, month: int = 2, weekday: int | None = 2) -> Alliance:
    return Alliance(
        usual_weekday=weekday,
        usual_nth=nth,
        usual_month=month,
        usual_start=dt.time(15),
        usual_end=dt.time(17),
    )


@pytest.mark.parametrize(
    ("rule", "quarter", "expected"),
    [
        (alliance(), Quarter(2027, 2), dt.date(2027, 5, 12)),
        (alliance(nth=4), Quarter(2027, 4), dt.date(2027, 11, 24)),
        (alliance(nth=1, month=3, weekday=3), Quarter(2027, 1), dt.date(2027, 3, 4)),
        (alliance(nth=1, month=1, weekday=4), Quarter(2027, 4), dt.date(2027, 10, 1)),  # the first of the month itself
        (alliance(nth=5, month=1), Quarter(2026, 3), dt.date(2026, 7, 29)),
        (alliance(nth=5), Quarter(2027, 1), None),  # February 2027 has four Wednesdays
        (alliance(weekday=None), Quarter(2027, 2), dt.date(2027, 5, 12)),
    ],
)
def test_day_by_rule(rule: Alliance, quarter: Quarter, expected: dt.date | None) -> None:
    assert rule_days.day_by_rule(rule, quarter) == expected


def test_anchor_of_a_month_without_a_fifth_is_the_fourth() -> None:
    assert rule_days.anchor(alliance(nth=5), Quarter(2027, 1)) == dt.date(2027, 2, 24)


def test_rule_in_words() -> None:
    assert rule_days.words(alliance()).replace("\xa0", " ") == (
        "am zweiten Mittwoch im zweiten Monat des Quartals, 15:00 bis 17:00 Uhr"
    )


def test_hosts_take_turns_over_the_years() -> None:
    hosts = [Venue(name="Kreishaus"), Venue(name="vhs"), Venue(name="Mensa")]
    quarters = [Quarter(2027, 4), Quarter(2028, 1), Quarter(2028, 2), Quarter(2028, 3)]

    turns = [rule_days.host(alliance(), quarter, hosts) for quarter in quarters]

    assert [hosts.index(venue) for venue in turns if venue] == [2, 0, 1, 2]


def test_without_turns_it_is_the_usual_venue() -> None:
    usual = Venue(name="Kreishaus")

    assert rule_days.host(Alliance(usual_venue=usual), Quarter(2027, 1), []) == usual
