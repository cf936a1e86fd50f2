"""Standing in by link: a GET shows, a button answers, and both answers can be changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from meetings.domain import answers, deputies
from meetings.enums import Answer
from meetings.models import Attendance, DeputyRequest, Meeting
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def asked(february: Meeting, cast: World) -> DeputyRequest:
    row = Attendance.objects.select_related("meeting__alliance").get(meeting=february, person=cast.susanne)
    facts = {"first_name": "Greta", "last_name": "Harms", "email": "greta@verein.example"}
    made = deputies.ask(row, **facts, via=Via.LINK, by=cast.susanne, at=AT)
    assert isinstance(made, DeputyRequest)
    return made


def address(asked: DeputyRequest) -> str:
    until = asked.attendance.meeting.end
    link = links.grant(asked.person, purpose=LinkPurpose.DEPUTY, subject=asked, until=until, at=AT)
    return f"/vertretung/{links.token(link)}/"


def state(asked: DeputyRequest) -> str:
    return DeputyRequest.objects.get(pk=asked.pk).state


def test_opening_the_link_answers_nothing(client: Client, asked: DeputyRequest) -> None:
    response = client.get(address(asked))

    assert (response.status_code, state(asked)) == (200, "asked")
    assert "Ja, ich übernehme die Vertretung" in response.content.decode()


def test_yes_thanks_and_leads_to_changing_it(client: Client, asked: DeputyRequest) -> None:
    response = client.post(address(asked), {"antwort": "ja"}, follow=True)

    assert (state(asked), response.context["stands_in"]) == ("confirmed", True)
    page = client.post(address(asked), {"antwort": "aendern"}, follow=True)
    assert page.status_code == 200
    assert page.context["page"].may_name_deputy is False


def test_no_can_become_a_yes(client: Client, asked: DeputyRequest) -> None:
    response = client.post(address(asked), {"antwort": "nein"}, follow=True)
    assert (state(asked), response.context["may_confirm"]) == ("declined", True)

    client.post(address(asked), {"antwort": "ja"})

    assert state(asked) == "confirmed"


def test_too_late_is_said_in_a_sentence(client: Client, asked: DeputyRequest, cast: World) -> None:
    answers.answer(asked.attendance, answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=AT)

    response = client.post(address(asked), {"antwort": "ja"})

    assert response.status_code == 200
    assert response.context["refused"] == (
        "Die Vertretung wird nicht mehr gebraucht. Vielen Dank, dass Sie bereit waren."
    )


def test_nonsense_answers_nothing(client: Client, asked: DeputyRequest) -> None:
    response = client.post(address(asked), {"antwort": "vielleicht"})

    assert (response.status_code, state(asked)) == (200, "asked")
