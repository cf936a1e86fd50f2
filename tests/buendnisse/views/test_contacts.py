"""Ansprechpersonen: who sees them, and finding the one for a topic and an area."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import Area, Contact, Person, Topic
from tests import world
from tests.support.clients import signed_in
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def cast() -> World:
    cast = world.build()
    Person.objects.update(may_sign_in=True)
    arbeit, sprache = (Topic.objects.create(slug=name.lower(), name=name) for name in ("Arbeit", "Sprache"))
    north, south = (Area.objects.create(name=name) for name in ("Nord", "Süd"))
    Contact.objects.create(person=cast.birgit, topic=arbeit, phone="00000 4105", email="hanneken@jobcenter.example")
    Contact.objects.create(person=cast.rolf, topic=arbeit, area=north)
    Contact.objects.create(person=cast.hedwig, topic=sprache, area=south)
    return cast


def found(person: Person, query: str = "") -> list[tuple[str, list[str]]]:
    groups = signed_in(person).get(f"/ansprechpersonen/{query}").context["groups"]
    return [(group.topic.name, [contact.person.last_name for contact in group.contacts]) for group in groups]


WHO = {"imke": 200, "theda": 200, "birgit": 200, "rolf": 200, "hedwig": 200, "corinna": 403, "lueder": 403, "sven": 403}


@pytest.mark.parametrize("name", WHO)
def test_contacts_are_for_members_of_all_bodies(cast: World, name: str) -> None:
    assert signed_in(getattr(cast, name)).get("/ansprechpersonen/").status_code == WHO[name]


def test_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/ansprechpersonen/")["Location"] == "/anmelden/?next=/ansprechpersonen/"


def test_contacts_stand_by_topic_the_whole_district_first(cast: World) -> None:
    assert found(cast.hedwig) == [("Arbeit", ["Hanneken", "Eilers"]), ("Sprache", ["Burlage"])]


def test_filters_narrow_and_the_whole_district_answers_for_every_area(cast: World) -> None:
    north, south = Area.objects.order_by("pk")

    assert found(cast.hedwig, "?thema=sprache") == [("Sprache", ["Burlage"])]
    assert found(cast.hedwig, f"?gebiet={north.pk}") == [("Arbeit", ["Hanneken", "Eilers"])]
    assert found(cast.hedwig, f"?gebiet={south.pk}&thema=arbeit") == [("Arbeit", ["Hanneken"])]
    assert found(cast.hedwig, "?gebiet=99999&thema=unbekannt") == found(cast.hedwig)


def test_who_has_left_is_not_named(cast: World) -> None:
    Person.objects.filter(pk=cast.rolf.pk).update(active_until=dt.date(2026, 11, 22))

    assert found(cast.hedwig, "?thema=arbeit") == [("Arbeit", ["Hanneken"])]


def test_telephone_and_mail_are_links(cast: World) -> None:
    page = signed_in(cast.hedwig).get("/ansprechpersonen/").content.decode()

    assert page.count('href="tel:000004105"') == 1
    assert page.count('href="mailto:hanneken@jobcenter.example"') == 1


def test_nobody_found_says_whom_to_ask(cast: World) -> None:
    Contact.objects.all().delete()

    assert "Noch niemand eingetragen." in signed_in(cast.hedwig).get("/ansprechpersonen/").content.decode()
    assert (
        "Dafür ist niemand eingetragen."
        in signed_in(cast.hedwig).get("/ansprechpersonen/?thema=arbeit").content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries_whatever_stands_on_it(
    cast: World, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        Contact.objects.create(person=cast.susanne, topic=Topic.objects.get(slug="sprache"))
    client = signed_in(cast.hedwig)

    with django_assert_num_queries(8):  # session, person, may see, sight, contacts, installation, topics, areas
        client.get("/ansprechpersonen/")
