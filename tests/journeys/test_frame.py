"""The frame of every page: light and dark, wide and narrow, with and without script."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from buendnisse.domain import installation
from tests import world
from tests.journeys.conftest import DESK, PHONE, OpenPage, assert_accessible_everywhere, keep_picture

PUBLIC = {
    "404": "/gibt-es-nicht/",
    "410": "/einstellungen/falsch/nicht-fuer-mich/",
    "anmelden": "/anmelden/",
    "impressum": "/impressum/",
    "datenschutz": "/datenschutz/",
    "barrierefreiheit": "/barrierefreiheit/",
    "barriere-melden": "/barriere-melden/",
    "hilfe": "/hilfe/",
}
VERWALTUNG = {
    "verwaltung": "/verwaltung/",
    "angaben": "/verwaltung/angaben/",
    "gremien": "/verwaltung/gremien/",
    "personen": "/verwaltung/personen/",
    "orte": "/verwaltung/orte/",
}


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> world.World:
    return world.build()


def test_public_pages_are_accessible_without_script(browser_page: OpenPage) -> None:
    page = browser_page(javascript=False)

    for name, address in PUBLIC.items():
        page.goto(address)
        assert_accessible_everywhere(page, name)


def test_verwaltung_is_accessible(browser_page: OpenPage, cast: world.World) -> None:
    installation.report_barrier(key=uuid4(), page="Hilfe", text="Zu klein.", contact="00000 7", at=world.AT)
    page = browser_page(person=cast.imke)

    for name, address in VERWALTUNG.items():
        page.goto(address)
        assert_accessible_everywhere(page, name)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_refused_form_is_accessible_and_its_summary_leads_to_the_field(browser_page: OpenPage, width: int) -> None:
    page = browser_page(width=width, javascript=False)
    page.goto("/barriere-melden/")

    page.get_by_role("button", name="Barriere melden").click()

    expect(page).to_have_title("Fehler: Barriere melden – Bündnisse, Landkreis Haseland")
    assert_accessible_everywhere(page, "fehler", looks=((width, "light"), (width, "dark")))
    page.get_by_role("link", name="Was ging nicht?").click()
    assert page.locator(":focus, :target").get_attribute("name") == "text"


def test_menu_opens_on_a_phone_without_script(browser_page: OpenPage, cast: world.World) -> None:
    page = browser_page(width=PHONE, javascript=False, person=cast.imke)
    page.goto("/verwaltung/orte/")

    page.get_by_role("button", name="Menü", exact=True).click()

    keep_picture(page, "menue-320-light")
    assert page.locator("nav.nav a[aria-current]").inner_text() == "Verwaltung"
    page.locator("nav.nav a[aria-current]").click()
    assert page.locator("h1").inner_text() == "Verwaltung"


def test_first_tab_leads_to_the_content(browser_page: OpenPage) -> None:
    page = browser_page()
    page.goto("/hilfe/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.url.endswith("/hilfe/#inhalt")


def test_dark_follows_the_system_without_an_attribute(browser_page: OpenPage) -> None:
    colours = []
    for color_scheme in ("light", "dark"):
        page = browser_page(color_scheme=color_scheme)
        page.goto("/gibt-es-nicht/")
        colours.append(page.evaluate("getComputedStyle(document.body).color"))

    assert colours == ["oklch(0.2023 0.0321 277.67)", "oklch(0.9672 0.0041 271.37)"]
