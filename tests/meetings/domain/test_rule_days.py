"""The usual day of an alliance, from its rule."""

import datetime as dt

import pytest

from buendnisse.models import Alliance, ComingRule, Host, Venue
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


def with_coming(weekday: int | None = 2) -> Alliance:
    """From 15 May 2027 on the first Monday of the quarter's third month, in the vhs."""
    one = alliance(weekday=weekday)
    fields = {"weekday": 0, "nth": 1, "month": 3, "start": dt.time(9), "end": dt.time(11)}
    one.coming_rule = ComingRule(first_day=dt.date(2027, 5, 15), venue=Venue(name="vhs"), **fields)
    return one


@pytest.mark.parametrize(
    ("quarter", "day", "place"),
    [
        (Quarter(2027, 1), dt.date(2027, 2, 10), "Kreishaus"),
        (Quarter(2027, 2), dt.date(2027, 6, 7), "vhs"),  # its own day comes after the first day of the new rule
        (Quarter(2027, 3), dt.date(2027, 9, 6), "vhs"),
    ],
)
def test_the_rule_to_come_counts_from_its_first_day_on(quarter: Quarter, day: dt.date, place: str) -> None:
    one = with_coming()
    hosts = [
        Host(venue=Venue(name="Kreishaus"), is_coming=False),
        Host(venue=Venue(name="vhs"), is_coming=True),
    ]

    assert rule_days.day_by_rule(rule_days.as_of(one, quarter), quarter) == day
    assert [venue.name for venue in rule_days.turns(one, quarter, hosts)] == [place]


def test_all_words_name_both_rules_and_say_where_there_is_none_yet() -> None:
    def said(one: Alliance) -> str:
        return rule_days.all_words(one).replace("\xa0", " ")

    coming = "ab dem 15.05.2027 am ersten Montag im dritten Monat des Quartals, 09:00 bis 11:00 Uhr"
    assert said(alliance(weekday=None)) == "noch nicht festgelegt"
    assert said(with_coming(weekday=None)) == f"noch nicht festgelegt, {coming}"
    assert said(with_coming()) == f"{rule_days.words(alliance())}, {coming}".replace("\xa0", " ")
