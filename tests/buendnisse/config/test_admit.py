from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from buendnisse.enums import Office
from buendnisse.models import Change, Installation, Person
from tests.factories.buendnisse import PersonFactory

pytestmark = pytest.mark.django_db


def admit(*args: str) -> str:
    out = StringIO()
    call_command("admit", *args, stdout=out)
    return out.getvalue()


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_first_person_is_entered_and_signs_in_by_the_link(client: Client) -> None:
    row = json.loads(admit("imke.albers@kreis.example", "--json"))
    person = Person.objects.get()

    assert (person.full_name, person.office, person.may_sign_in) == ("Imke Albers", Office.FACHSTELLE, True)
    assert person.organisation.slug == "fachstelle"
    assert Installation.objects.get().writer == person
    assert [change.verb for change in Change.objects.all()] == ["person.admitted"]
    assert (row["person"], row["new"]) == (person.pk, True)
    assert client.post(path_of(row["url"])).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_known_person_is_turned_and_the_earlier_link_stops_working(client: Client) -> None:
    person = PersonFactory(email="Imke@kreis.example")
    first = json.loads(admit("imke@kreis.example", "--json"))
    second = json.loads(admit("imke@kreis.example", "--json"))

    assert Person.objects.get() == person
    assert (first["new"], second["person"]) == (False, person.pk)
    assert client.post(path_of(first["url"])).status_code == 410
    assert client.post(path_of(second["url"])).status_code == 302


def test_words_for_people_hold_the_link() -> None:
    lines = admit("imke@kreis.example", "--first-name", "Imke", "--last-name", "Albers").splitlines()

    assert lines[0] == "Imke Albers gehört zur Fachstelle und kann sich anmelden."
    assert "/anmelden/einmal/" in lines[2]


def test_shared_address_is_refused() -> None:
    PersonFactory(email="paar@verein.example")
    PersonFactory(email="paar@verein.example")

    with pytest.raises(CommandError, match="lesen mehrere Personen"):
        admit("paar@verein.example")
    assert Person.objects.filter(may_sign_in=True).count() == 0


def test_nonsense_is_refused() -> None:
    with pytest.raises(CommandError, match="ist keine E-Mail-Adresse"):
        admit("imke")
