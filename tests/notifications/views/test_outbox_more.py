"""The Postausgang: found by words, why it waits, by mail server, own words, and who gets none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buendnisse import clock
from buendnisse.enums import MailFormat
from buendnisse.models import Installation, Person
from meetings.models import Meeting
from notifications.domain import dispatch, own_words, recipients, undelivered, valve
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import PersonFactory
from tests.factories.meetings import MeetingFactory
from tests.notifications.views.test_outbox import mail
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.mark.parametrize("number", [1, 300])
@pytest.mark.parametrize("query", ["", "?stand=waiting", "?stand=failed", "?stand=sent"])
def test_at_most_ten_queries_whatever_the_size(
    desk: Client, cast: World, django_assert_max_num_queries: Any, number: int, query: str
) -> None:
    meeting: Meeting = MeetingFactory(alliance=cast.arbeit)
    person = PersonFactory()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            kind=MailKind.LINK,
            person=person,
            occasion=f"{state}:{row}",
            state=state,
            created_at=AT,
            not_before=AT,
            sent_at=AT,
            meeting_id=meeting.pk,
            to_address=f"wer{row}@postfach.example",
        )
        for row in range(number)
        for state in (OutboxState.WAITING, OutboxState.FAILED, OutboxState.SENT)
    )
    with django_assert_max_num_queries(10):
        assert desk.get(f"/postausgang/{query}").status_code == 200


def test_search_narrows_by_name_address_and_subject(desk: Client) -> None:
    anna = PersonFactory(first_name="Anna", last_name="Sommer", email="sommer@schule.example")
    mail(anna, occasion="a", state=OutboxState.SENT, sent_at=AT, subject="Bildung: Protokoll")
    mail(PersonFactory(), occasion="b", state=OutboxState.SENT, sent_at=AT)

    for words in ("sommer", "anna sommer", "schule.example", "protokoll"):
        [line] = desk.get("/postausgang/", {"stand": "sent", "q": words}).context["lines"]
        assert line.person == anna
    assert desk.get("/postausgang/", {"stand": "sent", "q": "anna winter"}).context["lines"] == []
    assert desk.get("/postausgang/", {"q": "x" * 300}).status_code == 200


def test_each_line_says_why_it_waits(desk: Client, cast: World) -> None:
    meeting: Meeting = MeetingFactory(alliance=cast.arbeit)
    valve.pause_meeting(meeting, by=cast.imke, at=AT)
    mail(PersonFactory(), occasion="grace")
    mail(PersonFactory(), occasion="paused", meeting_id=meeting.pk)
    mail(PersonFactory(), occasion="tried", not_before=AT, tried_since=AT, failure="Verbindung verweigert")
    mail(PersonFactory(), occasion="held", state=OutboxState.STOPPED, is_held=True)

    waiting = desk.get("/postausgang/?stand=waiting").content.decode()
    assert "Wartet, damit Sie noch etwas ändern können." in waiting
    assert "Die Mails zu dieser Sitzung sind angehalten." in waiting
    assert "Noch nicht hinausgegangen. Verbindung verweigert" in waiting
    assert "Die Adresse wird geprüft." in desk.get("/postausgang/?stand=stopped").content.decode()
    Installation.objects.update(mail_paused_at=AT)
    assert "Der ganze Versand ist angehalten." in desk.get("/postausgang/?stand=waiting").content.decode()


def test_demo_without_a_relay_says_that_its_mail_goes(desk: Client, settings: Any) -> None:
    mail(PersonFactory(), occasion="now", not_before=AT)
    settings.SMTP = {**settings.SMTP, "host": ""}
    for is_demo, said in ((True, "Geht mit dem nächsten Schub."), (False, "Kein Mailserver eingestellt.")):
        settings.DEMO = is_demo
        assert said in desk.get("/postausgang/?stand=waiting").content.decode()


def test_failures_are_grouped_by_mail_server_and_go_again_together(desk: Client) -> None:
    for row in range(3):
        address, why = f"wer{row}@postfach.example", "554 5.7.1 rejected for policy reasons"
        mail(PersonFactory(), occasion=f"p:{row}", state=OutboxState.FAILED, to_address=address, failure=why)
    gone = {"state": OutboxState.FAILED, "to_address": "weg@verein.example", "failure": "550 5.1.1 no such user"}
    mail(PersonFactory(), occasion="h", **gone)

    found = undelivered.by_domain()
    assert [(one.name, one.number, one.people) for one in found] == [
        ("postfach.example", 3, 3),
        ("verein.example", 1, 1),
    ]
    page = desk.get("/postausgang/?stand=failed").content.decode()
    assert "3 Mails an postfach.example" in page
    assert "Bitte geben Sie den Wortlaut an die IT weiter." in page
    assert "Bitte rufen Sie die Personen an" in page
    desk.post("/postausgang/noch-einmal/", {"domain": "postfach.example"})
    assert OutboxMessage.objects.filter(state=OutboxState.WAITING).count() == 3
    assert OutboxMessage.objects.filter(state=OutboxState.FAILED).count() == 1


def test_own_words_stand_in_every_mail_of_the_occasion(desk: Client, february: Meeting, relay: smtp_sink.Sink) -> None:
    dispatch.fan_out(at=AT)
    message = OutboxMessage.objects.filter(kind=MailKind.INVITATION)[0]
    path = f"/postausgang/{message.pk}/"
    desk.post(path, {"do": "stop", "whole": "on"})
    with CaptureQueriesContext(connection) as asked:
        desk.post(path, {"words": "Bitte bringen Sie <Ihre> Mappe mit."})
    changed = [one["sql"] for one in asked if one["sql"].startswith('UPDATE "notifications_outboxmessage"')]
    assert len(changed) == 1
    page = desk.get(path)

    assert "Bitte bringen Sie <Ihre> Mappe mit." in page.context["mail"].text
    assert "Bitte bringen Sie &lt;Ihre&gt; Mappe mit.</p>" in page.context["mail"].html
    assert OutboxMessage.objects.filter(data__introduction__startswith="Bitte bringen").count() == 3
    desk.post(path, {"words": ""})
    assert OutboxMessage.objects.filter(data__has_key="introduction").count() == 0
    refused = desk.post(path, {"words": "x" * 1001})
    assert refused.context["form"]["words"].value() == "x" * 1001
    OutboxMessage.objects.update(state=OutboxState.SENT, sent_at=AT)
    late = desk.post(path, {"words": "Zu spät"}, follow=True)
    assert "Das ging nicht mehr" in late.content.decode()


def test_recipients_name_who_gets_none_and_why(cast: World, february: Meeting) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(mail_format=MailFormat.NONE)
    dispatch.fan_out(at=AT)
    [message, *_rest] = OutboxMessage.objects.filter(kind=MailKind.INVITATION)
    found = recipients.of(message, at=AT)

    assert {row.person for row in found.by_mail} == {cast.birgit, cast.corinna}
    assert [(one.person, one.reason) for one in found.left_out] == [
        (cast.susanne, "Ohne E-Mail-Adresse. Bitte per Post oder Telefon.")
    ]


def test_own_words_come_below_the_first_sentence() -> None:
    text = own_words.in_text("Kopf\n\nGuten Tag,\n\nerster Satz.\n\nRest\n", greeting="Guten Tag", words="Eigenes")
    page = own_words.in_html("<p>Guten Tag,</p>\n<p>eins</p><p>zwei</p>", greeting="Guten Tag", words="a\n\nb")

    assert text == "Kopf\n\nGuten Tag,\n\nerster Satz.\n\nEigenes\n\nRest\n"
    assert page == '<p>Guten Tag,</p>\n<p>eins</p><p class="t">a</p>\n<p class="t">b</p>\n<p>zwei</p>'
    assert own_words.in_text("ohne Anrede", greeting="Guten Tag", words="x") == "ohne Anrede"
