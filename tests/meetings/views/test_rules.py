"""The Fachstelle looks at the rule of an alliance, tries another and keeps it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from buendnisse.domain import alliance_rules
from buendnisse.models import Alliance, Venue
from meetings.enums import CalendarEntryKind
from meetings.models import CalendarEntry
from tests.factories.buendnisse import VenueFactory
from tests.meetings import district
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

PAGE = "/planung/regeln/bildung/"


@pytest.fixture
def cast() -> World:
    return district.build()


def typed(**changed: Any) -> dict[str, Any]:
    facts = {"nth": 3, "weekday": 1, "month": 1, "start": "10:00", "end": "12:00", "venue": "", "version": 1}
    return facts | {"do": "save"} | changed


def days(response: Any) -> list[str]:
    return [turn.day.isoformat() if turn.day else "" for turn in response.context["preview"].turns]


def bildung() -> Alliance:
    return Alliance.objects.get(slug="bildung")


def test_page_opens_with_the_rule_and_what_it_gives_next_year(desk: Client, cast: World) -> None:
    response = desk.get(PAGE)

    assert (response.context["form"]["weekday"].value(), response.context["form"]["nth"].value()) == (2, 2)
    assert days(response) == ["2027-02-10", "2027-05-12", "2027-08-11", "2027-11-10"]
    assert [turn.against for turn in response.context["preview"].turns] == [
        "",
        "",
        "Schulferien: Sommerferien. Vorgeschlagen wird ein anderer Tag.",
        "",
    ]


def test_preview_keeps_nothing(desk: Client) -> None:
    response = desk.post(PAGE, typed(do="look"))

    assert days(response) == ["2027-01-19", "2027-04-20", "2027-07-20", "2027-10-19"]
    assert (bildung().usual_weekday, bildung().rule_version) == (2, 1)


def test_preview_of_a_fifth_that_is_not_there_and_of_a_hint(desk: Client) -> None:
    CalendarEntry.objects.create(
        kind=CalendarEntryKind.HINT,
        name="Kreistag",
        first=dt.date(2027, 6, 29),
        last=dt.date(2027, 6, 29),
        from_hour=dt.time(11),
        until_hour=dt.time(19),
    )

    turns = desk.post(PAGE, typed(do="look", nth=5, month=3)).context["preview"].turns

    assert [turn.against for turn in turns] == [
        "Schulferien: Oster-/Frühjahrsferien. Vorgeschlagen wird ein anderer Tag.",
        "Hinweis: Kreistag.",
        "Dieser Monat hat keinen fünften Dienstag. Vorgeschlagen wird ein anderer Tag.",
        "Dieser Monat hat keinen fünften Dienstag. Vorgeschlagen wird ein anderer Tag.",
    ]


def test_rule_is_kept_with_hosts_in_turn_and_gaps_closed(desk: Client) -> None:
    one, two = VenueFactory(name="Mensa"), VenueFactory(name="Forum")

    response = desk.post(PAGE, typed(host_2=two.pk, host_5=one.pk, venue=one.pk))

    alliance = bildung()
    assert (response.status_code, response["Location"]) == (302, "/buendnisse/bildung/")
    assert (alliance.usual_nth, alliance.usual_weekday, alliance.usual_month) == (3, 1, 1)
    assert (alliance.usual_start, alliance.usual_end, alliance.usual_venue) == (dt.time(10), dt.time(12), one)
    assert alliance_rules.hosts_of(alliance) == [two, one]


def test_stale_rule_shows_both_and_goes_through_the_second_time(desk: Client) -> None:
    desk.post(PAGE, typed())

    stale = desk.post(PAGE, typed(nth=4))
    version = stale.context["form"]["version"].value()
    again = desk.post(PAGE, typed(nth=4, version=version))

    assert (stale.status_code, stale.context["words"].replace("\xa0", " ")) == (
        409,
        "am dritten Dienstag im ersten Monat des Quartals, 10:00 bis 12:00 Uhr",
    )
    assert stale.context["form"]["nth"].value() == "4"
    assert (again.status_code, bildung().usual_nth) == (302, 4)


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"end": "10:00"}, {"end": ["Das Ende liegt nicht nach dem Beginn."]}),
        ({"start": "zehn"}, {"start": ["Bitte schreiben Sie die Uhrzeit so: 15:00."]}),
        ({"weekday": ""}, {"weekday": ["Bitte wählen Sie etwas aus."]}),
    ],
)
@pytest.mark.parametrize("do", ["save", "look"])
def test_what_was_typed_wrong_is_said_beside_its_field(
    desk: Client, changed: dict[str, str], errors: dict[str, list[str]], do: str
) -> None:
    form = desk.post(PAGE, typed(**changed, do=do)).context["form"]

    assert form.errors == errors
    assert (form["month"].value(), bildung().rule_version) == ("1", 1)


@pytest.mark.parametrize(
    "changed", [{"weekday": "5"}, {"weekday": "6"}, {"nth": "6"}, {"host_1": "999999"}, {"venue": "x"}]
)
def test_what_is_not_offered_is_refused(desk: Client, changed: dict[str, str]) -> None:
    response = desk.post(PAGE, typed(**changed))

    assert (list(response.context["form"].errors), bildung().rule_version) == (list(changed), 1)


def test_weekend_of_older_data_is_chosen_anew(desk: Client) -> None:
    Alliance.objects.filter(slug="bildung").update(usual_weekday=5)

    response = desk.get(PAGE)

    assert (response.status_code, response.context["preview"]) == (200, None)


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_with_more_places(desk: Client, number: int, django_assert_num_queries: Any) -> None:
    district.take_turns(bildung(), *[f"Ort {one}" for one in range(number)])

    with django_assert_num_queries(7):  # session, person, alliance, hosts, places, days, the frame
        desk.get(PAGE)


def test_a_rule_from_a_day_ahead_on_is_shown_and_can_be_taken_back(desk: Client) -> None:
    assert desk.post(PAGE, typed(first_day="2027-01-01")).status_code == 302
    shown = desk.get(PAGE)
    assert (bildung().usual_weekday, shown.context["coming"].first_day) == (2, dt.date(2027, 1, 1))
    assert "ab dem 01.01.2027 am dritten Dienstag" in shown.context["words"]
    past = desk.post(PAGE, typed(first_day="2026-11-22", version=bildung().rule_version))
    assert list(past.context["form"].errors) == ["first_day"]

    desk.post(PAGE, {"do": "drop", "version": bildung().rule_version})
    assert desk.get(PAGE).context["coming"] is None


def test_places_that_have_ended_stay_in_a_rule_that_has_them_and_are_offered_to_no_other(desk: Client) -> None:
    usual, host, other = VenueFactory(name="Altbau"), VenueFactory(name="Mensa"), VenueFactory(name="Turnhalle")
    desk.post(PAGE, typed(venue=usual.pk, host_1=host.pk))
    Venue.objects.filter(pk__in=[usual.pk, host.pk, other.pk]).update(ended_on=dt.date(2026, 11, 1))

    form = desk.get(PAGE).context["form"]
    assert (form["venue"].value(), form["host_1"].value()) == (usual.pk, host.pk)
    version = bildung().rule_version
    assert desk.post(PAGE, typed(venue=usual.pk, host_1=host.pk, nth=4, version=version)).status_code == 302
    assert (bildung().usual_venue, alliance_rules.hosts_of(bildung())) == (usual, [host])
    refused = desk.post(PAGE, typed(venue=other.pk, version=version + 1)).context["form"]
    assert list(refused.errors) == ["venue"]
