"""The lists of the Verwaltung in the browser: search, a second writer, what is refused, and what a list costs."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import venues
from buendnisse.models import Contact, Organisation, Topic, Venue
from tests import world
from tests.factories.buendnisse import OrganisationFactory, UnitFactory, VenueFactory
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def at_nine() -> Any:
    with clock.frozen(AT):
        yield


@pytest.fixture
def cast() -> World:
    return world.build()


def typed(client: Client, page: str, **changed: Any) -> dict[str, Any]:
    """A form as it stands, with something else typed."""
    form = client.get(page).context["form"]
    said = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (said | changed).items() if value not in (None, False)}


def heard(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_start_page_leads_to_every_list(desk: Client, cast: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(6):  # session, person, operator's facts, reports, figures, the frame
        response = desk.get("/verwaltung/")

    counts = response.context["counts"]
    assert (counts["people"], counts["bodies"], counts["venues"], counts["topics"]) == (9, 3, 1, 0)
    for name in ("personen", "organisationen", "ansprechpersonen", "gremien", "stellen", "orte", "themenfelder"):
        assert f'href="/verwaltung/{name}/"' in heard(response)


def test_venue_is_made_changed_by_two_and_ended(desk: Client, cast: World) -> None:
    new = typed(desk, "/verwaltung/orte/neu/", name="Rathaus Emsfurt", has_induction_loop="on", bus_note="Bis 19 Uhr")
    assert desk.post("/verwaltung/orte/neu/", new)["Location"] == "/verwaltung/orte/"
    assert desk.post("/verwaltung/orte/neu/", new)["Location"] == "/verwaltung/orte/"  # a second tap
    page = "/verwaltung/orte/rathaus-emsfurt/"
    mine = typed(desk, page, bus_note="Bis 20 Uhr")
    row = Venue.objects.get(slug="rathaus-emsfurt")
    theirs = {name: getattr(row, name) for name in ("name", "place", "is_step_free", "has_hybrid_equipment", "note")}
    venues.change(row, version=1, by=cast.imke, at=AT, **theirs, bus_note="Bis 21 Uhr")

    stale = desk.post(page, mine)
    assert (stale.status_code, [str(one) for one in stale.context["differing"][0]]) == (
        409,
        ["Bus und Bahn", "Bis 20 Uhr", "Bis 21 Uhr"],
    )
    assert desk.post(page, typed_again(stale))["Location"] == "/verwaltung/orte/"
    assert Venue.objects.get(pk=row.pk).bus_note == "Bis 20 Uhr"
    assert [entry.what for entry in desk.get(page).context["history"]] == [
        "geändert: Bus und Bahn",
        "geändert: Bus und Bahn",
        "angelegt",
    ]

    desk.post(f"{page}beenden/", {"last": "22.11.2026", "do": "end"})
    assert [line.name for line, _cells in desk.get("/verwaltung/orte/").context["lines"]] == [
        cast.venue.name + ", " + cast.venue.place if cast.venue.place else cast.venue.name
    ]
    assert [line.ended for line, _cells in desk.get("/verwaltung/orte/?stand=ended").context["lines"]] == [
        "bis 22.11.2026"
    ]
    desk.post(f"{page}beenden/", {"do": "resume"})
    assert Venue.objects.get(pk=row.pk).ended_on is None


def typed_again(response: Any) -> dict[str, Any]:
    form = response.context["form"]
    said = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in said.items() if value not in (None, False)}


def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(desk: Client, cast: World) -> None:
    page = "/verwaltung/organisationen/jobcenter/"

    twice = desk.post(page, typed(desk, page, name=cast.susanne.organisation.name, note="Neu"))
    assert twice.context["form"].errors == {"name": ["„Berufsbildende Schulen Emsfurt“ gibt es schon."]}
    assert 'value="Berufsbildende Schulen Emsfurt"' in heard(twice)
    assert desk.post(page, typed(desk, page, note="x" * 1001)).context["form"].errors.keys() == {"note"}
    ended = desk.post(f"{page}beenden/", {"last": "2026-11-23", "do": "end"})
    assert "Birgit Hanneken. Bitte beenden Sie das zuerst." in heard(ended)
    assert desk.post(f"{page}beenden/", {"last": "gestern"}).context["end_form"].errors == {
        "last": ["Bitte schreiben Sie den Tag so: 24.12.2026."]
    }
    assert not Organisation.objects.filter(ended_on__isnull=False).exists()


def test_topics_are_merged_after_a_look(desk: Client, cast: World) -> None:
    one, two = (Topic.objects.create(slug=name.lower(), name=name) for name in ("Wohnen", "Wohnung"))
    Contact.objects.create(person=cast.birgit, topic=two, phone="00000 4105")
    page = "/verwaltung/themenfelder/wohnung/zusammenlegen/"

    assert "Ein Eintrag trägt dieses Themenfeld" in heard(desk.get(page))
    assert desk.post(page, {"version": 1}).context["form"].errors == {"into": ["Bitte wählen Sie etwas aus."]}
    assert desk.post(page, {"version": 9, "into": one.pk}).status_code == 409
    assert desk.post(page, {"version": 1, "into": one.pk})["Location"] == "/verwaltung/themenfelder/wohnen/"
    assert Contact.objects.get().topic == one
    assert "schon in „Wohnen“ aufgegangen" in heard(desk.get(page))


def test_contacts_are_found_by_what_one_remembers(desk: Client, cast: World) -> None:
    topic = Topic.objects.create(slug="sprache", name="Sprache")
    new = typed(desk, "/verwaltung/ansprechpersonen/neu/", person=cast.rolf.pk, topic=topic.pk, phone="00000 4111")
    desk.post("/verwaltung/ansprechpersonen/neu/", new)

    for words, number in (("eilers", 1), ("bbs sprache", 1), ("sprache jobcenter", 0)):
        assert len(desk.get("/ansprechpersonen/", {"q": words}).context["groups"]) == number
    assert desk.get("/verwaltung/ansprechpersonen/?thema=sprache&q=rolf").context["page"].paginator.count == 1


LISTS = {"organisationen": 5, "orte": 5, "themenfelder": 5, "ansprechpersonen": 6, "gremien": 6, "stellen": 6}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_list_costs_the_same_however_long_it_is(
    desk: Client, cast: World, name: str, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        topic = Topic.objects.create(slug=f"t-{number}", name=f"Thema {number}")
        Contact.objects.create(person=cast.rolf, topic=topic)
        UnitFactory(organisation=OrganisationFactory()).topics.set([topic])
        VenueFactory(name=f"Ort {number}")

    with django_assert_num_queries(LISTS[name]):
        response = desk.get(f"/verwaltung/{name}/")
    assert len(response.context["lines"]) >= count


def test_ended_contact_is_not_named_any_longer(desk: Client, cast: World) -> None:
    topic = Topic.objects.create(slug="sprache", name="Sprache")
    Contact.objects.create(person=cast.rolf, topic=topic, ended_on=dt.date(2026, 11, 22))

    assert desk.get("/ansprechpersonen/").context["groups"] == []
