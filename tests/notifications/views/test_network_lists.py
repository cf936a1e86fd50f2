"""Every list of the network asks the database the same few things, with one row and with three hundred."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buendnisse import clock
from buendnisse.models import Contact, Membership, Organisation, Paper, Person, Topic, Unit, Venue
from tests import world
from tests.factories.buendnisse import OrganisationFactory
from tests.support.clients import signed_in
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MOST = 10
LISTS = (
    "/verwaltung/",
    "/verwaltung/personen/?stand=alle",
    "/verwaltung/organisationen/",
    "/verwaltung/gremien/",
    "/verwaltung/stellen/",
    "/verwaltung/orte/",
    "/verwaltung/themenfelder/",
    "/verwaltung/ansprechpersonen/",
    "/verwaltung/post/",
    "/ansprechpersonen/",
    "/stellen/",
    "/themenfelder/",
    "/unterlagen/",
    "/buendnisse/",
)


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        yield world.build()


def fill(cast: World, first: int, last: int) -> None:
    """One of each kind for every number: a person without mail in Gesellschaft, their organisation, and so on."""
    numbers = range(first, last)
    houses = Organisation.objects.bulk_create(
        Organisation(slug=f"o-{number}", name=f"Verein {number}", short_name=f"V{number}", kind="verein")
        for number in numbers
    )
    people = Person.objects.bulk_create(
        Person(handle=f"x-{number}", first_name="Kim", last_name=f"Name{number}", organisation=house)
        for number, house in zip(numbers, houses, strict=True)
    )
    Membership.objects.bulk_create(
        Membership(body=cast.gesellschaft, person=one, organisation=one.organisation, role="member", since=AT.date())
        for one in people
    )
    topics = Topic.objects.bulk_create(Topic(slug=f"t-{number}", name=f"Thema {number}") for number in numbers)
    Contact.objects.bulk_create(Contact(person=one, topic=topic) for one, topic in zip(people, topics, strict=True))
    Venue.objects.bulk_create(Venue(slug=f"v-{number}", name=f"Saal {number}") for number in numbers)
    for number in numbers:
        unit = Unit.objects.create(
            slug=f"u-{number}",
            kind="unit",
            name=f"Stelle {number}",
            short_name=f"S{number}",
            organisation=OrganisationFactory(),
            programme="Programm",
            form_key=uuid.UUID(int=number + 1),
        )
        unit.topics.set(topics[:1])
    papers = Paper.objects.bulk_create(
        Paper(slug=f"p-{number}", title=f"Papier {number}", kind="Konzept", is_standing=True, dated=dt.date(2026, 1, 1))
        for number in numbers
    )
    Paper.bodies.through.objects.bulk_create(
        Paper.bodies.through(paper=one, body_id=cast.gesellschaft.pk) for one in papers
    )


def asked(client: Client) -> dict[str, int]:
    found = {}
    for path in LISTS:
        client.get(path)  # what a process keeps is read
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        found[path] = len(queries)
    return found


def test_lists_cost_the_same_with_one_row_and_with_three_hundred(cast: World) -> None:
    desk = signed_in(cast.imke)
    fill(cast, 0, 1)
    few = asked(desk)
    fill(cast, 1, 300)

    assert asked(desk) == few
    assert {path: number for path, number in few.items() if number > MOST} == {}
