"""The switches in the Verwaltung, and that every page says while they are on."""

from __future__ import annotations

import pytest
from django.test import Client

from buendnisse.models import Installation
from meetings.models import Meeting
from notifications.models import MailPause
from tests.factories.meetings import MeetingFactory
from tests.world import World

pytestmark = pytest.mark.django_db

PAGE = "/verwaltung/versand/"
TESTER = "probe@fachstelle.example"


@pytest.fixture
def imke(cast: World, client: Client) -> Client:
    client.force_login(cast.imke, backend="notifications.adapters.SignInBackend")
    return client


def test_test_mode_is_said_on_every_page(imke: Client, cast: World) -> None:
    assert TESTER not in imke.get("/").content.decode()
    refused = imke.post(PAGE, {"address": "keine Adresse"})
    assert (refused.context["form"]["address"].value(), Installation.objects.get().test_address) == (
        "keine Adresse",
        "",
    )
    imke.post(PAGE, {"address": TESTER})

    for path in ("/", "/postausgang/", "/verwaltung/", PAGE, "/impressum/"):
        assert f"gehen an {TESTER}, nicht an die Mitglieder." in imke.get(path).content.decode()
    outside = Client().get("/hilfe/").content.decode()
    assert ("gehen zurzeit nicht an die Mitglieder." in outside, TESTER in outside) == (True, False)
    imke.post(f"{PAGE}test-beenden/")
    assert TESTER not in imke.get("/").content.decode()


def test_pause_of_all_and_of_one_meeting(imke: Client, cast: World) -> None:
    meeting: Meeting = MeetingFactory(alliance=cast.arbeit, slug="2027-q1-arbeit", quarter="2027-Q1")
    imke.post(f"{PAGE}anhalten/")
    assert "Der Versand ist angehalten" in imke.get("/").content.decode()
    again = imke.post(f"{PAGE}anhalten/", follow=True)
    assert "Der Versand ist schon angehalten." in again.content.decode()
    imke.post(f"{PAGE}aufnehmen/")
    assert Installation.objects.get().mail_paused_at is None

    page = imke.post(f"/sitzungen/{meeting.slug}/mails/anhalten/", follow=True)
    assert "Alle Mails zu dieser Sitzung sind angehalten." in page.content.decode()
    assert [pause.meeting for pause in imke.get(PAGE).context["pauses"]] == [meeting]
    imke.post(f"/sitzungen/{meeting.slug}/mails/aufnehmen/")
    assert MailPause.objects.count() == 0
