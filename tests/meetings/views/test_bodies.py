"""A fourth body is set up in the browser and meets next month; units have a page that members read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from buendnisse.domain import units
from buendnisse.enums import Role
from buendnisse.models import Alliance, Body, Contact, Membership, Organisation, Person, Topic, Unit
from meetings.domain import relay_ways, whom_to_ask
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting, UnitReport
from tests.factories.buendnisse import UnitFactory
from tests.factories.meetings import (
    ActionItemFactory,
    AgendaItemFactory,
    DecisionFactory,
    MeetingFactory,
    RelayFactory,
)
from tests.meetings import district
from tests.support.clients import signed_in
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def cast() -> World:
    return district.build()


def typed(client: Client, page: str, **changed: Any) -> dict[str, Any]:
    form = client.get(page).context["form"]
    said = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (said | changed).items() if value not in (None, False)}


def test_fourth_body_is_set_up_and_invites_for_next_month(desk: Client, cast: World) -> None:
    new = typed(
        desk,
        "/verwaltung/gremien/neu/gremium/",
        name="Steuerungsgruppe Integration",
        short_name="Steuerungsgruppe",
        prefix="sg",
        mandate="Lenken, was alle angeht",
    )
    page = "/verwaltung/gremien/steuerungsgruppe/"
    assert desk.post("/verwaltung/gremien/neu/gremium/", new)["Location"] == page
    assert desk.post("/verwaltung/gremien/neu/gremium/", new)["Location"] == page  # a second tap
    group = Alliance.objects.get(slug="steuerungsgruppe")
    rule = {"nth": 2, "weekday": 0, "month": 3, "start": "10:00", "end": "12:00", "venue": cast.venue.pk}
    assert desk.post("/planung/regeln/steuerungsgruppe/", rule | {"version": 1, "do": "save"}).status_code == 302
    periods = typed(desk, "/planung/regeln/steuerungsgruppe/fristen/", invitation_days=10, minimum_notice_days=7)
    assert desk.post("/planung/regeln/steuerungsgruppe/fristen/", periods).status_code == 302
    ways = {"targets": [cast.bildung.pk], "seen": ""}
    assert desk.post("/planung/wege/steuerungsgruppe/", ways).status_code == 302
    assert desk.post("/planung/wege/steuerungsgruppe/bekommt/", ways).status_code == 302
    for person, role in ((cast.birgit, Role.CHAIR), (cast.hedwig, Role.MEMBER)):
        Membership.objects.create(
            body=group, person=person, organisation=person.organisation, role=role, since=AT.date()
        )

    planned = typed(desk, "/sitzungen/neu/?buendnis=steuerungsgruppe", date="2026-12-14", mode="on_site")
    looked = desk.post("/sitzungen/neu/", planned | {"do": "fix"})
    if looked.status_code == 200:
        desk.post(
            "/sitzungen/neu/",
            planned | {"do": "fix", "seen": looked.context["form"]["seen"].value(), "conflict_reason": "Es eilt."},
        )

    meeting = Meeting.objects.get(alliance=group)
    assert (meeting.state, meeting.venue) == (MeetingState.CONFIRMED, cast.venue)
    assert set(Attendance.objects.filter(meeting=meeting).values_list("person__handle", flat=True)) == {
        "birgit",
        "hedwig",
    }
    assert relay_ways.sources_of(group) == relay_ways.targets_of(group) == [cast.bildung.pk]
    facts = dict(desk.get(page).context["sheet"].facts)
    assert (facts["Mitglieder"], facts["Feste Punkte"], facts["Bekommt von"]) == ("2", "3", "Bildung")
    shown = desk.get("/buendnisse/steuerungsgruppe/").content.decode()
    assert "Lenken, was alle angeht" in shown


def test_body_outside_has_its_dates_and_its_way_and_no_rules(desk: Client, cast: World) -> None:
    new = typed(
        desk,
        "/verwaltung/gremien/neu/aussen/",
        name="Kreistag – Sozialausschuss",
        short_name="Sozialausschuss",
        usual_dates="montags",
        asked_by="Vorlage, drei Wochen vorher",
    )
    desk.post("/verwaltung/gremien/neu/aussen/", new)

    page = desk.get("/verwaltung/gremien/sozialausschuss/")
    assert (page.context["form"]["asked_by"].value(), "Feste Punkte" in page.content.decode()) == (
        new["asked_by"],
        False,
    )
    assert desk.get("/verwaltung/gremien/neu/verein/").status_code == 404
    assert Body.objects.get(slug="sozialausschuss").usual_dates == "montags"


def test_way_to_itself_and_an_ended_body_are_refused_in_words(desk: Client, cast: World) -> None:
    own = desk.post("/planung/wege/arbeit/", {"targets": [cast.arbeit.pk], "seen": ""})
    assert own.context["form"].errors == {"targets": ["Arbeit kann nicht an sich selbst weitergeben."]}

    MeetingFactory(alliance=cast.bildung)
    ended = desk.post("/verwaltung/gremien/bildung/beenden/", {"last": "2026-11-23", "do": "end"})
    assert "Danach stehen noch Sitzungen" in ended.content.decode()
    item = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit))
    relay = RelayFactory(source=cast.arbeit, target=cast.gesellschaft, source_item=item)
    told = desk.post("/verwaltung/gremien/gesellschaft/beenden/", {"last": "2026-11-23"}, follow=True)
    assert relay.number in told.content.decode()
    planned = {
        "alliance": cast.gesellschaft.pk,
        "date": "2026-12-14",
        "start": "10:00",
        "end": "12:00",
        "mode": "online",
    }
    form = desk.post("/sitzungen/neu/", planned | {"do": "fix"}).context["form"]
    assert form.errors["date"] == [
        "Gesellschaft ist beendet: Der letzte Tag war der 23.\u00a0November\u00a02026. Danach wird nichts geplant."
    ]


@pytest.fixture
def unit(cast: World) -> Unit:
    one: Unit = UnitFactory(organisation=cast.susanne.organisation, tasks="Beraten\nBegleiten", contact=cast.rolf)
    item = AgendaItemFactory(
        meeting=MeetingFactory(alliance=cast.arbeit, state="held", agenda_sent_at=AT), standing_code="units"
    )
    UnitReport.objects.create(agenda_item=item, unit=one.organisation, text="Zehn Kurse.", written_at=AT)
    return one


def test_unit_page_shows_tasks_contact_and_reports_to_who_belongs(cast: World, unit: Unit) -> None:
    Person.objects.update(may_sign_in=True)
    Contact.objects.create(person=cast.rolf, topic=Topic.objects.create(slug="x", name="X"), phone="00000 4111")
    page = f"/stellen/{unit.slug}/"

    inside, elsewhere = (signed_in(person).get(page).context["page"] for person in (cast.susanne, cast.hedwig))

    assert (inside.tasks, inside.reach.phone, [one.text for one in inside.reports]) == (
        ["Beraten", "Begleiten"],
        "00000 4111",
        ["Zehn Kurse."],
    )
    assert (elsewhere.tasks, elsewhere.reports) == (inside.tasks, [])


def test_who_has_left_is_not_named_as_contact_of_a_unit(desk: Client, cast: World, unit: Unit) -> None:
    Person.objects.filter(pk=cast.rolf.pk).update(phone="00000 9", active_until=dt.date(2026, 11, 22))
    reach = desk.get(f"/stellen/{unit.slug}/").context["page"].reach
    assert (reach.person, reach.phone) == (cast.susanne, "")


def test_ended_unit_stays_readable_with_its_successor(desk: Client, cast: World, unit: Unit) -> None:
    page = f"/verwaltung/stellen/{unit.slug}/beenden/"
    said = {
        "last": "2026-11-22",
        "successor": cast.birgit.organisation.pk,
        "task_1": "Beraten",
        "taker_1": cast.birgit.organisation.pk,
        "version": unit.version,
    }
    assert desk.post(page, said).status_code == 302
    stale = desk.post(page, {**said, "successor": ""})
    assert (stale.status_code, "Inzwischen hat jemand anderes das geändert" in stale.content.decode()) == (409, True)

    shown = desk.get(f"/stellen/{unit.slug}/")
    assert shown.context["page"].is_over
    text = shown.content.decode().replace("\xa0", " ")
    assert "Diese Stelle gab es bis zum 22. November 2026." in text
    assert "Die Arbeit führt weiter: Jobcenter Haseland." in text
    today, over = desk.get("/stellen/").context["units"], desk.get("/stellen/").context["over"]
    assert (today, over) == ([], [unit])
    assert "geändert" in desk.post(page, {"do": "resume", "version": 1}, follow=True).content.decode()
    desk.post(page, {"do": "resume", "version": Unit.objects.get(pk=unit.pk).version})
    assert not units.is_over(Unit.objects.get(pk=unit.pk), at=AT)


def test_what_a_unit_holds_can_stay_although_it_has_ended(desk: Client, cast: World, unit: Unit) -> None:
    over, open_topic = (Topic.objects.create(slug=name, name=name) for name in ("alt", "neu"))
    unit.topics.set([over])
    takers = [cast.birgit.organisation, cast.hedwig.organisation]
    assert not units.end(unit, None, version=1, by=cast.imke, at=AT)
    said: dict[str, Any] = {"successor": takers[0], "handovers": [("Beraten", takers[1])], "version": 1}
    units.end(unit, dt.date(2026, 12, 31), **said, by=cast.imke, at=AT)
    Topic.objects.filter(pk=over.pk).update(ended_on=dt.date(2026, 11, 1))
    Organisation.objects.filter(pk__in=[one.pk for one in takers]).update(ended_on=dt.date(2026, 11, 1))
    Person.objects.filter(pk=cast.rolf.pk).update(active_until=dt.date(2026, 11, 1))

    page = f"/verwaltung/stellen/{unit.slug}/"
    assert desk.post(page, typed(desk, page, programme="Neu")).status_code == 302
    unit.refresh_from_db()
    assert (unit.programme, list(unit.topics.all()), unit.contact) == ("Neu", [over], cast.rolf)
    assert desk.post(page, typed(desk, page, topics=[open_topic.pk])).status_code == 302
    assert list(unit.topics.all()) == [open_topic]
    refused = desk.post(page, typed(desk, page, topics=[over.pk])).context["form"]
    assert list(refused.errors) == ["topics"]

    assert desk.post(f"{page}beenden/", typed(desk, f"{page}beenden/", last="2027-01-31")).status_code == 302
    unit.refresh_from_db()
    assert (unit.valid_until, unit.successor) == (dt.date(2027, 1, 31), takers[0])
    assert list(unit.handovers.values_list("task", "organisation")) == [("Beraten", takers[1].pk)]


def test_ending_a_unit_names_what_still_waits_for_its_answer(desk: Client, cast: World, unit: Unit) -> None:
    relay = RelayFactory(
        source=cast.bildung, target=unit, source_item=AgendaItemFactory(meeting__alliance=cast.bildung)
    )
    page, said = (
        f"/verwaltung/stellen/{unit.slug}/beenden/",
        f"Hier wartet noch etwas auf eine Antwort: {relay.number}.",
    )

    assert said in desk.get(page).content.decode()
    assert said in desk.post(page, {"last": "2026-12-31", "version": 1}, follow=True).content.decode()
    there = desk.get(f"/stellen/{unit.slug}/").content.decode().replace("\xa0", " ")
    assert "Ihr letzter Tag ist der 31. Dezember 2026." in there


def test_every_kind_of_matter_finds_its_contact_and_pages_name_it(desk: Client, cast: World) -> None:
    topic = Topic.objects.create(slug="sprache", name="Sprache")
    contact = Contact.objects.create(person=cast.hedwig, topic=topic, phone="00000 4111")
    item = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit, state="held"))
    decision = DecisionFactory(agenda_item=item)
    task = ActionItemFactory(agenda_item=item, owner=cast.susanne)
    relay = RelayFactory(source=cast.arbeit, target=cast.bildung, source_decision=decision)
    assert whom_to_ask.about(decision, at=AT) is None

    item.topics.add(topic)
    for matter in (item, decision, task):
        assert whom_to_ask.about(matter, at=AT) == contact
    assert whom_to_ask.about(relay, at=AT) is None
    decision.topics.add(topic)
    assert whom_to_ask.about(relay, at=AT) == contact
    for page in (f"/beschluesse/{decision.number}/", f"/auftraege/{task.pk}/", f"/weiterleitungen/{relay.number}/"):
        assert "Zum Thema Sprache: Hedwig Burlage, Hand in Hand" in desk.get(page).content.decode()
    Contact.objects.filter(pk=contact.pk).update(ended_on=AT.date() - dt.timedelta(days=1))
    assert "Zum Thema" not in desk.get(f"/beschluesse/{decision.number}/").content.decode()
