"""Per Post oder Telefon: whom no mail reaches, and the letters."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from buendnisse import clock
from buendnisse.models import Person
from meetings.domain import answers
from tests import world
from tests.factories.buendnisse import MembershipFactory, PersonFactory
from tests.factories.meetings import MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def cast() -> World:
    """Hedwig reads no mail, Rolf's comes back, Sven has no address but sits nowhere."""
    made = world.build()
    Person.objects.filter(pk=made.hedwig.pk).update(mail_format="none", postal_address="Am Deich 3\n00000 Venn")
    Person.objects.filter(pk=made.rolf.pk).update(failed_address=made.rolf.email)
    Person.objects.filter(pk=made.sven.pk).update(email="")
    start = AT + dt.timedelta(days=40)
    meeting = MeetingFactory(
        alliance=made.gesellschaft, state="confirmed", start=start, end=start + dt.timedelta(hours=2), venue=made.venue
    )
    answers.call_roll(meeting)
    return made


def text(data: bytes) -> str:
    pages = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_list_holds_whom_no_mail_reaches(desk: Client, cast: World) -> None:
    people = desk.get("/verwaltung/post/").context["people"]

    assert [(one.person.last_name, one.comes_back, len(one.meetings)) for one in people] == [
        ("Burlage", False, 1),
        ("Eilers", True, 0),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_needs_the_same_queries_whatever_its_length(desk: Client, cast: World, number: int) -> None:
    for person in PersonFactory.create_batch(number, email=""):
        MembershipFactory(body=cast.bildung, person=person)
    with CaptureQueriesContext(connection) as queries:
        desk.get("/verwaltung/post/")

    assert len(queries) == 7


def test_letters_are_addressed_and_say_when_and_how_to_answer(desk: Client, cast: World) -> None:
    letter = text(desk.get(f"/verwaltung/personen/{cast.hedwig.pk}/brief.pdf").content)
    for said in ("Am Deich 3 00000 Venn", "Sehr geehrte Frau Burlage", "2. Januar 2027", "Telefon 00000 4100"):
        assert said in letter.replace("\N{NO-BREAK SPACE}", " ")

    both = desk.get("/verwaltung/post/briefe.pdf")
    assert both["Content-Type"] == "application/pdf"
    outline = [entry.title for entry in PdfReader(io.BytesIO(both.content)).outline if not isinstance(entry, list)]
    assert outline == ["Hedwig Burlage", "Rolf Eilers"]
