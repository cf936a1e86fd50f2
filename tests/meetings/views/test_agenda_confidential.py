"""The page on which the Fachstelle says who reads a topic, and where that is shown."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from meetings.forms.confidential import SOME
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import AgendaItemFactory
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def item(march: Meeting) -> AgendaItem:
    one: AgendaItem = AgendaItemFactory(meeting=march, title="Rufbus", state="accepted", position=1)
    return one


def address(item: AgendaItem) -> str:
    return reverse("meetings:agenda_confidential", args=["2027-q1-arbeit", item.pk])


def test_chosen_organisations_stand_on_board_and_page(desk: Client, cast: World, item: AgendaItem) -> None:
    data = {"version": 1, "circle": "einige", "organisations": [cast.birgit.organisation_id]}
    board = desk.post(address(item), data, follow=True).content.decode()
    page = desk.get(reverse("meetings:meeting", args=["2027-q1-arbeit"])).content.decode()

    assert "„Rufbus“: Vertraulich: nur für Jobcenter." in board
    assert [text.count("<strong>Vertraulich: nur für Jobcenter</strong>") for text in (board, page)] == [1, 1]


def test_nobody_ticked_is_refused_and_nothing_is_lost(desk: Client, item: AgendaItem) -> None:
    page = desk.post(address(item), {"version": 1, "circle": "einige"})

    assert page.status_code == 200
    assert "Bitte kreuzen Sie mindestens eine Organisation an" in page.content.decode()
    assert not item.confidential_to.exists()


def test_second_person_sees_both(desk: Client, cast: World, item: AgendaItem) -> None:
    first = {"version": 1, "circle": "einige", "organisations": [cast.birgit.organisation_id]}
    desk.post(address(item), first)
    page = desk.post(address(item), {**first, "organisations": [cast.susanne.organisation_id]})
    again = desk.post(address(item), {"version": page.context["item"].version, "circle": "alle"})

    assert page.status_code == 409
    assert "Gespeichert ist im Moment: <strong>Vertraulich: nur für Jobcenter</strong>" in page.content.decode()
    assert (again.status_code, item.confidential_to.exists()) == (302, False)


def test_members_stand_first_and_proposer_and_chair_are_ticked(desk: Client, cast: World, item: AgendaItem) -> None:
    AgendaItem.objects.filter(pk=item.pk).update(proposer=cast.susanne)
    form = desk.get(address(item)).context["form"]

    labels = [group for group, _rows in form.fields["organisations"].choices]
    assert [str(label) for label in labels] == ["Mitglieder dieses Bündnisses", "Weitere Organisationen"]
    assert form["organisations"].value() == sorted([cast.susanne.organisation_id, cast.birgit.organisation_id])


def test_leaving_the_chair_out_is_said(desk: Client, cast: World, item: AgendaItem) -> None:
    data = {"version": item.version, "circle": SOME, "organisations": [cast.susanne.organisation_id]}

    page = desk.post(address(item), data, follow=True)

    assert [str(one) for one in page.context["messages"]][-1] == (
        "Birgit Hanneken liest diesen Punkt nicht mit und gibt ihn ungesehen frei."
    )
