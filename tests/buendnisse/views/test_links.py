import datetime as dt

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, Change, Person
from notifications.domain.dispatching import HANDLERS
from tests.factories.buendnisse import PersonFactory

pytestmark = pytest.mark.django_db


def link_of(person: Person, purpose: LinkPurpose = LinkPurpose.SETTINGS, *, days: int = 30) -> AccessLink:
    at = clock.now()
    return links.grant(person, purpose=purpose, until=at + dt.timedelta(days=days), at=at)


@pytest.mark.parametrize("purpose", [LinkPurpose.SETTINGS, LinkPurpose.TASK])
def test_mail_that_went_astray_ends_every_link_of_its_person(client: Client, purpose: LinkPurpose) -> None:
    person = PersonFactory()
    link, other = link_of(person, purpose), link_of(person, LinkPurpose.UNSUBSCRIBE)
    address = f"/seite/{links.token(link)}/nicht-fuer-mich/"

    assert client.get(address).status_code == 200
    assert not Change.objects.exists()
    assert client.post(address).status_code == 200
    assert client.get(address).status_code == 410
    assert client.get(f"/abbestellen/{links.token(other)}/").status_code == 410
    assert Change.objects.get().verb == "person.mail_went_astray"


def test_expired_link_names_the_address_masked_and_offers_a_new_one(client: Client) -> None:
    person = PersonFactory(email="hedwig@besuchsdienst.example")
    link = link_of(person, days=-1)

    page = client.get(f"/einstellungen/{links.token(link)}/")

    assert page.status_code == 410
    assert "h…@besuchsdienst.example" in page.content.decode()
    assert "hedwig@" not in page.content.decode()
    assert client.post("/neuer-link/", {"link": page.context["signed"]}).status_code == 200
    assert Change.objects.get().verb == "link.requested"


def test_wrong_link_says_nothing_of_anybody(client: Client) -> None:
    page = client.get("/einstellungen/ae-falsch/")

    assert page.status_code == 410
    assert "@" not in page.content.decode()


def test_asking_for_a_link_nobody_had_answers_alike_and_does_nothing(client: Client) -> None:
    page = client.post("/neuer-link/", {"link": "erfunden"})

    assert page.status_code == 200
    assert not Change.objects.exists()


def test_personal_page_is_neither_cached_nor_indexed(client: Client) -> None:
    page = client.get(f"/einstellungen/{links.token(link_of(PersonFactory()))}/")

    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]


def test_one_click_ends_the_letter_without_a_cookie() -> None:
    person = PersonFactory()
    client = Client(enforce_csrf_checks=True)
    address = f"/abbestellen/{links.token(link_of(person, LinkPurpose.UNSUBSCRIBE))}/"

    assert client.get(address).status_code == 200
    assert Person.objects.get(pk=person.pk).digest == "weekly"
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Person.objects.get(pk=person.pk).digest == "never"
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Change.objects.count() == 1


def test_a_new_link_of_a_double_goes_to_the_person_it_is_really(client: Client) -> None:
    person = PersonFactory(email="hedwig@besuchsdienst.example")
    double = PersonFactory(email="alt@verein.example", merged_into=person)
    page = client.get(f"/einstellungen/{links.token(link_of(double, days=-1))}/")
    assert "h…@besuchsdienst.example" in page.content.decode()

    client.post("/neuer-link/", {"link": page.context["signed"]})
    change = Change.objects.get()
    assert change.by == person
    assert [draft.person for draft in HANDLERS["link.requested"](change, clock.now())] == [person]
