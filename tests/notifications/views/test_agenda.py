"""The page before an agenda leaves."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.models import Change
from meetings.domain import agenda, planning
from meetings.enums import Happened, MeetingState
from meetings.models import AgendaVersion, Meeting
from notifications.models import OutboxMessage
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    meeting = MeetingFactory(alliance=cast.arbeit, venue=cast.venue, slug="2026-q4-arbeit")
    planning.confirm(meeting, by=cast.imke, at=AT)
    return meeting


def with_topic(cast: World, meeting: Meeting) -> None:
    agenda.add(
        meeting,
        title="Handlungskonzept",
        kind="discussion",
        minutes=25,
        presenter=cast.birgit,
        by=cast.imke,
        form_key=uuid.uuid4(),
        at=AT,
    )


def test_page_shows_to_how_many_and_sends_nothing(client: Client, cast: World, meeting: Meeting) -> None:
    with_topic(cast, meeting)
    client.force_login(cast.imke)
    with clock.frozen(AT):
        page = client.get(reverse("notifications:send_agenda", args=[meeting.slug])).content.decode()
        frame = client.get(reverse("notifications:send_agenda_preview", args=[meeting.slug])).content.decode()

    meeting.refresh_from_db()
    assert ("An 4 Personen verschicken" in page, "3 Personen, mit Knöpfen" in page) == (True, True)
    assert "Handlungskonzept" in frame
    assert (meeting.state, OutboxMessage.objects.count()) == (MeetingState.CONFIRMED, 0)


def test_button_sends(client: Client, cast: World, meeting: Meeting) -> None:
    with_topic(cast, meeting)
    client.force_login(cast.imke)
    with clock.frozen(AT + dt.timedelta(hours=1)):
        address = reverse("notifications:send_agenda", args=[meeting.slug])
        refused = client.post(address, {"introduction": "Bitte bringen Sie Zahlen mit."}).content.decode()
        assert not Change.objects.filter(verb=Happened.MEETING_INVITED).exists()
        said = {"introduction": "Bitte bringen Sie Zahlen mit.", "without_release": "Frau Hanneken ist im Urlaub."}
        answer = client.post(address, said, follow=True)

    assert ("Bitte bringen Sie Zahlen mit." in refused, "Warum ohne Freigabe des Vorsitzes?" in refused) == (True, True)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.INVITED
    assert AgendaVersion.objects.get().introduction == "Bitte bringen Sie Zahlen mit."
    assert "Die Einladung geht in einer Minute." in answer.content.decode()
    assert Change.objects.get(verb=Happened.MEETING_INVITED).data == {"version": 1}


def test_agenda_without_a_topic_is_refused_in_words(client: Client, cast: World, meeting: Meeting) -> None:
    client.force_login(cast.imke)
    with clock.frozen(AT):
        page = client.get(reverse("notifications:send_agenda", args=[meeting.slug])).content.decode()
        client.post(reverse("notifications:send_agenda", args=[meeting.slug]))

    meeting.refresh_from_db()
    assert "Auf der Tagesordnung steht noch kein Thema." in page
    assert meeting.state == MeetingState.CONFIRMED


def test_sending_is_for_the_fachstelle(client: Client, cast: World, meeting: Meeting) -> None:
    client.force_login(cast.birgit)

    assert client.post(reverse("notifications:send_agenda", args=[meeting.slug])).status_code == 403
