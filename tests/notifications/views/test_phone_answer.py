"""An answer from the telephone: over what was read, taken back by one button, never over an answer by link unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.enums import Office, Via
from buendnisse.models import Change, Person
from meetings.domain import answers, deputies
from meetings.enums import Answer, DeputyRequestState, Happened
from meetings.models import Attendance, DeputyRequest, Meeting
from notifications.domain import dispatch
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def browser(cast: World) -> Client:
    Person.objects.filter(pk=cast.imke.pk).update(may_sign_in=True, office=Office.FACHSTELLE)
    client = Client()
    client.force_login(cast.imke, backend="notifications.adapters.SignInBackend")
    return client


def row(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=person)


def read(browser: Client, meeting: Meeting) -> str:
    """What the page says of the versions it shows."""
    text = browser.get(f"/sitzungen/{meeting.slug}/antworten/").content.decode()
    return re.findall(r'name="gelesen" value="([^"]+)"', text)[0]


def post(browser: Client, meeting: Meeting, person: Person, **said: str) -> Any:
    given = {"person": str(row(meeting, person).pk), "answer": "declined", "comment": "", "deputy": ""} | said
    return browser.post(f"/sitzungen/{meeting.slug}/antworten/", given | {"deputy_email": ""}, follow=True)


def take_back(browser: Client, meeting: Meeting) -> str:
    response = browser.post(f"/sitzungen/{meeting.slug}/antworten/zuruecknehmen/", follow=True)
    return " ".join(response.content.decode().split())


def by_link(meeting: Meeting, person: Person, answer: Answer, comment: str = "") -> None:
    answers.answer(row(meeting, person), answer=answer, via=Via.LINK, by=person, at=AT, comment=comment)


def test_answer_by_link_meanwhile_is_shown_beside_what_was_typed(
    browser: Client, cast: World, february: Meeting
) -> None:
    before = read(browser, february)
    by_link(february, cast.susanne, Answer.ACCEPTED, "Komme später.")

    response = post(browser, february, cast.susanne, comment="Ist krank.", gelesen=before)

    text = " ".join(response.content.decode().split())
    assert response.status_code == 409
    assert "Inzwischen hat sich die Antwort von Susanne Overhage geändert." in text
    assert "kommt (Link, 23.11.2026). „Komme später.“" in text
    assert response.context["form"]["comment"].value() == "Ist krank."
    assert row(february, cast.susanne).answer == Answer.ACCEPTED

    again = post(
        browser, february, cast.susanne, comment="Ist krank.", gelesen=response.context["form"]["gelesen"].value()
    )
    assert again.status_code == 200
    assert (row(february, cast.susanne).answer, row(february, cast.susanne).comment) == ("declined", "Ist krank.")


def test_answer_of_somebody_else_is_no_conflict(browser: Client, cast: World, february: Meeting) -> None:
    before = read(browser, february)
    by_link(february, cast.birgit, Answer.ACCEPTED)

    assert post(browser, february, cast.susanne, gelesen=before).status_code == 200


def test_second_tap_is_one_answer(browser: Client, cast: World, february: Meeting) -> None:
    before = read(browser, february)
    codes = [post(browser, february, cast.susanne, gelesen=before).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert Change.objects.filter(verb=Happened.ATTENDANCE_ANSWERED).count() == 1


def test_button_in_the_message_brings_the_earlier_answer_back(browser: Client, cast: World, february: Meeting) -> None:
    by_link(february, cast.susanne, Answer.TENTATIVE, "Vielleicht.")
    response = post(browser, february, cast.susanne, comment="Ist krank.")
    assert "Eingetragen: Susanne Overhage kommt nicht." in response.content.decode()

    assert "Für Susanne Overhage gilt wieder, was vorher da stand." in take_back(browser, february)

    now = row(february, cast.susanne)
    assert (now.answer, now.comment, now.answered_via, now.answered_at) == ("tentative", "Vielleicht.", Via.LINK, AT)
    assert "Rückgängig" not in browser.get(f"/sitzungen/{february.slug}/antworten/").content.decode()
    assert "Es gibt nichts mehr zurückzunehmen." in take_back(browser, february)


def test_button_takes_the_deputy_back_before_any_mail(browser: Client, cast: World, february: Meeting) -> None:
    response = post(browser, february, cast.susanne, deputy="Greta Harms", comment="Ist krank.")
    assert "Eingetragen: Susanne Overhage kommt nicht; Greta Harms vertritt." in response.content.decode()

    take_back(browser, february)
    dispatch.fan_out(at=AT)

    assert (row(february, cast.susanne).answer, row(february, cast.susanne).comment) == ("pending", "")
    assert not Attendance.objects.filter(stands_in_for__isnull=False).exists()
    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING, person__last_name="Harms")
    assert not waiting.filter(kind="invitation").exists()


def test_button_brings_the_earlier_deputy_back(browser: Client, cast: World, february: Meeting) -> None:
    answers.name_deputy(row(february, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT)
    post(browser, february, cast.susanne, answer="accepted")
    assert answers.deputy_of(row(february, cast.susanne)) is None

    take_back(browser, february)

    deputy = answers.deputy_of(row(february, cast.susanne))
    assert deputy is not None
    assert (deputy.person, row(february, cast.susanne).answer) == (cast.rolf, "declined")


def test_answer_by_link_since_is_not_taken_back(browser: Client, cast: World, february: Meeting) -> None:
    post(browser, february, cast.susanne)
    by_link(february, cast.susanne, Answer.ACCEPTED)

    assert "Inzwischen hat jemand anderes das geändert." in take_back(browser, february)
    assert row(february, cast.susanne).answer == Answer.ACCEPTED


def test_withdrawn_question_cannot_be_restored_so_no_button(browser: Client, cast: World, february: Meeting) -> None:
    facts = {"first_name": "Greta", "last_name": "Harms", "email": "greta@verein.example"}
    deputies.ask(row(february, cast.susanne), **facts, via=Via.LINK, by=cast.susanne, at=AT)

    text = post(browser, february, cast.susanne, answer="accepted").content.decode()

    assert DeputyRequest.objects.get().state == DeputyRequestState.WITHDRAWN
    assert "Eingetragen: Susanne Overhage kommt." in text
    assert "Rückgängig" not in text
