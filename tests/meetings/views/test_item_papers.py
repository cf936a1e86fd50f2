"""The papers of one item in the Fachstelle's browser: laid there, taken off, put back; who reads them meanwhile."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse.models import Paper
from meetings.domain import agenda_order, item_papers, paper_shelf
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import AgendaItemFactory
from tests.support import files
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def item(march: Meeting) -> AgendaItem:
    Meeting.objects.filter(pk=march.pk).update(agenda_sent_at=AT, state="invited")
    march.refresh_from_db()
    one: AgendaItem = AgendaItemFactory(meeting=march, title="Rufbus", position=1)
    return one


def hand_in(item: AgendaItem, cast: World) -> Paper:
    return item_papers.hand_in(
        item, files.pdf(), title="Kosten", organisation=None, dated=AT.date(), form_key=uuid.uuid4(), by=cast.imke, at=AT
    )  # fmt: skip


def address(name: str, item: AgendaItem, *more: str) -> str:
    return reverse(f"meetings:item_paper{name}", args=["2027-q1-arbeit", item.pk, *more])


def readers(cast: World, paper: Paper) -> set[str]:
    names = ("imke", "theda", "susanne")
    return {name for name in names if paper_shelf.readable(getattr(cast, name), at=AT).filter(pk=paper.pk).exists()}


def late_words(item: AgendaItem, cast: World) -> list[str]:
    assert item.meeting is not None
    (entry,) = agenda_order.numbered(item.meeting, reader=cast.susanne, at=AT).entries
    return [paper.late_words for paper in entry.papers]


def test_late_paper_says_when_it_came(desk: Client, cast: World, item: AgendaItem) -> None:
    hand_in(item, cast)
    page = desk.get(address("s", item)).content.decode()

    assert late_words(item, cast) == ["nachgereicht am 23.11.2026"]
    assert "Stand 23.11.2026, nachgereicht am 23.11.2026" in page
    assert "Imke Albers, 23.11.2026" in page


def test_taken_off_is_for_the_fachstelle_until_it_is_put_back(desk: Client, cast: World, item: AgendaItem) -> None:
    paper = hand_in(item, cast)
    found = [readers(cast, paper)]
    for step in ("_take_off", "_put_back"):
        desk.post(address(step, item, paper.slug))
        found.append(readers(cast, paper))

    assert found == [{"imke", "theda", "susanne"}, {"imke"}, {"imke", "theda", "susanne"}]
    assert late_words(item, cast) == ["nachgereicht am 23.11.2026"]


def test_standing_paper_goes_along_without_a_copy(desk: Client, cast: World, item: AgendaItem) -> None:
    concept = Paper.objects.create(
        slug="konzept", title="Konzept", kind="Konzept", dated=dt.date(2026, 1, 1), is_standing=True
    )
    concept.bodies.add(cast.arbeit)
    desk.post(address("_attach", item), {"paper": concept.pk})
    again = desk.post(address("_attach", item), {"paper": concept.pk}, follow=True).content.decode()

    assert (list(item.papers.all()), Paper.objects.count()) == ([concept], 1)
    assert "Bitte wählen Sie eine Unterlage aus." in again


def test_what_never_lay_there_is_not_put_back(desk: Client, cast: World, item: AgendaItem) -> None:
    paper = hand_in(AgendaItemFactory(meeting=item.meeting, position=2), cast)
    page = desk.post(address("_put_back", item, paper.slug), follow=True).content.decode()

    assert "Diese Unterlage lag nicht bei diesem Punkt." in page
    assert not item.papers.exists()


def test_after_the_last_day_it_says_so_and_goes_on(desk: Client, cast: World, item: AgendaItem) -> None:
    Meeting.objects.filter(pk=item.meeting_id).update(
        start=AT + dt.timedelta(days=2), end=AT + dt.timedelta(days=2, hours=2)
    )
    page = desk.get(address("s", item)).content.decode()

    assert "Nachreichen geht weiter" in page


@pytest.mark.parametrize("number", [1, 3])
def test_page_needs_the_same_queries_whatever_lies_there(
    desk: Client, cast: World, item: AgendaItem, number: int, django_assert_max_num_queries: Any
) -> None:
    for _paper in range(number):
        hand_in(item, cast)
    desk.get(address("s", item))

    with django_assert_max_num_queries(18):
        desk.get(address("s", item))
