"""Who is who in the demo: alliances, units, organisations, people."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from buendnisse.config.demo.stage import TODAY
from buendnisse.enums import MailFormat, NamesRule
from buendnisse.models import (
    Alliance,
    Body,
    Contact,
    DemoRole,
    Installation,
    Person,
    SharedMailbox,
    StandingItem,
    Unit,
)
from tests.config.demo.contents import FILES

pytestmark = pytest.mark.django_db


def test_people_are_those_of_the_file_and_two_one_off_deputies() -> None:
    told = {person["id"] for person in FILES["people"]["people"]}

    assert set(Person.objects.values_list("handle", flat=True)) - told == {"p-benali", "p-hoelscher"}
    assert Person.objects.count() == len(told) + 2


def test_greetings_are_the_ones_of_the_file() -> None:
    assert {person.handle: person.greeting for person in Person.objects.filter(memberships__isnull=False)} == {
        person["id"]: person["greeting"]
        for person in FILES["people"]["people"]
        if any(row["person"] == person["id"] for row in FILES["people"]["memberships"])
    }


def test_rules_arrive_at_each_alliance() -> None:
    for alliance in Alliance.objects.all():
        assert (alliance.call_days, alliance.reminder_days, alliance.editorial_days) == (56, 28, 21)
        assert (alliance.quiet_from, alliance.quiet_until) == ("12-23", "01-06")
        assert alliance.names_rule == NamesRule.REPORTERS
        assert alliance.managing_organisation is not None
        assert alliance.managing_organisation.short_name == "Fachstelle"


def test_usual_time_and_weekday_of_an_alliance() -> None:
    arbeit = Alliance.objects.get(slug="arbeit")

    assert (arbeit.usual_weekday, arbeit.usual_start, arbeit.usual_end) == (3, dt.time(10), dt.time(12))


def test_alliances_relay_to_one_another_to_units_and_outside() -> None:
    arbeit = Alliance.objects.get(slug="arbeit")

    assert Counter(arbeit.may_relay_to.values_list("kind", flat=True)) == {"alliance": 2, "unit": 5, "external": 3}


def test_two_units_have_ended_and_their_tasks_went_on() -> None:
    ended = Unit.objects.exclude(pk__in=Body.objects.valid_on(TODAY))

    assert {unit.slug: unit.successor and unit.successor.slug for unit in ended} == {
        "kita-einstieg": "jugend",
        "giebel": "sprachkoordination",
    }
    assert set(ended.get(slug="giebel").handovers.values_list("organisation__slug", flat=True)) == {
        "sprachkoordination",
        "jmd",
    }


def test_every_alliance_has_its_four_standing_items() -> None:
    assert list(
        StandingItem.objects.filter(alliance__slug="arbeit")
        .order_by("position")
        .values_list("code", "kind", "duration_minutes")
    ) == [
        ("opening", "formal", 5),
        ("relays", "information", 10),
        ("units", "information", 5),
        ("closing", "formal", 10),
    ]
    assert StandingItem.objects.count() == 12
    assert set(StandingItem.objects.filter(code="opening").values_list("title", flat=True)) == {
        "Begrüßung, Beschlussfähigkeit, Tagesordnung und Protokoll der letzten Sitzung"
    }


def test_couple_shares_one_mailbox() -> None:
    mailbox = SharedMailbox.objects.get(address="info@ankommen-venn.example")

    assert set(mailbox.people.values_list("first_name", flat=True)) == {"Marianne", "Hinrich"}
    assert Person.objects.filter(email=mailbox.address).count() == 2


def test_person_without_address_is_reached_by_post() -> None:
    toebben = Person.objects.get(handle="p-toebben")

    assert (toebben.email, toebben.mail_format, toebben.gets_mail) == ("", MailFormat.NONE, False)
    assert (toebben.phone, toebben.postal_address) == ("00000 3117", "Am Brink 4, 00000 Venndorf")


def test_those_with_an_account_may_sign_in() -> None:
    told = {person["id"] for person in FILES["people"]["people"] if person["has_account"]}

    assert set(Person.objects.filter(may_sign_in=True).values_list("handle", flat=True)) == told


def test_visitors_may_be_those_of_the_file_and_two_more() -> None:
    told = [(role["code"], role["person"], role["label"]) for role in FILES["people"]["demo_roles"]]

    found = list(DemoRole.objects.order_by("position").values_list("code", "person__handle", "label"))

    assert found[: len(told)] == told
    assert [(code, person) for code, person, _label in found[len(told) :]] == [
        ("member", "p-overhage"),
        ("guest", "p-lahme"),
    ]


def test_contact_for_the_whole_district_has_no_area() -> None:
    told = [contact for contact in FILES["people"]["contacts"] if contact["area"] == "Haseland gesamt"]

    assert Contact.objects.filter(area__isnull=True).count() == len(told)


def test_installation_is_a_demo_of_the_invented_district() -> None:
    installation = Installation.objects.get()

    assert (installation.is_demo, installation.district) == (True, "Landkreis Haseland")
    assert installation.writer == Person.objects.get(handle="p-reiter")
