"""Who speaks for a body: whole people for mails, and their names for sentences, by one rule."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from buendnisse.enums import Role
from buendnisse.models import Body, Person
from meetings.domain import spokespeople
from tests import world
from tests.factories.buendnisse import ExternalBodyFactory, MembershipFactory, PersonFactory, UnitFactory
from tests.world import World

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 23)
OVER = {"since": dt.date(2020, 1, 1), "until": DAY - dt.timedelta(days=1)}


@pytest.fixture
def cast() -> World:
    return world.build()


def seat(body: Body, name: str, role: str = Role.MEMBER, **given: Any) -> Person:
    person: Person = PersonFactory(first_name=name, last_name="Sprecher")
    MembershipFactory(body=body, person=person, role=role, **given)
    return person


def speaks(*bodies: Body) -> list[str]:
    """First names, after both ways of asking have said the same."""
    people = {pk: (one.pk, one.full_name) for pk, one in spokespeople.of(bodies, day=DAY).items()}
    assert spokespeople.named(bodies, day=DAY) == people
    return [people.get(body.pk, (0, ""))[1].partition(" ")[0] for body in bodies]


def test_an_alliance_has_its_chair_then_its_deputy_chair_and_no_member(cast: World) -> None:
    seat(cast.arbeit, "Deputy", Role.DEPUTY_CHAIR)
    seat(cast.bildung, "Deputy", Role.DEPUTY_CHAIR)
    seat(cast.bildung, "Gone", Role.CHAIR, **OVER)

    assert speaks(cast.arbeit, cast.bildung, cast.gesellschaft) == ["Birgit", "Deputy", ""]


def test_of_several_the_one_who_has_been_there_longest(cast: World) -> None:
    outside = ExternalBodyFactory(slug="ausschuss")
    seat(outside, "Later", since=dt.date(2026, 1, 1))
    seat(outside, "Earlier", since=dt.date(2021, 1, 1))

    assert speaks(outside) == ["Earlier"]


def test_a_unit_has_its_member_then_its_staff(cast: World) -> None:
    with_member, with_staff, empty = (UnitFactory(slug=slug) for slug in ("eins", "zwei", "drei"))
    for unit in (with_member, with_staff):
        PersonFactory(first_name="Gone", organisation=unit.organisation, active_until=OVER["until"])
        PersonFactory(first_name="First", organisation=unit.organisation)
        PersonFactory(first_name="Second", organisation=unit.organisation)
    seat(with_member, "Member")

    assert speaks(with_member, with_staff, empty) == ["Member", "First", ""]


@pytest.mark.parametrize(("slugs", "queries"), [((), 1), (("eins",), 2), (("eins", "zwei"), 2)])
def test_at_most_two_queries(
    cast: World, slugs: tuple[str, ...], queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bodies = [cast.arbeit, *(UnitFactory(slug=slug) for slug in slugs)]

    for ask in (spokespeople.of, spokespeople.named):
        with django_assert_num_queries(queries):
            ask(bodies, day=DAY)
