"""The rows of the agenda in one form: order, minutes, presenters; and two people at one board."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.enums import Office
from meetings.domain import agenda, agenda_order
from meetings.models import AgendaItem, Meeting
from tests.factories.buendnisse import PersonFactory
from tests.meetings.march import fields
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

MEANWHILE = AT + dt.timedelta(minutes=14)


@pytest.fixture
def imke(client: Client, cast: World) -> Client:
    client.force_login(cast.imke)
    return client


@pytest.fixture
def topics(cast: World, march: Meeting) -> list[AgendaItem]:
    return [
        agenda.add(
            march,
            title=title,
            kind="discussion",
            minutes=20,
            presenter=None,
            by=cast.imke,
            form_key=uuid.uuid4(),
            at=AT,
        )
        for title in ("Eins", "Zwei", "Drei")
    ]


def address(meeting: Meeting) -> str:
    return reverse("meetings:agenda_order", args=[meeting.slug])


def order(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.agenda_items.on_agenda() if not item.standing_code]


def test_place_takes_a_number_without_a_button(imke: Client, march: Meeting, topics: list[AgendaItem]) -> None:
    answer = imke.post(address(march), fields(march) | {f"n-{topics[2].pk}": "3"})

    assert order(march) == ["Drei", "Eins", "Zwei"]
    assert answer["Location"] == reverse("meetings:agenda", args=[march.slug]) + f"#punkt-{topics[2].pk}"


def test_script_gets_the_agenda_alone_and_a_sentence_to_say(
    imke: Client, march: Meeting, topics: list[AgendaItem]
) -> None:
    answer = imke.post(address(march), fields(march) | {"hoch": str(topics[2].pk)}, headers={"X-Part": "agenda"})

    page = answer.content.decode()
    assert order(march) == ["Eins", "Drei", "Zwei"]
    assert (answer.status_code, "<html" in page) == (200, False)
    assert 'data-said="TOP 5 steht jetzt an Platz 4: Drei."' in page


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (("m", "lang"), "TOP 3: Bitte geben Sie ganze Minuten von 1 bis 240 an."),
        (("m", "241"), "TOP 3: Bitte geben Sie ganze Minuten von 1 bis 240 an."),
        (("n", "oben"), "TOP 3: Bitte geben Sie die Nummer an, die der Punkt bekommen soll."),
        (("p", "Niemand, Nirgends"), "TOP 3: „Niemand, Nirgends“ kennen wir hier nicht."),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_typed_is_lost(
    imke: Client, march: Meeting, topics: list[AgendaItem], field: tuple[str, str], said: str
) -> None:
    sent = fields(march) | {f"m-{topics[1].pk}": "35", f"{field[0]}-{topics[0].pk}": field[1]}

    page = imke.post(address(march), sent).content.decode()

    topics[1].refresh_from_db()
    assert topics[1].duration_minutes == 20
    assert said in page
    assert f'name="m-{topics[1].pk}" value="35"' in page


def test_minutes_and_presenter_are_saved_on_the_row(
    imke: Client, cast: World, march: Meeting, topics: list[AgendaItem]
) -> None:
    item = topics[0]

    imke.post(address(march), fields(march) | {f"m-{item.pk}": "35", f"p-{item.pk}": "birgit hanneken, jobcenter"})

    item.refresh_from_db()
    assert (item.duration_minutes, item.presenter, item.version) == (35, cast.birgit, 2)


def test_second_one_to_order_is_shown_what_the_first_did(
    imke: Client, cast: World, march: Meeting, topics: list[AgendaItem]
) -> None:
    other = PersonFactory(first_name="Okka", last_name="Freese", office=Office.FACHSTELLE)
    seen = fields(march)
    agenda_order.move_up(topics[2], by=other, at=MEANWHILE)

    with clock.frozen(MEANWHILE + dt.timedelta(minutes=1)):
        answer = imke.post(address(march), seen | {"hoch": str(topics[1].pk), f"m-{topics[0].pk}": "35"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert order(march) == ["Eins", "Drei", "Zwei"]
    assert "Die Tagesordnung hat sich inzwischen geändert. Ihr Schritt ist nicht gespeichert." in page
    assert "23.11.2026, 09:14\xa0Uhr, Okka Freese: „Drei“, Reihenfolge geändert (Platz 4)" in page
    assert f'name="m-{topics[0].pk}" value="35"' in page


def test_minutes_alone_do_not_mind_another_order(
    imke: Client, cast: World, march: Meeting, topics: list[AgendaItem]
) -> None:
    seen = fields(march)
    agenda_order.move_up(topics[2], by=cast.imke, at=MEANWHILE)

    answer = imke.post(address(march), seen | {f"m-{topics[0].pk}": "35"})

    topics[0].refresh_from_db()
    assert (answer.status_code, topics[0].duration_minutes) == (302, 35)
    assert order(march) == ["Eins", "Drei", "Zwei"]


def test_minutes_of_a_row_somebody_else_changed_are_refused(
    imke: Client, cast: World, march: Meeting, topics: list[AgendaItem]
) -> None:
    seen = fields(march)
    agenda.edit(topics[0], version=1, by=cast.imke, at=AT, title="Neu gefasst")

    answer = imke.post(address(march), seen | {f"m-{topics[0].pk}": "35"})

    topics[0].refresh_from_db()
    assert (answer.status_code, topics[0].duration_minutes) == (409, 20)
    assert "Neu gefasst" in answer.content.decode()


def test_stale_row_shows_both_and_loses_no_other_row(
    imke: Client, cast: World, march: Meeting, topics: list[AgendaItem]
) -> None:
    seen, (first, second, _third) = fields(march), topics
    agenda.edit(first, version=1, by=cast.imke, at=AT, duration_minutes=25, presenter=cast.birgit)

    sent = seen | {f"m-{first.pk}": "35", f"m-{second.pk}": "40"}
    page = imke.post(address(march), sent).content.decode()

    assert (
        "„Eins“: Gespeichert ist: 25 Minuten, Birgit Hanneken, Jobcenter. "
        "Sie haben getippt: 35 Minuten, niemand berichtet."
    ) in page
    assert f'name="m-{first.pk}" value="25"' in page
    assert f'name="m-{second.pk}" value="40"' in page


@pytest.mark.parametrize("state", ["in_session", "held", "closed"])
def test_order_of_a_meeting_that_has_begun_stays(
    imke: Client, march: Meeting, topics: list[AgendaItem], state: str
) -> None:
    Meeting.objects.filter(pk=march.pk).update(state=state)

    page = imke.post(address(march), fields(march) | {"hoch": str(topics[2].pk)}).content.decode()

    assert order(march) == ["Eins", "Zwei", "Drei"]
    assert "Die Tagesordnung dieser Sitzung ist abgeschlossen. Die Reihenfolge bleibt, wie sie ist." in page


def test_second_one_to_decide_is_told_and_keeps_the_sentence(
    imke: Client, cast: World, march: Meeting, topics: list[AgendaItem]
) -> None:
    item = topics[0]
    put_off = reverse("meetings:agenda_put_off", args=[march.slug, item.pk])
    sent: dict[str, Any] = {"seen": "proposed", "what": "decline", "reason": "Die Sitzung ist voll."}

    stale = imke.post(put_off, sent)
    again = imke.post(put_off, sent | {"seen": "accepted"})

    page = stale.content.decode()
    assert (stale.status_code, again.status_code) == (409, 302)
    assert "Der Stand ist jetzt „angenommen“. Zuletzt: 23.11.2026, 09:00\xa0Uhr, Imke Albers:" in page
    assert ("Die Sitzung ist voll." in page, 'name="seen" value="accepted"' in page) == (True, True)


@pytest.mark.parametrize("stamp", ["", "x", "1:2.x", "9" * 5000])
def test_nonsense_for_a_stamp_is_an_agenda_nobody_saw(
    imke: Client, march: Meeting, topics: list[AgendaItem], stamp: str
) -> None:
    answer = imke.post(address(march), fields(march) | {"gesehen": stamp, "hoch": str(topics[1].pk)})

    assert (answer.status_code, order(march)) == (409, ["Eins", "Zwei", "Drei"])
