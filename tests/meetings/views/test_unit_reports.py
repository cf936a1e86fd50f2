"""The report of a unit, by link and by telephone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import Person
from meetings.domain import unit_reports
from meetings.models import Meeting, UnitReport
from tests.factories.buendnisse import MembershipFactory, OrganisationFactory, PersonFactory, UnitFactory
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def nadia(cast: World) -> Person:
    unit = OrganisationFactory(slug="netwin", name="Arbeitsmarktprojekt Netwin", short_name="Netwin")
    UnitFactory(organisation=unit)
    found: Person = PersonFactory(organisation=unit, last_name="Haddad", phone="00000 4711")
    MembershipFactory(body=cast.arbeit, person=found)
    return found


def page(person: Person, meeting: Meeting) -> str:
    link = links.grant(person, purpose=LinkPurpose.UNIT_REPORT, subject=meeting, until=meeting.end, at=AT)
    return reverse("meetings:unit_report", args=[links.token(link)])


def send(client: Client, address: str, text: str = "41 Vermittlungen.", **given: Any) -> Any:
    return client.post(address, {"text": text, "version": 0, "do": "send"} | given)


def test_unit_writes_reads_what_counts_and_changes_it(client: Client, march: Meeting, nadia: Person) -> None:
    address = page(nadia, march)
    done = send(client, address)
    thanks = client.get(done["Location"]).content.decode()
    again = send(client, address, "43 Vermittlungen.", version=1)

    assert (done.status_code, again.status_code) == (302, 302)
    assert "41 Vermittlungen." in thanks
    report = UnitReport.objects.get()
    assert (report.text, report.author, report.via, report.version) == ("43 Vermittlungen.", nadia, Via.LINK, 2)


def test_looking_changes_nothing(client: Client, march: Meeting, nadia: Person) -> None:
    html = client.get(page(nadia, march)).content.decode()

    assert ("Ihr kurzer Bericht für die Sitzung am 11." in html, UnitReport.objects.count()) == (True, 0)


def test_nothing_to_report_is_kept_as_an_answer(client: Client, march: Meeting, nadia: Person) -> None:
    send(client, page(nadia, march), "", do="nothing")

    assert UnitReport.objects.get().text == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": ""}, "Bitte schreiben Sie ein paar Sätze"),
        ({"text": "Doch etwas.", "do": "nothing"}, "Sie haben etwas geschrieben."),
        ({"text": "x" * 1501}, "Bitte kürzen Sie auf 1500 Zeichen. Jetzt sind es 1501."),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(
    client: Client, march: Meeting, nadia: Person, given: dict[str, str], said: str
) -> None:
    response = send(client, page(nadia, march), **given)

    html = response.content.decode()
    assert (response.status_code, said in html, given["text"] in html) == (200, True, True)
    assert UnitReport.objects.count() == 0


def test_two_at_once_see_both_texts(client: Client, cast: World, march: Meeting, nadia: Person) -> None:
    unit_reports.write(march, nadia.organisation, text="Am Telefon: 44.", version=0, by=cast.imke, at=AT, via=Via.PHONE)

    response = send(client, page(nadia, march), "Geschrieben: 41.")
    html = response.content.decode()
    again = send(client, page(nadia, march), "Geschrieben: 41.", version=1)

    assert (response.status_code, "Am Telefon: 44." in html, "Geschrieben: 41." in html) == (409, True, True)
    assert (again.status_code, UnitReport.objects.get().text) == (302, "Geschrieben: 41.")


def test_who_left_the_unit_is_told_so(client: Client, cast: World, march: Meeting) -> None:
    response = client.get(page(cast.susanne, march))

    assert (response.status_code, "bei keiner Stelle" in response.content.decode()) == (200, True)


def test_fachstelle_sees_who_is_missing_and_enters_what_was_said(
    desk: Client, cast: World, march: Meeting, nadia: Person
) -> None:
    index = reverse("meetings:unit_reports", args=[march.slug])
    before = desk.get(index).content.decode()
    board = desk.get(reverse("meetings:agenda", args=[march.slug])).content.decode()
    done = send(desk, f"{index}netwin/")
    after = desk.get(index).content.decode()

    assert ("Es fehlt noch 1 von 1 Antworten." in before, "Telefon 00000 4711" in before) == (True, True)
    assert "Noch kein Bericht: Netwin." not in board  # the frame comes with the first topic
    assert (done["Location"], "Alle haben geantwortet." in after) == (index, True)
    report = UnitReport.objects.get()
    assert (report.via, report.author) == (Via.PHONE, cast.imke)


@pytest.mark.parametrize("size", [1, 3])
def test_page_costs_the_same_whatever_the_number_of_units(
    desk: Client, march: Meeting, nadia: Person, size: int, django_assert_num_queries: Any
) -> None:
    for number in range(size - 1):
        unit = OrganisationFactory(short_name=f"Projekt {number}")
        UnitFactory(organisation=unit)
        MembershipFactory(body=march.alliance, person=PersonFactory(organisation=unit))

    with django_assert_num_queries(7):
        html = desk.get(reverse("meetings:unit_reports", args=[march.slug])).content.decode()

    assert html.count("Noch kein Bericht.") == size
