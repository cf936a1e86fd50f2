"""The page of the search, and the field in the bar."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from buendnisse import clock
from meetings.domain import search_index
from tests.factories.meetings import DecisionFactory
from tests.meetings import held
from tests.meetings.held import LATER
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.frozen(LATER):
        yield


def test_found_words_are_marked_and_nothing_typed_becomes_a_tag() -> None:
    now = held.running()
    DecisionFactory(agenda_item=now.bus, number="A-2026-01", text="<b>Der</b> Rufbus fährt.")
    search_index.refresh(at=LATER)

    html = signed_in(now.world.imke).get("/suche/?q=Bus").content.decode()

    assert html.count("<mark>Rufbus</mark>") == 3
    assert "&lt;b&gt;Der&lt;/b&gt; <mark>Rufbus</mark> fährt." in html


def test_each_kind_can_be_looked_at_by_itself() -> None:
    now = held.running()
    DecisionFactory(agenda_item=now.bus, number="A-2026-01", text="Der Rufbus fährt.")
    search_index.refresh(at=LATER)
    client = signed_in(now.world.imke)

    page = client.get("/suche/?q=rufbus&art=decision")

    assert [(str(tab.label), tab.number, tab.is_current) for tab in page.context["tabs"]] == [
        ("Alles", 2, False), ("Beschlüsse", 1, True), ("Themen", 1, False),
    ]  # fmt: skip
    assert [hit.entry.number for hit in page.context["hits"]] == ["A-2026-01"]


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=gibtsnicht", "?q=%22", "?q=...", "?art=unsinn&seite=99&buendnis=x&q=bus"]
)
def test_any_query_is_answered(query: str) -> None:
    now = held.running()

    assert signed_in(now.world.imke).get(f"/suche/{query}").status_code == 200


def test_what_is_too_long_is_kept_and_said() -> None:
    now = held.running()

    page = signed_in(now.world.imke).get("/suche/", {"q": "wort " * 60})

    assert page.context["form"].errors.keys() == {"q"}
    assert page.context["form"].typed["q"] == "wort " * 60


def test_field_in_the_bar_is_for_those_who_read() -> None:
    now = held.running()

    assert b'class="bar__search"' in signed_in(now.world.susanne).get("/").content
    assert b'class="bar__search"' not in signed_in(now.world.lueder).get("/").content
    assert signed_in(now.world.lueder).get("/suche/").status_code == 403
    assert Client().get("/suche/").status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    now = held.running()
    DecisionFactory.create_batch(count, agenda_item=now.bus)
    search_index.refresh(at=LATER)
    client = signed_in(now.world.imke)

    # session, person, what fits, its entries, installation, alliances
    with django_assert_num_queries(6):
        client.get("/suche/?q=Anfrageformular")
