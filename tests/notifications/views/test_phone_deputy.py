"""A deputy agreed on the telephone is entered by the Fachstelle, with or without an address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.enums import Office
from buendnisse.models import Change, Person
from meetings.enums import Happened
from meetings.models import Attendance, DeputyRequest, Meeting
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


def post(browser: Client, meeting: Meeting, person: Person, **said: str) -> object:
    row = Attendance.objects.get(meeting=meeting, person=person)
    data = {"person": row.pk, "answer": "declined", "comment": "", "deputy": "", "deputy_email": ""} | said
    return browser.post(f"/sitzungen/{meeting.slug}/antworten/", data, follow=True)


@pytest.mark.parametrize("email", ["greta@verein.example", ""])
def test_deputy_comes_at_once_and_it_is_known_who_entered_it(
    browser: Client, cast: World, february: Meeting, email: str
) -> None:
    post(browser, february, cast.susanne, deputy="Greta Harms", deputy_email=email, comment="Ist krank.")

    row = Attendance.objects.get(meeting=february, stands_in_for__person=cast.susanne)
    assert (row.person.full_name, row.person.email, row.stands_in_for.comment) == ("Greta Harms", email, "Ist krank.")
    change = Change.objects.get(verb=Happened.ATTENDANCE_DEPUTY_NAMED)
    assert (change.by, change.via) == (cast.imke, "phone_by_secretariat")
    assert not DeputyRequest.objects.exists()


def test_another_answer_takes_the_deputy_back(browser: Client, cast: World, february: Meeting) -> None:
    post(browser, february, cast.susanne, deputy="Greta Harms")
    post(browser, february, cast.susanne, answer="accepted")

    assert not Attendance.objects.filter(meeting=february, stands_in_for__isnull=False).exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"deputy": "Greta"}, "deputy"),
        ({"deputy": "Greta Harms", "answer": "accepted"}, "answer"),
        ({"deputy_email": "greta@verein.example"}, "deputy"),
        ({"deputy": "Greta Harms", "deputy_email": "greta@verein"}, "deputy_email"),
    ],
)
def test_incomplete_deputy_is_said_and_nothing_is_lost(
    browser: Client, cast: World, february: Meeting, said: dict[str, str], field: str
) -> None:
    response = post(browser, february, cast.susanne, **said)

    form = response.context["form"]  # type: ignore[attr-defined]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in said} == said
    assert not Attendance.objects.filter(meeting=february, stands_in_for__isnull=False).exists()
