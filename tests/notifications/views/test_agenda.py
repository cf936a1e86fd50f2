"""The page before an agenda leaves."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.models import Change
from meetings.domain import agenda, planning
from meetings.domain.schedule import schedule
from meetings.enums import DeadlineKind, Happened, MeetingState
from meetings.models import AgendaItem, AgendaVersion, Meeting
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


@pytest.mark.parametrize(("days", "is_said"), [(8, True), (7, False)])
def test_sending_long_before_the_planned_day_wants_a_second_look(
    client: Client, cast: World, meeting: Meeting, days: int, is_said: bool
) -> None:
    with_topic(cast, meeting)
    client.force_login(cast.imke)
    planned = schedule(meeting)[DeadlineKind.INVITATION]
    with clock.frozen(clock.automatic_mail_time(planned - dt.timedelta(days=days))):
        page = client.get(reverse("notifications:send_agenda", args=[meeting.slug])).content.decode()

    assert ("Das ist früh: Geplant ist der Versand erst für" in page) == is_said


def seen(page: str) -> str:
    """What the page remembers of the agenda it shows."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_double_tap_is_one_invitation(client: Client, cast: World, meeting: Meeting) -> None:
    with_topic(cast, meeting)
    client.force_login(cast.imke)
    address = reverse("notifications:send_agenda", args=[meeting.slug])
    with clock.frozen(AT + dt.timedelta(hours=1)):
        said = {"introduction": "Bitte mit Zahlen.", "without_release": "Frau Hanneken ist im Urlaub."}
        said |= {"seen": seen(client.get(address).content.decode())}
        answers = [client.post(address, said) for _tap in range(2)]
        other = client.post(address, {**said, "introduction": "Etwas anderes."})

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [version.number for version in AgendaVersion.objects.all()] == [1]
    assert Change.objects.filter(verb=Happened.MEETING_INVITED).count() == 1
    assert (other.status_code, "Etwas anderes." in other.content.decode()) == (409, True)


def test_a_wording_nobody_looked_at_does_not_leave(client: Client, cast: World, meeting: Meeting) -> None:
    with_topic(cast, meeting)
    client.force_login(cast.imke)
    address = reverse("notifications:send_agenda", args=[meeting.slug])
    with clock.frozen(AT + dt.timedelta(hours=1)):
        said = {"introduction": "Bitte mit Zahlen.", "without_release": "Frau Hanneken ist im Urlaub."}
        old = seen(client.get(address).content.decode())
        AgendaItem.objects.filter(title="Handlungskonzept").update(title="Haushalt")
        answer = client.post(address, {**said, "seen": old})
        without = client.post(address, said)

        page = answer.content.decode()
        assert (answer.status_code, without.status_code) == (409, 409)
        assert "Die Tagesordnung wurde inzwischen geändert oder verschickt." in page
        assert [words in page for words in said.values()] == [True, True]
        assert not AgendaVersion.objects.exists()
        assert client.post(address, {**said, "seen": seen(page)}).status_code == 302

    assert AgendaVersion.objects.get().content["items"][0]["title"] == "Haushalt"


def test_button_sends(client: Client, cast: World, meeting: Meeting) -> None:
    with_topic(cast, meeting)
    client.force_login(cast.imke)
    with clock.frozen(AT + dt.timedelta(hours=1)):
        address = reverse("notifications:send_agenda", args=[meeting.slug])
        refused = client.post(address, {"introduction": "Bitte bringen Sie Zahlen mit."}).content.decode()
        assert not Change.objects.filter(verb=Happened.MEETING_INVITED).exists()
        said = {"introduction": "Bitte bringen Sie Zahlen mit.", "without_release": "Frau Hanneken ist im Urlaub."}
        answer = client.post(address, {**said, "seen": seen(refused)}, follow=True)

    assert ("Bitte bringen Sie Zahlen mit." in refused, "Warum ohne Freigabe des Vorsitzes?" in refused) == (True, True)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.INVITED
    assert AgendaVersion.objects.get().introduction == "Bitte bringen Sie Zahlen mit."
    assert "Die Einladung geht in einer Minute." in answer.content.decode()
    assert '<a href="/postausgang/">Zum Postausgang</a>' in answer.content.decode()
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
