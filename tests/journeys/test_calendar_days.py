"""The Fachstelle prepares a year's planning: a day that does not hold here, a file of school holidays, another rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetings.models import CalendarEntry
from tests.journeys.conftest import OpenPage, assert_accessible_everywhere
from tests.meetings import district
from tests.world import World

FERIEN = "Name;von;bis\nHerbstferien;22.10.2029;3.11.2029\nWeihnachtsferien;21.12.2029;5.1.2030\nOstern;offen\n"


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> World:
    return district.build()


def test_day_taken_back_and_school_holidays_from_a_file(browser_page: OpenPage, cast: World, tmp_path: Path) -> None:
    file = tmp_path / "ferien.csv"
    file.write_text(FERIEN, encoding="utf-8")
    page = browser_page(javascript=False, person=cast.imke)

    page.goto("/planung/kalender/?jahr=2030")
    reformation = page.get_by_role("listitem").filter(has_text="Reformationstag").filter(has=page.locator("form"))
    reformation.get_by_role("button", name="Gilt hier nicht").click()
    assert page.get_by_role("status").inner_text() == "„Reformationstag“ gilt hier nicht mehr."
    assert_accessible_everywhere(page, "kalendertage")
    reformation.get_by_role("button", name="Gilt doch").click()
    assert CalendarEntry.objects.count() == 0

    page.get_by_role("link", name="Aus einer Datei einlesen").click()
    page.get_by_label("Datei", exact=True).set_input_files(file)
    page.get_by_label("Schulferien").check()
    page.get_by_role("button", name="Datei einlesen").click()
    assert page.get_by_role("heading", level=1).inner_text() == "2 Einträge sind neu"
    assert_accessible_everywhere(page, "eingelesen")
    page.get_by_role("link", name="Zu den Kalendertagen").click()
    assert page.get_by_text("Schulferien sind bis 5. Januar 2030 bekannt.").count() == 1

    page.get_by_role("link", name="Aus einer Datei einlesen").click()
    page.get_by_role("button", name="Diesen Import zurücknehmen").click()
    assert page.get_by_role("status").inner_text() == "Der Import ist zurückgenommen: 2\xa0Einträge gelöscht."
    assert CalendarEntry.objects.count() == 0


def test_hint_that_two_people_change_at_once(browser_page: OpenPage, cast: World) -> None:
    imke = browser_page(person=cast.imke)
    other = browser_page(person=cast.imke)
    imke.goto("/planung/kalender/neu/")
    imke.get_by_label("Name").fill("Schützenfest")
    imke.get_by_label("Erster Tag").fill("2027-06-11")
    imke.get_by_role("button", name="Eintrag hinzufügen").click()
    address = f"/planung/kalender/{CalendarEntry.objects.get().pk}/"
    imke.goto(address)
    other.goto(address)
    other.get_by_label("Name").fill("Kirmes")
    other.get_by_role("button", name="Änderung speichern").click()

    imke.get_by_label("Name").fill("Volksfest")
    imke.get_by_role("button", name="Änderung speichern").click()
    assert imke.get_by_role("alert").inner_text().count("„Kirmes“") == 1
    assert_accessible_everywhere(imke, "kalendertag-veraltet")
    imke.get_by_role("button", name="Änderung speichern").click()

    assert CalendarEntry.objects.get().name == "Volksfest"


def test_rule_is_looked_at_and_kept(browser_page: OpenPage, cast: World) -> None:
    page = browser_page(person=cast.imke)

    page.goto("/buendnisse/bildung/")
    page.get_by_role("link", name="Üblichen Tag und Orte ändern").click()
    page.get_by_label("Der wievielte?").select_option("dritter")
    page.get_by_label("Wochentag").select_option("Dienstag")
    page.get_by_label("1. Ort").select_option("Haus Arbeit")
    page.get_by_role("button", name="Vorschau").click()
    assert page.get_by_role("heading", level=2).inner_text().startswith("Das gibt ")
    assert_accessible_everywhere(page, "regel")
    page.get_by_role("button", name="Regel speichern").click()

    cast.bildung.refresh_from_db()
    assert (cast.bildung.usual_nth, cast.bildung.usual_weekday) == (3, 1)
    assert [host.venue.name for host in cast.bildung.hosts.select_related("venue")] == ["Haus Arbeit"]
