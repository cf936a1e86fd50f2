"""Meine Seite, and what the reader and the technical administration see instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from buendnisse import clock
from buendnisse.domain import admission, links
from buendnisse.models import AccessLink
from meetings.enums import DecisionState, MeetingState
from meetings.models import Attendance, Meeting
from tests import world
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

BACKEND = "notifications.adapters.SignInBackend"


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        yield world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    meeting = MeetingFactory(alliance=cast.arbeit, state=MeetingState.INVITED)
    for person in (cast.birgit, cast.susanne):
        Attendance.objects.create(meeting=meeting, person=person, organisation=person.organisation, role="member")
    return meeting


def test_my_page_shows_my_meeting_my_task_and_what_waits(cast: World, client: Client, meeting: Meeting) -> None:
    task = ActionItemFactory(agenda_item=AgendaItemFactory(meeting=meeting), owner=cast.birgit)
    client.force_login(cast.birgit, backend=BACKEND)
    page = client.get("/").context["page"]

    assert [(one.meeting, one.waits, one.may_answer) for one in page.meetings] == [(meeting, True, True)]
    assert (page.tasks, page.todo) == ([task], 1)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MeetingState.CONFIRMED, "noch offen. Die Einladung kommt später."),
        (MeetingState.INVITED, "noch offen."),
        (MeetingState.IN_SESSION, "<p>Die Sitzung läuft gerade.</p>"),
        (MeetingState.HELD, "<p>Die Sitzung ist zu Ende.</p>"),
    ],
)
def test_my_page_says_of_an_open_answer_what_is_true(
    cast: World, client: Client, meeting: Meeting, state: str, words: str
) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    client.force_login(cast.birgit, backend=BACKEND)

    text = client.get("/").content.decode()

    assert text.count(words) == 1
    assert text.count("Die Einladung kommt später") == (state == MeetingState.CONFIRMED)
    assert text.count("Ihre Antwort:") == (state in {MeetingState.CONFIRMED, MeetingState.INVITED})


def test_nobody_sees_somebody_elses_tasks_or_topics(cast: World, client: Client, meeting: Meeting) -> None:
    item = AgendaItemFactory(meeting=meeting, proposer=cast.susanne, state="proposed")
    ActionItemFactory(agenda_item=item, owner=cast.susanne)
    client.force_login(cast.birgit, backend=BACKEND)
    page = client.get("/").context["page"]

    assert (page.tasks, page.items) == ([], [])


def test_decisions_since_the_last_visit(cast: World, client: Client, meeting: Meeting) -> None:
    item = AgendaItemFactory(meeting=meeting)
    new = DecisionFactory(agenda_item=item, decided_on=dt.date(2026, 11, 20), state=DecisionState.ADOPTED)
    DecisionFactory(agenda_item=item, decided_on=dt.date(2026, 11, 10), state=DecisionState.ADOPTED)
    cast.birgit.last_looked_at = dt.datetime(2026, 11, 15, tzinfo=dt.UTC)
    cast.birgit.save()
    link = admission.sign_in_link(cast.birgit, at=AT)
    cast.birgit.may_sign_in = True
    cast.birgit.save()
    client.post(f"/anmelden/einmal/{links.token(link)}/")

    assert client.get("/").context["page"].decisions == [new]
    assert client.get("/").context["page"].decisions == [new]  # looking does not use the news up


def test_reader_sees_all_bodies_and_answers_nothing(cast: World, client: Client, meeting: Meeting) -> None:
    client.force_login(cast.theda, backend=BACKEND)
    page = client.get("/").context["page"]

    assert [(one.meeting, one.attendance, one.may_answer) for one in page.meetings] == [(meeting, None, False)]


def test_administration_sees_figures_only(cast: World, client: Client, meeting: Meeting) -> None:
    client.force_login(cast.lueder, backend=BACKEND)
    text = client.get("/").content.decode()

    assert "Inhalte sieht die technische Administration nicht" in text
    assert cast.arbeit.word not in text.replace("Arbeitsb", "")


@pytest.mark.parametrize(
    ("purpose", "mine"), [("answer", True), ("answer", False), ("settings", True), ("relay", True), ("x", True)]
)
def test_button_opens_only_ones_own_page(
    cast: World, client: Client, meeting: Meeting, purpose: str, *, mine: bool
) -> None:
    client.force_login(cast.birgit if mine else cast.theda, backend=BACKEND)
    response = client.post("/meine-seite/oeffnen/", {"purpose": purpose, "number": meeting.pk})

    try:
        path = reverse("notifications:answer", args=["x"]).removesuffix("x/")
    except NoReverseMatch:
        path = ""
    if purpose == "settings":
        assert "/einstellungen/" in response.headers["Location"]
    elif purpose == "answer" and mine and path:
        assert path in response.headers["Location"]
    else:
        assert response.status_code == 404
        assert AccessLink.objects.filter(person=cast.theda).count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_my_page_asks_the_same_whatever_its_size(
    cast: World, client: Client, meeting: Meeting, number: int, django_assert_num_queries: Any
) -> None:
    for _row in range(number):
        item = AgendaItemFactory(meeting=meeting, proposer=cast.birgit, state="proposed")
        ActionItemFactory(agenda_item=item, owner=cast.birgit)
        DecisionFactory(agenda_item=item, decided_on=dt.date(2026, 11, 20))
    client.force_login(cast.birgit, backend=BACKEND)
    with django_assert_num_queries(17):
        client.get("/")
