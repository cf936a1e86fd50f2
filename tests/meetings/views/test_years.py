"""The page of a year: proposals, exchanges, refusals, and what it costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buendnisse.clock import local_date
from meetings.models import CalendarEntry, Meeting
from tests.factories.buendnisse import AllianceFactory
from tests.meetings import district
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

PAGE = "/planung/2027/"


@pytest.fixture
def cast() -> World:
    return district.build()


def wanted(**changed: Any) -> dict[str, Any]:
    return {"alliance": "bildung", "quarter": 2, "day": "2027-05-05", "seen": "2027-05-12"} | changed


def day_of(slug: str) -> dt.date:
    return local_date(Meeting.objects.get(slug=slug).start)


def test_page_shows_all_slots_and_stores_nothing(desk: Client) -> None:
    page = desk.get(PAGE).context["page"]

    assert (page.standing, page.drafts, page.proposed, page.confirmable) == (0, 0, 12, 12)
    assert [cell.day for cell in page.rows[1].cells] == [
        dt.date(2027, 5, 12),
        dt.date(2027, 5, 26),
        dt.date(2027, 6, 3),
    ]
    assert Meeting.objects.count() == 0


@pytest.mark.parametrize("more", [0, 3])
def test_page_costs_the_same_however_many_alliances(desk: Client, cast: World, more: int) -> None:
    for number in range(more):
        AllianceFactory(
            slug=f"b-{number}", name=f"Arbeitsbündnis {number}", prefix=f"Z{number}", usual_venue=cast.venue
        )
    desk.get(PAGE)

    with CaptureQueriesContext(connection) as queries:
        desk.get(PAGE)

    assert len(queries) == 13


def test_exchange_goes_back_to_its_slot(desk: Client) -> None:
    response = desk.post(f"{PAGE}nehmen/", wanted())

    assert (response.status_code, response["Location"]) == (
        302,
        "/planung/2027/?gewaehlt=2027-q2-bildung#2027-q2-bildung",
    )
    assert day_of("2027-q2-bildung") == dt.date(2027, 5, 5)
    assert Meeting.objects.count() == 12


def test_exchange_over_somebody_elses_shows_both(desk: Client) -> None:
    desk.post(f"{PAGE}nehmen/", wanted(day="2027-05-19"))

    response = desk.post(f"{PAGE}nehmen/", wanted())

    assert response.status_code == 409
    assert response.context["refused"].replace("\xa0", " ") == (
        "Inzwischen hat jemand anderes Bildung auf den 19. Mai 2027 gelegt. Bitte vergleichen Sie."
    )
    assert response.context["wanted"]["day"] == dt.date(2027, 5, 5)
    assert day_of("2027-q2-bildung") == dt.date(2027, 5, 19)


@pytest.mark.parametrize(
    "changed",
    [
        {"alliance": "niemand"},
        {"quarter": 5},
        {"quarter": ""},
        {"day": "gestern"},
        {"day": ""},
        {"day": "2027-08-04"},
        {"seen": "x"},
    ],
)
def test_wrong_slot_is_refused_with_a_sentence(desk: Client, changed: dict[str, Any]) -> None:
    response = desk.post(f"{PAGE}nehmen/", wanted(**changed))

    assert (response.status_code, response.context["refused"] != "") == (200, True)
    assert Meeting.objects.count() == 0


@pytest.mark.parametrize("year", [1999, 2200, 99999])
def test_year_out_of_bounds_is_not_found(desk: Client, year: int) -> None:
    assert [desk.get(f"/planung/{year}/").status_code, desk.post(f"/planung/{year}/nehmen/", wanted()).status_code] == [
        404,
        404,
    ]


def test_own_day_leads_to_where_it_is_typed_and_back(desk: Client, cast: World) -> None:
    response = desk.post(f"{PAGE}eigener-tag/", {"alliance": "bildung", "quarter": 2})

    assert response["Location"] == "/sitzungen/2027-q2-bildung/verlegen/"
    meeting = Meeting.objects.get(slug="2027-q2-bildung")
    typed = {
        "date": "2027-05-04",
        "start": "16:00",
        "end": "18:00",
        "venue": cast.venue.pk,
        "version": meeting.version,
        "do": "note",
    }
    checked = desk.post(response["Location"], typed | {"do": "check"}).context["form"]
    back = desk.post(response["Location"], typed | {"seen": checked.data["seen"]})
    assert back["Location"] == "/planung/2027/#2027-q2-bildung"
    assert day_of("2027-q2-bildung") == dt.date(2027, 5, 4)


@pytest.mark.parametrize("verb", ["nehmen", "eigener-tag"])
def test_address_of_a_refusal_opened_again_is_the_year(desk: Client, verb: str) -> None:
    refused = desk.post(f"{PAGE}{verb}/", {"alliance": "nobody", "quarter": 2})
    again = desk.get(f"{PAGE}{verb}/")

    assert (refused.status_code, again.status_code, again["Location"]) == (200, 302, PAGE)
    assert Meeting.objects.count() == 0


def test_draft_can_be_thrown_away(desk: Client) -> None:
    desk.post(f"{PAGE}nehmen/", wanted())

    response = desk.post(f"{PAGE}verwerfen/", follow=True)

    assert [str(message) for message in response.context["messages"]][-1].replace("\xa0", " ") == (
        "Der Entwurf ist verworfen: 12 Termine. Sie sehen wieder die Vorschläge."
    )
    assert Meeting.objects.count() == 0


def test_way_of_another_quarter_is_a_link_away(desk: Client) -> None:
    shown = [str(desk.get(f"{PAGE}?weg={number}").context["page"].way_of) for number in ("3", "9", "x")]

    assert shown == ["2027-Q3", "2027-Q1", "2027-Q1"]


def test_year_without_any_free_day_still_shows(desk: Client) -> None:
    CalendarEntry.objects.create(
        kind="public_holiday", name="Frei", first=dt.date(2027, 1, 1), last=dt.date(2027, 12, 31)
    )

    page = desk.get(PAGE).context["page"]

    assert (page.proposed, page.confirmable, len(page.ways)) == (0, 0, 0)


def test_remark_names_whom_it_hits(desk: Client, cast: World) -> None:
    desk.post(f"{PAGE}nehmen/", wanted(day="2027-05-27", seen="2027-05-12"))

    cell = desk.get(PAGE).context["page"].rows[1].cells[0]

    assert [(remark.text.replace("\xa0", " "), remark.names) for remark in cell.remarks] == [
        ("Nur 7 Tage vor Arbeit (3. Juni). Eine Person ist in beiden.", ["Susanne Overhage (BBS)"])
    ]
