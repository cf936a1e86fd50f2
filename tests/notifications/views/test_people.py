"""People as the Fachstelle keeps them: finding, a new member, a page each, ends, and two who edit at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buendnisse import clock
from buendnisse.enums import Role
from buendnisse.models import Change, Membership, Organisation, Person
from meetings.domain import joining, merging
from meetings.domain.joining import Seat
from meetings.models import Attendance
from notifications.domain import dispatch, ring, taking_in, valve
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.factories.buendnisse import MembershipFactory, PersonFactory
from tests.notifications.stories.scenes import invited
from tests.world import AT, World

pytestmark = pytest.mark.django_db

NEW: dict[str, Any] = {
    "key": "00000000-0000-4000-8000-000000000001",
    "salutation": "herr",
    "first_name": "Kai",
    "last_name": "Ahlers",
    "email": "ahlers@verein.example",
    "phone": "",
    "organisation": "",
    "new_organisation": "Sportverein Venn",
    "new_kind": "verein",
    "role": "member",
    "since": "2026-12-01",
    "welcome": "on",
}


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def cast() -> World:
    return world.build()


def names(desk: Client, query: str) -> list[str]:
    return [one.last_name for one in desk.get(f"/verwaltung/personen/{query}").context["page"]]


def test_filters_find_whom_they_say(desk: Client, cast: World) -> None:
    Person.objects.filter(pk=cast.sven.pk).update(email="")
    Person.objects.filter(pk=cast.rolf.pk).update(failed_address=cast.rolf.email)
    Membership.objects.filter(person=cast.hedwig).update(until=dt.date(2026, 6, 30))

    assert names(desk, "?gremium=arbeit&rolle=chair") == ["Hanneken"]
    assert names(desk, "?stand=ohne-mail") == ["Fremd"]
    assert names(desk, "?stand=zurueck") == ["Eilers"]
    assert names(desk, "?stand=beendet&gremium=gesellschaft") == ["Burlage"]
    assert names(desk, "?q=burlage") == []
    assert names(desk, "?q=burlage&stand=alle") == ["Burlage"]
    nobody = desk.get("/verwaltung/personen/?q=Niemand").content.decode()
    assert [nobody.count(said) for said in ("Niemand gefunden", 'href="?stand=alle">Alle zeigen')] == [1, 1]


@pytest.mark.parametrize("people", [1, 60])
def test_the_list_and_a_page_need_the_same_queries_whatever_the_number(desk: Client, cast: World, people: int) -> None:
    for person in PersonFactory.create_batch(people):
        MembershipFactory(body=cast.bildung, person=person)
    asked = []
    for path in ("/verwaltung/personen/?stand=alle&q=Muster", f"/verwaltung/personen/{cast.susanne.pk}/"):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(path).status_code == 200
        asked.append(len(queries))

    assert asked == [7, 23]


def test_a_new_member_in_one_step(desk: Client, cast: World) -> None:
    answer = desk.post("/verwaltung/personen/neu/", {**NEW, "bodies": [cast.arbeit.pk, cast.bildung.pk]})

    person = Person.objects.get(last_name="Ahlers")
    assert answer["Location"] == f"/verwaltung/personen/{person.pk}/"
    assert person.organisation == Organisation.objects.get(name="Sportverein Venn")
    rows = person.memberships.order_by("body__slug").values_list("body__slug", "role", "since", "is_voting")
    day = dt.date(2026, 12, 1)
    assert list(rows) == [("arbeit", "member", day, True), ("bildung", "member", day, True)]
    assert Change.objects.get(verb="person.welcomed").subject_id == person.pk


def test_a_body_leads_to_a_new_member_of_its_own(desk: Client, cast: World) -> None:
    there = "/verwaltung/personen/neu/?gremium=arbeit"
    for page in ("/verwaltung/gremien/arbeit/", "/buendnisse/arbeit/"):
        assert f'href="{there}"' in desk.get(page).content.decode()
    assert desk.get(there).context["form"]["bodies"].value() == [cast.arbeit.pk]
    assert list(desk.get("/verwaltung/personen/neu/?gremium=keins").context["form"]["bodies"].value()) == []


def test_somebody_known_is_found_and_not_entered_twice(desk: Client, cast: World) -> None:
    typed = {**NEW, "first_name": "Svenn", "last_name": "Fremd", "new_organisation": "", "new_kind": ""}
    typed |= {"organisation": cast.sven.organisation_id, "bodies": [cast.arbeit.pk]}
    number = Person.objects.count()

    form = desk.post("/verwaltung/personen/neu/", typed).context["form"]
    assert [value for value, _label in form.fields["known"].choices] == [str(cast.sven.pk), "neu"]
    desk.post("/verwaltung/personen/neu/", {**typed, "known": cast.sven.pk})

    assert Person.objects.count() == number
    assert cast.sven.memberships.get().body.slug == "arbeit"
    assert desk.post("/verwaltung/personen/neu/", {**typed, "known": cast.sven.pk}).status_code == 302
    other = {**typed, "known": cast.sven.pk, "role": "guest"}
    again = desk.post("/verwaltung/personen/neu/", other).context["form"]
    assert "Sven Fremd gehört schon zu" in str(again.non_field_errors())


def test_a_double_tap_on_a_new_member_is_one_person_with_one_seat(desk: Client, cast: World) -> None:
    typed = {**NEW, "bodies": [cast.arbeit.pk, cast.bildung.pk]}
    for _tap in range(2):
        answer = desk.post("/verwaltung/personen/neu/", typed)
        assert answer.status_code == 302

    person = Person.objects.get(last_name="Ahlers")
    assert person.memberships.count() == 2
    assert Change.objects.filter(verb="person.welcomed").count() == 1


def test_stale_facts_are_refused_with_both_texts(desk: Client, cast: World) -> None:
    path = f"/verwaltung/personen/{cast.susanne.pk}/bearbeiten/"
    typed = {**desk.get(path).context["form"].initial, "organisation": cast.susanne.organisation_id}
    typed = {name: said or "" for name, said in typed.items()}
    assert desk.post(path, {**typed, "phone": "00000 1"}).status_code == 302

    stale = desk.post(path, {**typed, "phone": "00000 2"})
    assert (stale.status_code, stale.context["differing"]) == (409, [("Telefon", "00000 2", "00000 1")])
    assert desk.post(path, stale.context["form"].data).status_code == 302
    cast.susanne.refresh_from_db()
    assert cast.susanne.phone == "00000 2"


def test_nobody_has_left_while_they_sit_somewhere(desk: Client, cast: World) -> None:
    path = f"/verwaltung/personen/{cast.susanne.pk}/bearbeiten/"
    typed = {**desk.get(path).context["form"].initial, "organisation": cast.susanne.organisation_id}
    typed = {name: said or "" for name, said in typed.items()} | {"active_until": "2026-12-31"}

    (refused,) = desk.post(path, typed).context["form"].non_field_errors()
    bodies = "Arbeitsbündnis Bildung und Arbeitsbündnis Arbeit"
    assert refused == f"Susanne Overhage gehört noch zu {bodies}. Bitte regeln Sie erst die Nachfolge."
    cast.susanne.memberships.update(until=dt.date(2026, 12, 31))
    assert desk.post(path, typed).status_code == 302


def test_a_seat_ends_with_a_day_and_not_before_it_began(desk: Client, cast: World) -> None:
    row = cast.susanne.memberships.get(body=cast.arbeit)
    path = f"/verwaltung/mitgliedschaften/{row.pk}/"

    refused = desk.post(path, {"version": 1, "until": "2024-12-31"})
    assert "liegt vor dem ersten" in str(refused.context["form"].errors["until"])
    assert desk.post(path, {"version": 1, "until": "2026-12-31"}).status_code == 302
    assert desk.post(path, {"version": 1, "until": "2026-11-30"}).status_code == 409
    assert desk.post(path, {"version": 1, "until": "0026-12-31"}).status_code == 200
    row.refresh_from_db()
    assert row.until == dt.date(2026, 12, 31)


def test_a_further_address_comes_and_goes(desk: Client, cast: World) -> None:
    path = f"/verwaltung/personen/{cast.birgit.pk}/adresse/"
    said = {"address": "Vorzimmer@Jobcenter.example", "label": "Vorzimmer", "gets_copy": "on"}

    own = desk.post(path, {**said, "address": cast.birgit.email}).context["address_form"]
    assert own.errors["address"] == ["An diese Adresse schreiben wir schon."]
    for _tap in range(2):
        desk.post(path, said)
    row = cast.birgit.further_addresses.get()
    assert (row.label, row.gets_copy) == ("Vorzimmer", True)
    desk.post(f"/verwaltung/adressen/{row.pk}/entfernen/")
    assert not cast.birgit.further_addresses.exists()


def test_succession_by_the_page_looks_ahead_and_then_happens(desk: Client, cast: World) -> None:
    path = f"/verwaltung/personen/{cast.susanne.pk}/nachfolge/"
    form = desk.get(path).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    typed |= {"last_day": "2026-12-31", "first_name": "Kai", "last_name": "Ahlers", "email": "a@b.example"}
    number = Person.objects.count()

    ahead = desk.post(path, {**typed, "schritt": "vorschau"})
    assert [mail.name for mail in ahead.context["outlook"].mails] == ["Susanne Overhage", "Kai Ahlers"]
    assert Person.objects.count() == number
    hidden: dict[str, list[str]] = {}
    for name, value in ahead.context["form"].hidden():
        hidden.setdefault(name, []).append(value)
    desk.post(path, {**hidden, "schritt": "regeln"})
    assert Person.objects.get(last_name="Ahlers").memberships.count() == 2

    kai = Person.objects.get(last_name="Ahlers")
    left, came = f"/verwaltung/personen/{cast.susanne.pk}/", f"/verwaltung/personen/{kai.pk}/"
    before, after = (desk.get(one).content.decode() for one in (left, came))
    assert before.count(f'Danach: <a href="{came}">Kai Ahlers</a>') == 2
    assert before.count("<dt>Scheidet aus</dt>") == 1
    assert after.count(f'<a href="{left}">Susanne Overhage</a> (') == 2

    desk.post(f"{path}zurueck/")
    assert Person.objects.get(last_name="Ahlers").memberships.count() == 0
    assert cast.susanne.memberships.filter(until=None).count() == 2


@pytest.mark.parametrize(
    ("letters", "is_paused", "said"),
    [
        ("", False, "Es geht keine Mail hinaus."),
        ("on", False, "Die Mails gehen in einer Minute hinaus."),
        ("on", True, "Der Versand ist angehalten. Die Mails warten so lange."),
    ],
)
def test_a_succession_says_what_becomes_of_its_mails(
    desk: Client, cast: World, letters: str, is_paused: bool, said: str
) -> None:
    if is_paused:
        valve.pause(by=cast.imke, at=AT)
    path = f"/verwaltung/personen/{cast.susanne.pk}/nachfolge/"
    form = desk.get(path).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    typed |= {"last_day": "2026-12-31", "letters": letters, "schritt": "regeln"}

    answer = desk.post(path, typed)
    assert [str(one) for one in get_messages(answer.wsgi_request)] == [f"Die Nachfolge ist geregelt. {said}"]
    assert not OutboxMessage.objects.exists()


def test_every_page_of_a_double_is_the_persons_and_no_button_of_it_works(desk: Client, cast: World) -> None:
    double = PersonFactory(organisation=cast.sven.organisation)
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)
    changes = Change.objects.count()
    pages = ("", "bearbeiten/", "nachfolge/", "zusammenfuehren/", "brief.pdf")
    acts = ("gremium/", "adresse/", "nachfolge/zurueck/", "links/beenden/", "trennen/", "bearbeiten/", "nachfolge/")

    for page in pages:
        there = desk.get(f"/verwaltung/personen/{double.pk}/{page}")["Location"]
        assert there == f"/verwaltung/personen/{cast.susanne.pk}/{page}"
    for act in acts:
        answer = desk.post(f"/verwaltung/personen/{double.pk}/{act}", {})
        assert answer["Location"] == f"/verwaltung/personen/{cast.susanne.pk}/"
    assert {str(one) for one in get_messages(answer.wsgi_request)} == {
        f"Dieser Eintrag ist inzwischen mit {cast.susanne.full_name} zusammengeführt. Bitte sehen Sie dort nach."
    }
    assert Change.objects.count() == changes


def test_parted_by_the_page_and_a_second_tap_parts_nobody_else(desk: Client, cast: World) -> None:
    first, second = PersonFactory.create_batch(2, organisation=cast.sven.organisation)
    for one in (first, second):
        merging.merge(one, into=cast.susanne, by=cast.imke, at=AT)
    path = f"/verwaltung/personen/{cast.susanne.pk}/"
    assert f'name="double" value="{second.pk}"' in desk.get(path).content.decode()

    for _tap in range(2):
        desk.post(f"{path}trennen/", {"double": second.pk})
    assert set(cast.susanne.doubles.all()) == {first}


def test_the_fachstelle_ends_links_and_it_stands_in_the_journal(desk: Client, cast: World) -> None:
    desk.post(f"/verwaltung/personen/{cast.susanne.pk}/links/beenden/")
    change = Change.objects.of(cast.susanne).get()
    assert (change.verb, change.by) == ("person.links_ended", cast.imke)


def test_a_new_member_is_taken_back_until_the_mail_leaves(desk: Client, cast: World) -> None:
    meeting = invited(cast)
    asked = set(Attendance.objects.filter(is_asked=True).values_list("person", flat=True))
    desk.post("/verwaltung/personen/neu/", {**NEW, "bodies": [cast.arbeit.pk, cast.bildung.pk]})
    person = Person.objects.get(last_name="Ahlers")
    path = f"/verwaltung/personen/{person.pk}/"
    assert "Aufnahme zurücknehmen" in desk.get(path).content.decode()
    assert person.pk in set(meeting.attendance.filter(is_asked=True).values_list("person", flat=True))
    dispatch.fan_out(at=AT)

    there = desk.post(f"{path}aufnahme/zurueck/", follow=True).content.decode()
    assert "Die Aufnahme ist zurückgenommen. Es geht keine Mail hinaus. Kai Ahlers bleibt eingetragen." in there
    assert "Aufnahme zurücknehmen" not in there
    assert not person.memberships.exists()
    assert set(Attendance.objects.filter(is_asked=True).values_list("person", flat=True)) == asked
    ring.ring(at=AT + dt.timedelta(minutes=5))
    assert not OutboxMessage.objects.filter(person=person, state=OutboxState.SENT).exists()
    again = desk.post(f"{path}aufnahme/zurueck/", follow=True).content.decode()
    assert "gerade keine Aufnahme" in again


@pytest.mark.parametrize(
    "case", ["a mail has left", "a mail may have arrived", "a day is over", "somebody changed the seat"]
)
def test_later_it_is_refused_and_nothing_changes(desk: Client, cast: World, relay: Any, case: str) -> None:
    desk.post("/verwaltung/personen/neu/", {**NEW, "bodies": [cast.arbeit.pk], "welcome": "on"})
    person, at = Person.objects.get(last_name="Ahlers"), AT + dt.timedelta(minutes=5)
    if case == "a mail has left":
        ring.ring(at=at)
    elif case == "a mail may have arrived":
        dispatch.fan_out(at=AT)
        OutboxMessage.objects.filter(person=person).update(may_have_arrived=True)
    elif case == "a day is over":
        at = AT + joining.TAKEN_BACK_WITHIN
    else:
        joining.leave(
            person.memberships.get(), until=dt.date(2027, 6, 30), version=1, farewell=False, by=cast.imke, at=at
        )

    with clock.frozen(at), pytest.raises(joining.JoinRefused):
        taking_in.take_back(person, by=cast.imke, at=at)
    assert person.memberships.exists()


@pytest.mark.usefixtures("relay")
def test_who_joins_twice_in_a_row_is_welcomed_to_both(cast: World) -> None:
    joiner = PersonFactory(organisation=cast.sven.organisation)
    for body in (cast.arbeit, cast.bildung):
        joining.join(
            joiner,
            seats=[Seat(body, Role.GUEST)],
            organisation=joiner.organisation,
            since=AT.date(),
            welcome=True,
            by=cast.imke,
            at=AT,
        )
        dispatch.fan_out(at=AT)

    ring.ring(at=AT + dt.timedelta(minutes=5))
    rows = OutboxMessage.objects.filter(person=joiner, kind=MailKind.WELCOME).values_list("state", flat=True)
    assert list(rows) == [OutboxState.SENT, OutboxState.SENT]
