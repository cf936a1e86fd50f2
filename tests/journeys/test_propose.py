"""A member proposes from a phone of 320 pixels without script: a refused file, an earlier topic, no topic after all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.urls import reverse

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Installation
from meetings.enums import AgendaItemState, MeetingState
from meetings.models import AgendaItem, Meeting
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, keep_picture
from tests.support.files import PDF


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> Iterator[world.World]:
    found = world.build()
    Installation.objects.update(is_demo=True, clock_shift_seconds=clock.shift_to(world.AT))
    clock.forget_shift()
    yield found
    clock.forget_shift()


@pytest.fixture
def march(cast: world.World) -> Meeting:
    return MeetingFactory(
        slug="2027-q1-arbeit",
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CALL_OPEN,
    )


def test_a_topic_with_a_file_goes_on_with_an_earlier_one(
    browser_page: OpenPage, cast: world.World, march: Meeting
) -> None:
    there = AgendaItemFactory(
        alliance=cast.arbeit, meeting=march, title="Elternlotsinnen an Schulen", state=AgendaItemState.ACCEPTED
    )
    link = links.grant(cast.susanne, purpose=LinkPurpose.PROPOSE, subject=march, until=march.end, at=world.AT)
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(reverse("meetings:propose", args=[links.token(link)]))
    phone.get_by_label("Ihr Thema in einem Satz").fill("Elternlotsen in Schulen")
    phone.get_by_label("Worum geht es?").fill("Wer bildet sie aus?")
    broken = {"name": "Leitfaden.pdf", "mimeType": "application/pdf", "buffer": b"MZ"}
    phone.get_by_label("Eine Datei dazu").set_input_files(files=[broken])
    phone.get_by_role("button", name="Thema senden").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "Gibt es das schon?"
    assert_accessible(phone)
    keep_picture(phone, "thema-aehnlich")
    phone.get_by_label("Eine Datei dazu").set_input_files(files=[broken])
    phone.get_by_role("button", name="Dazu schreiben").click()
    assert phone.get_by_label("Worum geht es?").input_value() == "Wer bildet sie aus?"
    assert_accessible(phone)
    keep_picture(phone, "thema-datei-fehler")
    phone.get_by_label("Eine Datei dazu").set_input_files(files=[broken | {"buffer": PDF}])
    phone.get_by_role("button", name="Thema senden").click()
    phone.get_by_label("Eine Datei dazu").set_input_files(files=[broken | {"buffer": PDF}])
    phone.get_by_role("button", name="Dazu schreiben").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "Danke für Ihr Thema"
    made = AgendaItem.objects.get(title="Elternlotsen in Schulen")
    assert (made.relates_to, made.papers.count()) == (there, 1)
    phone.get_by_role("link", name="Thema ansehen und ändern").click()
    assert_accessible(phone)
    keep_picture(phone, "thema-eigenes")


def test_no_topic_is_an_answer_that_can_be_taken_back(
    browser_page: OpenPage, cast: world.World, march: Meeting
) -> None:
    link = links.grant(cast.susanne, purpose=LinkPurpose.PROPOSE, subject=march, until=march.end, at=world.AT)
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(reverse("meetings:no_item", args=[links.token(link)]))
    phone.get_by_role("button", name="Diesmal kein Thema").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "Danke für Ihre Antwort"
    assert_accessible(phone)
    keep_picture(phone, "kein-thema-danke")
    phone.get_by_role("button", name="Antwort zurücknehmen").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "Ihr Thema für den 11.\N{NO-BREAK SPACE}März"
