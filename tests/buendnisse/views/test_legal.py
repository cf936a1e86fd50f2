"""Legal pages, reports of barriers, and the Verwaltung where their facts are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from buendnisse import clock
from buendnisse.domain import installation as facts
from buendnisse.models import BarrierReport, Change, Installation
from tests import world

pytestmark = pytest.mark.django_db

PUBLIC = {
    "/impressum/": "Impressum",
    "/datenschutz/": "Datenschutz",
    "/barrierefreiheit/": "Erklärung zur Barrierefreiheit",
    "/barriere-melden/": "Barriere melden",
    "/hilfe/": "Hilfe",
}
FOR_FACHSTELLE = ["", "angaben/", "gremien/", "personen/", "orte/"]
KEY = UUID("12345678123456781234567812345678")


@pytest.fixture(autouse=True)
def _clock_stands() -> Iterator[None]:
    with clock.frozen(world.AT):
        yield


@pytest.fixture
def cast() -> world.World:
    return world.build()


@pytest.fixture
def fachstelle(client: Client, cast: world.World) -> Client:
    client.force_login(cast.imke, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def heading(html: str) -> str:
    found = re.findall(r"<h1>(.*?)</h1>", html)
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize("address", PUBLIC)
def test_anybody_reads_legal_pages_even_before_anything_is_entered(client: Client, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, heading(answer.content.decode())) == (200, PUBLIC[address])


def test_every_page_links_to_the_legal_ones(client: Client) -> None:
    foot = client.get("/hilfe/").content.decode().split("<footer")[1]

    assert re.findall(r'<li><a href="(.*?)"', foot) == [
        "/hilfe/",
        "/impressum/",
        "/datenschutz/",
        "/barrierefreiheit/",
        "/barriere-melden/",
    ]


def test_missing_facts_are_visible_and_only_the_fachstelle_is_led_to_enter_them(
    client: Client, cast: world.World
) -> None:
    public = client.get("/impressum/").content.decode()
    client.force_login(cast.imke, backend=settings.AUTHENTICATION_BACKENDS[-1])
    own = client.get("/impressum/").content.decode()

    assert (public.count("noch nicht eingetragen"), public.count("/verwaltung/angaben/")) == (7, 0)
    assert (own.count("noch nicht eingetragen"), own.count("/verwaltung/angaben/")) == (7, 7)


def test_entered_facts_stand_on_the_pages(fachstelle: Client, cast: world.World) -> None:
    form = {"district": "Landkreis Haseland", "office_name": "Fachstelle Integration", "office_phone": "00000 4100"}
    form |= {
        "office_hours": "montags 9–12 Uhr",
        "version": "1",
        "operator": "Landkreis Haseland",
        "street": "Am Markt 1",
    }

    answer = fachstelle.post("/verwaltung/angaben/", form)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/verwaltung/")
    assert fachstelle.get("/impressum/").content.decode().count("Am Markt 1") == 1
    change = Change.objects.get()
    assert (change.verb, change.by, change.at) == ("installation.described", cast.imke, world.AT)
    assert [key for key in ("operator", "street", "vat_id") if key in change.data["facts"]] == ["operator", "street"]


def test_stale_facts_are_refused_with_both_texts_shown(fachstelle: Client, cast: world.World) -> None:
    facts.describe(version=1, facts={"street": "Am Markt 2"}, by=cast.imke, at=world.AT)
    form = {"district": "Landkreis Haseland", "office_name": "Fachstelle Integration", "office_phone": "00000 4100"}
    form |= {"office_hours": "montags 9–12 Uhr", "version": "1", "street": "Am Markt 1"}

    html = fachstelle.post("/verwaltung/angaben/", form).content.decode()

    assert html.count(str(facts.StaleDescription.message)) == 1
    assert html.count("Am Markt 2") == 1
    assert html.count("Am Markt 1") == 2  # in the comparison and still in its field
    assert html.count('name="version" value="2"') == 1
    assert Installation.objects.get().facts == {"street": "Am Markt 2"}
    assert html.count("<title>Fehler: Angaben der öffentlichen Seiten") == 1


def test_office_without_telephone_is_refused_beside_the_field(fachstelle: Client) -> None:
    html = fachstelle.post("/verwaltung/angaben/", {"version": "1", "district": "Landkreis Haseland"}).content.decode()

    assert html.count('href="#id_office_phone">Telefon der Fachstelle: Bitte füllen Sie dieses Feld aus.</a>') == 1
    assert Installation.objects.get().version == 1


def test_barrier_is_reported_without_signing_in_and_a_double_tap_is_one_report(client: Client) -> None:
    form = {"key": str(KEY), "text": "Der Knopf hat keinen Namen.", "page": "", "contact": ""}

    first, second = client.post("/barriere-melden/", form), client.post("/barriere-melden/", form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert list(BarrierReport.objects.values_list("key", "text")) == [(KEY, "Der Knopf hat keinen Namen.")]
    assert client.get("/barriere-melden/").content.decode().count("Danke für Ihren Hinweis") >= 1


def test_empty_report_is_refused_and_keeps_what_was_typed(client: Client) -> None:
    form = {"key": str(KEY), "text": "", "page": "Tagesordnung", "contact": ""}

    html = client.post("/barriere-melden/", form).content.decode()

    assert html.count("Bitte schreiben Sie in einem Satz, was nicht ging.") == 2
    assert html.count('value="Tagesordnung"') == 1
    assert BarrierReport.objects.count() == 0


def test_settled_report_leaves_the_list_and_loses_its_contact(fachstelle: Client, cast: world.World) -> None:
    report = facts.report_barrier(key=KEY, page="Hilfe", text="Zu klein.", contact="00000 7", at=world.AT)
    assert fachstelle.get("/verwaltung/").content.decode().count("Antwort an: 00000 7") == 1

    fachstelle.post(f"/verwaltung/barrieren/{report.pk}/erledigt/")
    fachstelle.post(f"/verwaltung/barrieren/{report.pk}/erledigt/")

    report.refresh_from_db()
    assert (report.settled_at is not None, report.contact) == (True, "")
    assert fachstelle.get("/verwaltung/").content.decode().count("Keine offene Meldung") == 1
    assert [change.verb for change in Change.objects.all()] == ["barrier.settled"]


@pytest.mark.parametrize("page", FOR_FACHSTELLE)
def test_verwaltung_is_for_the_fachstelle(client: Client, cast: world.World, page: str) -> None:
    answers = []
    for person in (cast.imke, cast.birgit, cast.theda, cast.lueder):
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        answers.append(client.get(f"/verwaltung/{page}").status_code)

    assert answers == [200, 403, 403, 403]
    assert Client().get(f"/verwaltung/{page}").status_code == 302
