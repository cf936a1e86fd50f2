"""The page before a year's dates are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buendnisse import clock
from buendnisse.models import FurtherAddress
from meetings.domain import year_plan
from meetings.enums import MeetingState
from meetings.models import Meeting, YearPlan
from notifications.domain import dispatch
from tests.meetings import district
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

PAGE = "/planung/2027/vorschau/"


@pytest.fixture
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def cast() -> World:
    return district.build()


def said(response: Any) -> list[str]:
    return [str(message).replace("\xa0", " ") for message in response.context["messages"]]


def post(desk: Client, **typed: str) -> Any:
    seen = desk.get(PAGE).context["check"].signature
    return desk.post(PAGE, {"seen": seen, "introduction": "", **typed})


def test_looking_confirms_nothing(desk: Client) -> None:
    response = post(desk, do="look", introduction="Liebe Grüße")

    assert (response.status_code, Meeting.objects.count()) == (200, 0)
    assert response.context["form"]["introduction"].value() == "Liebe Grüße"


def test_one_button_confirms_and_says_so(desk: Client) -> None:
    response = desk.get(post(desk, do="confirm", introduction="Liebe Grüße")["Location"])

    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.CONFIRMED}
    assert YearPlan.objects.get().introduction == "Liebe Grüße"
    assert said(response) == [
        "12 Termine stehen. In einer Minute gehen die Mails. Bis dahin können Sie alles zurücknehmen."
    ]


def test_copies_are_named_beside_the_mails(desk: Client, cast: World) -> None:
    FurtherAddress.objects.create(person=cast.birgit, address="vorzimmer@jobcenter.example", gets_copy=True)
    before = desk.get(PAGE).content.decode()
    post(desk, do="confirm")
    dispatch.fan_out(at=AT)
    after = desk.get("/planung/2027/").content.decode()

    assert before.count("12 Termine festlegen und 3 Mails und eine Kopie senden</button>") == 1
    assert after.count("3 Mails und eine Kopie gehen in Kürze hinaus.") == 1


def test_plan_changed_since_it_was_looked_at_is_shown_again_with_what_was_typed(desk: Client, cast: World) -> None:
    seen = desk.get(PAGE).context["check"].signature
    cast.bildung.usual_nth = 3
    cast.bildung.save()

    response = desk.post(PAGE, {"seen": seen, "introduction": "Liebe Grüße", "do": "confirm"})

    assert (response.status_code, response.context["refused"]) == (
        409,
        "Der Plan hat sich inzwischen geändert. Bitte sehen Sie ihn noch einmal durch.",
    )
    form = response.context["form"]
    assert (form["introduction"].value(), form["seen"].value()) == ("Liebe Grüße", response.context["check"].signature)
    assert Meeting.objects.count() == 0


def test_too_many_words_are_refused_beside_their_field(desk: Client) -> None:
    response = post(desk, do="confirm", introduction="x" * 2001)

    assert list(response.context["form"].errors) == ["introduction"]
    assert (response.context["form"]["introduction"].value(), Meeting.objects.count()) == ("x" * 2001, 0)


def test_mail_of_anybody_can_be_looked_at(desk: Client, cast: World) -> None:
    found = post(desk, person=str(cast.hedwig.pk)).context["check"]

    assert found.shown_to == cast.hedwig


@pytest.mark.parametrize("person", ["x", "-1", "99999999999999999999", "424242"])
def test_nonsense_for_a_person_shows_somebody(desk: Client, cast: World, person: str) -> None:
    assert post(desk, person=person).context["check"].shown_to in {cast.birgit, cast.susanne}


def test_frame_shows_the_mail_with_what_was_typed(desk: Client, cast: World) -> None:
    page = post(desk, do="look", person=str(cast.hedwig.pk), introduction="Liebe <b>Grüße</b>")
    address = page.context["html_url"]
    response = desk.get(address)

    assert address == f"{PAGE}mail/?person={cast.hedwig.pk}&typed=1"
    assert response.content.decode().count("Liebe &lt;b&gt;Grüße&lt;/b&gt;") == 1
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def test_frame_shows_what_is_stored_while_nothing_is_typed(desk: Client, cast: World) -> None:
    YearPlan.objects.create(year=2027, introduction="Wie im Vorjahr.")
    post(desk, do="look", introduction="Liebe Grüße")

    page = desk.get(PAGE)
    text = desk.get(page.context["html_url"]).content.decode()

    assert page.context["html_url"] == f"{PAGE}mail/?person={page.context['check'].shown_to.pk}"
    assert (text.count("Wie im Vorjahr."), text.count("Liebe Grüße")) == (1, 0)


def test_frame_costs_less_than_the_page(desk: Client) -> None:
    with CaptureQueriesContext(connection) as whole:
        address = desk.get(PAGE).context["html_url"]
    with CaptureQueriesContext(connection) as alone:
        desk.get(address)

    assert len(whole) - len(alone) >= 5  # nobody else's dates, copies and news


@pytest.mark.parametrize("person", ["", "x", "424242"])
def test_frame_of_nobody_is_empty(desk: Client, person: str) -> None:
    response = desk.get(f"{PAGE}mail/", {"person": person})

    assert (response.status_code, response.content) == (200, b"")


def test_all_can_be_taken_back_from_the_year(desk: Client, cast: World) -> None:
    year_plan.confirm(2027, seen=None, by=cast.imke, at=AT)

    response = desk.post("/planung/2027/zuruecknehmen/", follow=True)

    assert said(response) == ["Zurückgenommen: 12 Termine sind wieder offen. Niemand hat davon erfahren."]
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.PLANNED}


def test_nothing_to_take_back_is_said(desk: Client) -> None:
    assert said(desk.post("/planung/2027/zuruecknehmen/", follow=True)) == ["Für 2027 ist noch nichts festgelegt."]


def test_year_with_nothing_left_leads_back(desk: Client, cast: World) -> None:
    year_plan.confirm(2027, seen=None, by=cast.imke, at=AT)

    response = desk.get(PAGE)

    assert (response.status_code, list(response.context["check"].meetings)) == (200, [])


@pytest.mark.parametrize("address", ["/planung/1999/vorschau/", "/planung/2200/vorschau/mail/"])
def test_year_out_of_bounds_is_not_found(desk: Client, address: str) -> None:
    assert desk.get(address).status_code == 404
