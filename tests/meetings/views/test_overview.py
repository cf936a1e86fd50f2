"""The page of who works with whom: arrows lead to the board, boxes to pages, the table says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.models import Person
from meetings.enums import RelayKind
from tests.support.clients import signed_in
from tests.support.relay_scene import Scene, hand_over, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[Scene]:
    with clock.frozen(AT):
        made = set_scene()
        Person.objects.update(may_sign_in=True)
        yield made


def test_arrow_and_table_lead_to_the_board_of_that_year(scene: Scene) -> None:
    hand_over(scene)
    page = signed_in(scene.cast.hedwig).get("/uebersicht/").content.decode()

    address = f"/weiterleitungen/?von={scene.cast.bildung.pk}&amp;an={scene.cast.arbeit.pk}&amp;stand=all&amp;jahr=2026"
    assert re.findall(r'<a class="wall__way" href="([^"]*)" aria-label="([^"]*)"', page) == [
        (address, "1 offen: Weiterleitungen von Bildung an Arbeit")
    ]
    assert page.count(address) == 2
    boxes = re.findall(r'<a class="wall__box" href="([^"]*)"', page)
    assert boxes[:3] == ["/buendnisse/bildung/", "/buendnisse/gesellschaft/", "/buendnisse/arbeit/"]
    assert signed_in(scene.cast.hedwig).get(address.replace("&amp;", "&")).context["board"].open_count == 1


@pytest.mark.parametrize("asked", ["2025", "neu", "", "99999999999999999999", "2026"])
def test_other_years_than_there_are_show_this_one(scene: Scene, asked: str) -> None:
    hand_over(scene)

    assert signed_in(scene.cast.imke).get(f"/uebersicht/?jahr={asked}").context["overview"].year == 2026


def test_empty_installation_draws_what_there_is(scene: Scene) -> None:
    page = signed_in(scene.cast.imke).get("/uebersicht/")

    assert page.content.decode().count("Im Jahr 2026 gab es noch keine Weiterleitung.") == 1


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_any_number(scene: Scene, number: int, django_assert_num_queries: Any) -> None:
    for _one in range(number):
        hand_over(scene)
        hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    browser = signed_in(scene.cast.hedwig)
    with django_assert_num_queries(13):
        browser.get("/uebersicht/")
