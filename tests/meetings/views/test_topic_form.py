"""The rest of the form behind the link: a file, what was there before, refusals that lose nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Change, Paper
from meetings.enums import AgendaItemState, MeetingState
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.meetings.views.test_topics import WORDS, item_of, own_url, propose_url
from tests.support import files
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def words(**given: Any) -> dict[str, Any]:
    return WORDS | {"form_key": str(uuid.uuid4())} | given


def earlier(march: Meeting, title: str = "Arzttermine: Begleitung") -> AgendaItem:
    return AgendaItemFactory(alliance=march.alliance, meeting=march, title=title, state=AgendaItemState.ACCEPTED)


def test_a_file_goes_with_the_topic(client: Client, cast: World, march: Meeting) -> None:
    client.post(propose_url(cast.susanne, march), words(file=files.pdf()))

    assert [paper.title for paper in AgendaItem.objects.get().papers.all()] == ["Leitfaden"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (files.named("Leitfaden.pdf", b"MZ"), "Der Inhalt dieser Datei passt nicht zu ihrer Endung „pdf“."),
        (files.named("Leitfaden.exe", b"MZ"), "Diese Art von Datei nehmen wir nicht an."),
        (files.named("Leitfaden.pdf", b""), "Diese Datei ist leer."),
    ],
)
def test_a_refused_file_never_loses_the_text(client: Client, cast: World, march: Meeting, file: Any, said: str) -> None:
    file.seek(0)
    page = client.post(propose_url(cast.susanne, march), words(file=file)).content.decode()

    assert said in page
    assert "Wer fährt, wer haftet?" in page
    assert "Bitte wählen Sie die Datei noch einmal aus." in page
    assert (AgendaItem.objects.count(), Paper.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("<b>Bus</b>", "Bitte schreiben Sie nur Text, ohne HTML wie „&lt;b&gt;“."),
        ("x" * 10_000, "Das ist zu lang für die Tagesordnung. Bitte kürzen Sie auf 200 Zeichen."),
        ("Bus\x07", "Im Titel stehen Zeichen, die man nicht lesen kann."),
    ],
)
def test_a_refused_title_keeps_everything(client: Client, cast: World, march: Meeting, title: str, said: str) -> None:
    answer = client.post(propose_url(cast.susanne, march), words(title=title))

    page = answer.content.decode()
    assert said in page
    assert answer.context["form"]["title"].value() == title
    assert "Wer fährt, wer haftet?" in page
    assert AgendaItem.objects.count() == 0


def test_a_similar_topic_is_asked_about_once_and_the_text_is_kept(client: Client, cast: World, march: Meeting) -> None:
    there, given = earlier(march), words()
    url = propose_url(cast.susanne, march)

    page = client.post(url, given).content.decode()

    assert "<h1>Gibt es das schon?</h1>" in page
    assert "Ein ähnliches Thema: Arzttermine: Begleitung" in page
    assert 'value="Wer fährt, wer haftet?"' in page
    assert Change.objects.count() == 0
    answer = client.post(url, given | {"weiter": "neu"}, follow=True)
    assert "Danke für Ihr Thema" in answer.content.decode()
    assert AgendaItem.objects.exclude(pk=there.pk).get().relates_to is None


def test_going_on_with_a_topic_sends_the_words_as_belonging_to_it(client: Client, cast: World, march: Meeting) -> None:
    there, given = earlier(march), words()
    url = propose_url(cast.susanne, march)

    for _twice in range(2):
        answer = client.post(url, given | {"weiter": str(there.pk)}, follow=True)

    made = AgendaItem.objects.exclude(pk=there.pk).get()
    assert (made.relates_to, made.title) == (there, WORDS["title"])
    assert "Danke für Ihr Thema" in answer.content.decode()
    assert Change.objects.get().data["relates_to"] == there.pk


def test_a_topic_that_was_not_offered_cannot_be_gone_on_with(client: Client, cast: World, march: Meeting) -> None:
    earlier(march)
    other = AgendaItemFactory(
        alliance=march.alliance, meeting=march, title="Vertrauliches", state=AgendaItemState.PROPOSED
    )

    page = client.post(propose_url(cast.susanne, march), words(weiter=str(other.pk))).content.decode()

    assert "<h1>Gibt es das schon?</h1>" in page
    assert AgendaItem.objects.count() == 2


def test_a_cancelled_meeting_offers_the_next_one(client: Client, cast: World, march: Meeting) -> None:
    url = propose_url(cast.susanne, march)
    Meeting.objects.update(state=MeetingState.CANCELLED)
    june = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q2",
        start=march.start.replace(month=6),
        end=march.end.replace(month=6),
        state=MeetingState.CONFIRMED,
    )

    assert "ist abgesagt. Ihr Thema kann in eine spätere Sitzung." in client.get(url).content.decode()
    client.post(url, words())

    assert AgendaItem.objects.get().meeting == june


def test_a_cancelled_meeting_without_a_next_one_keeps_the_text(client: Client, cast: World, march: Meeting) -> None:
    url = propose_url(cast.susanne, march)
    Meeting.objects.update(state=MeetingState.CANCELLED)

    page = client.post(url, words()).content.decode()

    assert "ist abgesagt. Bitte rufen Sie uns an, dann finden wir einen Platz für Ihr Thema." in page
    assert "Wer fährt, wer haftet?" in page
    assert AgendaItem.objects.count() == 0


def test_no_item_is_taken_back_by_a_button(client: Client, cast: World, march: Meeting) -> None:
    link = links.grant(cast.susanne, purpose=LinkPurpose.PROPOSE, subject=march, until=march.end, at=march.start)
    token = links.token(link)
    client.post(reverse("meetings:no_item", args=[token]))

    page = client.get(reverse("meetings:no_item", args=[token])).content.decode()
    assert "Antwort zurücknehmen" in page
    assert client.get(reverse("meetings:item_after_all", args=[token])).status_code == 405
    client.post(reverse("meetings:item_after_all", args=[token]))

    assert "<h1>Diesmal kein Thema?</h1>" in client.get(reverse("meetings:no_item", args=[token])).content.decode()


def test_own_topic_takes_a_file_afterwards(client: Client, cast: World, march: Meeting) -> None:
    item = item_of(cast, march)

    client.post(own_url(item), words(version=1, file=files.pdf()))

    assert [paper.title for paper in item.papers.all()] == ["Leitfaden"]
    assert "<p>Leitfaden</p>" in client.get(own_url(item)).content.decode()
