"""The Fachstelle keeps its days: list, form, file."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.html import escape

from meetings.enums import CalendarEntryKind
from meetings.models import CalendarEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

DAYS, NEW, READ = "/planung/kalender/", "/planung/kalender/neu/", "/planung/kalender/einlesen/"
FERIEN = "Name;von;bis\nHerbstferien;14.10.2030;25.10.2030\nOstern;kommt noch\n"


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "hint",
        "name": "Schützenfest",
        "first": "2027-06-11",
        "last": "2027-06-14",
        "weight": "weak",
        "from_hour": "",
        "until_hour": "",
        "form_key": str(uuid.UUID(int=7)),
    } | changed


def stored(number: int = 1, **changed: Any) -> CalendarEntry:
    day = dt.date(2027, 6, number)
    facts = {"kind": CalendarEntryKind.HINT, "name": f"Fest {number}", "first": day, "last": day} | changed
    return CalendarEntry.objects.create(**facts)


def upload(desk: Client, content: str = FERIEN, **changed: Any) -> Any:
    file = ContentFile(content.encode(), name="ferien.csv")
    data = {"file": file, "kind": "school_holidays", "file_key": str(uuid.UUID(int=9))} | changed
    return desk.post(READ, data)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("asked", "year"),
    [
        ("", 2027),
        ("?jahr=2030", 2030),
        ("?jahr=1999", 2027),
        ("?jahr=20270", 2027),
        ("?jahr=²⁰²⁷", 2027),
        ("?jahr=x", 2027),
    ],
)
def test_list_opens_with_the_year_planned_next(desk: Client, asked: str, year: int) -> None:
    assert desk.get(f"{DAYS}{asked}").context["page"].year == year


@pytest.mark.parametrize("year", [2000, 2099, 2101, 2199])
def test_every_year_opens(desk: Client, year: int) -> None:
    assert desk.get(f"{DAYS}?jahr={year}").status_code == 200


def test_year_beyond_the_known_says_what_to_do(desk: Client) -> None:
    beyond, within = (desk.get(f"{DAYS}?jahr={year}").content.decode() for year in (2030, 2028))

    assert beyond.count("Für 2030 sind noch keine Schulferien bekannt.") == 1
    assert within.count("keine Schulferien bekannt") == 0
    assert within.replace("\xa0", " ").count("Schulferien sind bis 29. August 2029 bekannt.") == 1


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_whatever_its_length(desk: Client, number: int, django_assert_num_queries: Any) -> None:
    for day in range(1, number + 1):
        stored(day)

    with django_assert_num_queries(4):  # session, person, the days, the frame
        desk.get(DAYS)


def test_entry_is_added_and_shown_in_its_year(desk: Client) -> None:
    response = desk.post(f"{NEW}?jahr=2030", typed(last=""), follow=True)

    assert (response.redirect_chain, said(response)) == (
        [("/planung/kalender/?jahr=2027", 302)],
        ["„Schützenfest“ steht im Kalender."],
    )
    assert list(CalendarEntry.objects.values_list("first", "last")) == [(dt.date(2027, 6, 11), dt.date(2027, 6, 11))]


def test_double_tap_is_one_entry(desk: Client) -> None:
    desk.post(NEW, typed())
    desk.post(NEW, typed())

    assert CalendarEntry.objects.count() == 1


def test_what_was_typed_wrong_is_said_beside_its_field_and_kept(desk: Client) -> None:
    response = desk.post(NEW, typed(last="2027-06-01", name="Kirmes"))

    form = response.context["form"]
    assert form.errors == {"last": ["Der letzte Tag liegt vor dem ersten."]}
    assert (form["name"].value(), CalendarEntry.objects.count()) == ("Kirmes", 0)


def test_day_that_does_not_exist_is_explained(desk: Client) -> None:
    form = desk.post(NEW, typed(first="31.02.2027")).context["form"]

    assert (form.errors, form["first"].value()) == (
        {"first": ["Bitte schreiben Sie den Tag so: 24.12.2027."]},
        "31.02.2027",
    )


def test_day_of_the_package_is_taken_back_and_restored(desk: Client) -> None:
    back = typed(kind="school_day", name="Reformationstag", first="2027-10-31", last="2027-10-31")

    taken = desk.post(f"{NEW}?jahr=2027", back, follow=True)
    entry = CalendarEntry.objects.get()
    restored = desk.post(f"{DAYS}{entry.pk}/loeschen/?jahr=2027", {"version": 1}, follow=True)

    assert (said(taken), said(restored)) == (
        ["„Reformationstag“ gilt hier nicht mehr."],
        ["„Reformationstag“ gilt wieder."],
    )
    assert (taken.content.decode().count("gilt hier nicht</span>"), CalendarEntry.objects.count()) == (1, 0)


def test_entry_is_changed(desk: Client) -> None:
    entry = stored()

    response = desk.post(f"{DAYS}{entry.pk}/", typed(version=1, from_hour="14:00", until_hour="19:00", weight="hard"))

    entry.refresh_from_db()
    assert (response.status_code, entry.name, entry.from_hour, entry.until_hour, entry.weight, entry.version) == (
        302,
        "Schützenfest",
        dt.time(14),
        dt.time(19),
        "hard",
        2,
    )


def test_stale_change_shows_both_and_goes_through_the_second_time(desk: Client) -> None:
    entry = stored()
    desk.post(f"{DAYS}{entry.pk}/", typed(version=1, name="Kirmes"))

    stale = desk.post(f"{DAYS}{entry.pk}/", typed(version=1, name="Volksfest"))
    form = stale.context["form"]
    again = desk.post(f"{DAYS}{entry.pk}/", typed(version=form["version"].value(), name=form["name"].value()))

    assert (stale.status_code, stale.context["stored"].name, form["name"].value()) == (409, "Kirmes", "Volksfest")
    assert (again.status_code, CalendarEntry.objects.get().name) == (302, "Volksfest")


def test_entry_deleted_meanwhile_can_be_made_anew(desk: Client) -> None:
    entry = stored()
    desk.post(f"{DAYS}{entry.pk}/loeschen/", {"version": 1})

    gone = desk.post(f"{DAYS}{entry.pk}/", typed(version=1))
    form = gone.context["form"]
    desk.post(NEW, typed(form_key=form["form_key"].value()))

    assert (gone.status_code, gone.context["is_gone"], form["name"].value()) == (409, True, "Schützenfest")
    assert CalendarEntry.objects.get().name == "Schützenfest"
    assert desk.get(f"{DAYS}{entry.pk}/").status_code == 404


@pytest.mark.parametrize("version", ["1", "", "x", "9" * 30, "-1"])
def test_deleting_what_somebody_changed_is_refused(desk: Client, version: str) -> None:
    entry = stored(version=2)

    response = desk.post(f"{DAYS}{entry.pk}/loeschen/", {"version": version}, follow=True)

    assert response.redirect_chain == [(f"{DAYS}{entry.pk}/", 302)]
    assert said(response) == ["Inzwischen hat jemand anderes diesen Eintrag geändert. Bitte vergleichen Sie."]
    assert CalendarEntry.objects.count() == 1


def test_deleting_twice_says_so(desk: Client) -> None:
    entry = stored()
    first, second = (said(desk.post(f"{DAYS}{entry.pk}/loeschen/", {"version": 1}, follow=True)) for _ in range(2))

    assert (first, second) == (["„Fest 1“ ist gelöscht."], ["Dieser Eintrag war schon gelöscht."])


def test_file_is_read_and_says_what_was_not_understood(desk: Client) -> None:
    response = upload(desk)

    outcome = response.context["outcome"]
    assert ([entry.name for entry in outcome.new], outcome.known) == (["Herbstferien"], 0)
    assert [(line.line, line.name) for line in outcome.unread] == [(3, "Ostern")]
    assert response.content.decode().count("„kommt noch“ ist kein Tag.") == 1


def test_only_the_first_twenty_lines_are_shown(desk: Client) -> None:
    page = upload(desk, "Name;von\n" + "A;morgen\n" * 25).content.decode()

    assert (page.count("„morgen“ ist kein Tag."), page.count("Das sind die ersten 20.")) == (20, 1)


def test_file_read_is_on_record_and_taken_back(desk: Client, django_assert_num_queries: Any) -> None:
    upload(desk)
    key = CalendarEntry.objects.get().file_key

    with django_assert_num_queries(5):
        before = desk.get(READ).context["files"]
    taken = [said(desk.post(f"{READ}{key}/zuruecknehmen/", follow=True)) for _ in range(2)]

    assert [(file.key, file.entries, file.read_at.isoformat()) for file in before] == [
        (key, 1, "2026-11-23T08:00:00+00:00")
    ]
    assert (taken, CalendarEntry.objects.count()) == (
        [["Der Import ist zurückgenommen: 1\xa0Eintrag gelöscht."], ["Dieser Import war schon zurückgenommen."]],
        0,
    )


def test_refused_file_says_why_and_keeps_what_was_chosen(desk: Client) -> None:
    form = upload(desk, "Ferien 2030\n").context["form"]

    assert form.errors == {
        "file": ["In der ersten Zeile fehlen die Überschriften „Name“ und „von“. Gefunden haben wir: „Ferien 2030“."]
    }
    assert form["kind"].value() == "school_holidays"


def test_empty_file_is_refused_with_a_sentence(desk: Client) -> None:
    assert upload(desk, "").context["form"].errors == {
        "file": ["Diese Datei ist leer. Bitte wählen Sie eine andere aus."]
    }


def test_names_from_files_are_escaped(desk: Client) -> None:
    name = "<script>alert(1)</script>"

    page = upload(desk, f"Name;von\n{name};1.3.2030\n").content.decode()

    assert (page.count(name), page.count(escape(name))) == (0, 1)


def test_sample_is_a_table_that_spreadsheets_open(desk: Client) -> None:
    response = desk.get(f"{READ}beispiel.csv")

    assert response["Content-Disposition"] == 'attachment; filename="kalendertage.csv"'
    assert response.content.decode("utf-8-sig").splitlines()[0] == "Name;von;bis"
