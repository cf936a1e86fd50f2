"""The page of the standing items of an alliance."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from buendnisse.models import StandingItem
from meetings.models import Meeting
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

PAGE = "/planung/regeln/arbeit/feste-punkte/"


@pytest.fixture
def arbeit(cast: World, march: Meeting) -> World:
    cast.arbeit.slug = "arbeit"
    cast.arbeit.save()
    return cast


def row(code: str) -> StandingItem:
    return StandingItem.objects.get(code=code)


def typed(**changed: Any) -> dict[str, Any]:
    return {"title": "Lied zum Anfang", "kind": "information", "minutes": "5", "version": 1} | changed


def test_page_says_from_when_a_change_holds(desk: Client, arbeit: World) -> None:
    html = desk.get(PAGE).content.decode()

    assert "Änderungen gelten ab der Sitzung am 11.\N{NO-BREAK SPACE}März\N{NO-BREAK SPACE}2027." in html
    assert html.count("Füllt sich von selbst:") == 4


def test_added_renamed_moved_left_out_and_brought_back(desk: Client, arbeit: World) -> None:
    desk.post(PAGE, typed(form_key=str(uuid.uuid4())))
    own = StandingItem.objects.get(title="Lied zum Anfang")
    desk.post(f"{PAGE}{own.pk}/", typed(title="Lied", do="save"))
    desk.post(f"{PAGE}{own.pk}/", {"do": "up"})
    desk.post(f"{PAGE}{own.pk}/", {"do": "end"})
    own.refresh_from_db()
    left_out = (own.title, own.position, own.ended_on is not None)
    desk.post(f"{PAGE}{own.pk}/", {"do": "back"})
    own.refresh_from_db()

    assert (left_out, own.ended_on) == (("Lied", 2, True), None)


def test_stale_write_shows_both_and_keeps_what_was_typed(desk: Client, arbeit: World) -> None:
    one = row("relays")
    StandingItem.objects.filter(pk=one.pk).update(title="Von Jonas", version=2)

    response = desk.post(f"{PAGE}{one.pk}/", typed(title="Von Imke", do="save"))
    html = response.content.decode()
    again = desk.post(f"{PAGE}{one.pk}/", typed(title="Von Imke", do="save", version=2))

    assert (response.status_code, "Von Jonas" in html, 'value="Von Imke"' in html) == (409, True, True)
    assert (again.status_code, row("relays").title) == (302, "Von Imke")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "Bitte geben Sie dem Punkt einen Titel."),
        ({"minutes": "0"}, "Bitte geben Sie ganze Minuten an, zum Beispiel 20."),
    ],
)
def test_wrong_input_is_named(desk: Client, arbeit: World, given: dict[str, str], said: str) -> None:
    response = desk.post(f"{PAGE}{row('relays').pk}/", typed(do="save", **given))

    assert (response.status_code, said in response.content.decode()) == (200, True)


@pytest.mark.parametrize("size", [1, 3])
def test_page_costs_the_same_whatever_the_number_of_items(
    desk: Client, arbeit: World, size: int, django_assert_num_queries: Any
) -> None:
    StandingItem.objects.filter(code__in=["opening", "units", "closing"][size:]).delete()

    with django_assert_num_queries(6):
        desk.get(PAGE)
