"""The rule of an alliance: kept, refused, and never written over somebody else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from buendnisse.domain import alliance_rules
from buendnisse.domain.alliance_rules import Rule, RuleRefused, StaleRule
from buendnisse.models import Alliance, Change, ComingRule, Venue
from tests import world
from tests.factories.buendnisse import VenueFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


def rule(*hosts: Venue, venue: Venue | None = None) -> Rule:
    return Rule(weekday=2, nth=2, month=2, start=dt.time(15), end=dt.time(17), venue=venue, hosts=hosts)


def change(alliance: Alliance, wanted: Rule, cast: World, *, version: int = 1) -> bool:
    return alliance_rules.change(alliance, wanted, version=version, by=cast.imke, at=AT)


def test_rule_is_kept_with_its_change(cast: World) -> None:
    wanted = rule(VenueFactory(), cast.venue, venue=cast.venue)

    assert change(cast.bildung, wanted, cast) is True

    stored = Alliance.objects.get(slug="bildung")
    assert alliance_rules.rule_of(stored, alliance_rules.hosts_of(stored)) == wanted
    assert (stored.rule_version, cast.bildung.rule_version) == (2, 2)
    assert list(Change.objects.values_list("verb", "subject_type", "subject_id", "body_id", "data")) == [
        (
            "body.rule_changed",
            "alliance",
            stored.pk,
            stored.pk,
            {"fields": ["weekday", "start", "end", "venue", "hosts"]},
        )
    ]


def test_same_rule_again_is_no_change(cast: World) -> None:
    change(cast.bildung, rule(cast.venue), cast)

    assert change(cast.bildung, rule(cast.venue), cast, version=2) is False
    assert Change.objects.count() == 1


def test_hosts_keep_their_order_and_one_may_come_twice(cast: World) -> None:
    one, two, three = VenueFactory(), VenueFactory(), VenueFactory()
    change(cast.bildung, rule(three, one, two, one), cast)
    change(cast.bildung, rule(one, three), cast, version=2)

    assert alliance_rules.hosts_of(cast.bildung) == [one, three]
    assert alliance_rules.hosts_of(cast.arbeit) == []


def test_stale_rule_is_refused_with_what_holds(cast: World) -> None:
    mine = Alliance.objects.get(slug="bildung")
    change(cast.bildung, rule(cast.venue), cast)

    with pytest.raises(StaleRule) as stale:
        change(mine, replace(rule(), nth=3), cast)

    assert (stale.value.alliance.usual_nth, stale.value.alliance.rule_version) == (2, 2)
    assert stale.value.hosts == [cast.venue]
    assert alliance_rules.hosts_of(mine) == [cast.venue]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (replace(rule(), weekday=5), "weekday"),
        (replace(rule(), weekday=-1), "weekday"),
        (replace(rule(), nth=6), "nth"),
        (replace(rule(), month=0), "month"),
        (replace(rule(), end=dt.time(15)), "end"),
        (replace(rule(), hosts=tuple(Venue(pk=number) for number in range(9))), ""),
    ],
)
def test_what_cannot_be_kept_is_refused(cast: World, wanted: Rule, field: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        change(cast.bildung, wanted, cast)

    assert refused.value.field == field
    assert (Alliance.objects.get(slug="bildung").rule_version, Change.objects.count()) == (1, 0)


def test_alliance_without_hours_has_no_rule_yet(cast: World) -> None:
    assert alliance_rules.rule_of(cast.bildung, []) is None


TODAY, AHEAD = dt.date(2026, 11, 23), dt.date(2027, 1, 1)
LATER = replace(rule(), weekday=0, nth=3)


def agree(cast: World, wanted: Rule, first_day: dt.date | None, *, version: int = 1) -> bool:
    return alliance_rules.agree(cast.bildung, wanted, first_day=first_day, version=version, by=cast.imke, at=AT)


def begin(day: dt.date) -> int:
    return alliance_rules.begin_due(at=dt.datetime.combine(day, dt.time(6), tzinfo=dt.UTC))


@pytest.mark.parametrize("first_day", [None, TODAY])
def test_no_day_and_today_mean_at_once(cast: World, first_day: dt.date | None) -> None:
    assert agree(cast, rule(), first_day) is True
    assert (Alliance.objects.get(slug="bildung").usual_weekday, ComingRule.objects.count()) == (2, 0)


def test_a_day_that_is_over_is_refused(cast: World) -> None:
    with pytest.raises(RuleRefused, match="der noch kommt") as refused:
        agree(cast, rule(), TODAY - dt.timedelta(days=1))
    assert refused.value.field == "first_day"


def test_a_rule_of_a_day_ahead_waits_and_then_takes_the_place_of_the_present_one(cast: World) -> None:
    now, one, two = rule(cast.venue), VenueFactory(), VenueFactory()
    coming = replace(LATER, venue=one, hosts=(two, one))
    agree(cast, now, None)

    assert agree(cast, coming, AHEAD, version=2) is True
    assert agree(cast, coming, AHEAD, version=3) is False  # a second tap
    stored = Alliance.objects.get(slug="bildung")
    assert alliance_rules.rule_of(stored, alliance_rules.hosts_of(stored)) == now
    assert begin(AHEAD - dt.timedelta(days=1)) == 0
    assert (begin(AHEAD), begin(AHEAD)) == (1, 0)
    stored = Alliance.objects.get(slug="bildung")
    assert alliance_rules.rule_of(stored, alliance_rules.hosts_of(stored)) == coming
    assert (ComingRule.objects.count(), alliance_rules.hosts_of(stored, coming=True)) == (0, [])
    change_of_rule = Change.objects.order_by("-pk")[0]
    assert (change_of_rule.verb, change_of_rule.by, change_of_rule.via) == ("body.rule_changed", None, "rule")


def test_a_second_rule_to_come_replaces_the_first_and_can_be_dropped(cast: World) -> None:
    agree(cast, rule(), None)
    agree(cast, LATER, AHEAD, version=2)
    agree(cast, replace(LATER, nth=4), AHEAD + dt.timedelta(days=31), version=3)

    assert ComingRule.objects.values_list("nth", "first_day").get() == (4, AHEAD + dt.timedelta(days=31))
    with pytest.raises(StaleRule):
        alliance_rules.drop_coming(cast.bildung, version=3, by=cast.imke, at=AT)
    assert alliance_rules.drop_coming(cast.bildung, version=4, by=cast.imke, at=AT) is True
    assert alliance_rules.drop_coming(cast.bildung, version=5, by=cast.imke, at=AT) is False
    assert begin(AHEAD + dt.timedelta(days=365)) == 0
    assert Alliance.objects.get(slug="bildung").usual_nth == 2


def test_two_that_begin_on_one_day_are_counted(cast: World) -> None:
    for alliance in (cast.bildung, cast.arbeit):
        alliance_rules.agree(alliance, LATER, first_day=AHEAD, version=1, by=cast.imke, at=AT)
    assert begin(AHEAD) == 2
