"""Organisations, venues, topics, contacts and units as the Fachstelle keeps them: nothing is lost, nothing is deleted."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from buendnisse.domain import contacts, organisations, records, topics, units, venues
from buendnisse.domain.records import RecordRefused, StaleRecord
from buendnisse.models import Area, Change, Contact, Organisation, Topic, Unit, Venue
from tests import world
from tests.factories.buendnisse import UnitFactory
from tests.factories.meetings import AgendaItemFactory, DecisionFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
KEY = uuid.UUID(int=7)

VENUE: dict[str, Any] = {"name": "Rathaus Emsfurt", "place": "Emsfurt", "is_step_free": True, "parking": "Am Markt"}


@pytest.fixture
def cast() -> World:
    return world.build()


def told(verb: str) -> list[dict[str, Any]]:
    return list(Change.objects.filter(verb=verb).order_by("pk").values_list("data", flat=True))


def test_two_taps_are_one_venue_and_umlauts_make_its_address(cast: World) -> None:
    facts = VENUE | {"name": "Café Grün"}
    one = venues.add(form_key=KEY, by=cast.imke, at=AT, **facts)
    two = venues.add(form_key=KEY, by=cast.imke, at=AT, **facts)

    assert (one, one.slug, told("venue.added")) == (two, "cafe-gruen", [{}])


def test_change_tells_which_fields_and_the_same_again_tells_nothing(cast: World) -> None:
    row = venues.add(form_key=KEY, by=cast.imke, at=AT, **VENUE)
    said = VENUE | {"parking": "Hinter dem Haus", "is_step_free": False}

    assert venues.change(row, version=1, by=cast.imke, at=AT, **said)
    assert not venues.change(row, version=1, by=cast.imke, at=AT, **said)  # a second tap, with the version of the first
    assert (row.parking, row.version, told("venue.changed")) == (
        "Hinter dem Haus",
        2,
        [{"fields": ["is_step_free", "parking"]}],
    )


def test_second_writer_is_refused_with_what_is_stored(cast: World) -> None:
    row = venues.add(form_key=KEY, by=cast.imke, at=AT, **VENUE)
    venues.change(row, version=1, by=cast.imke, at=AT, **VENUE | {"parking": "Am Markt"} | {"place": "Haseburg"})

    with pytest.raises(StaleRecord) as refused:
        venues.change(row, version=1, by=cast.imke, at=AT, **VENUE | {"parking": "Keine"})

    assert (refused.value.current.place, Venue.objects.get(pk=row.pk).parking) == ("Haseburg", "Am Markt")


def test_name_that_stands_already_is_refused(cast: World) -> None:
    with pytest.raises(RecordRefused, match="„jobcenter haseland“ gibt es schon."):
        organisations.add(
            form_key=KEY, by=cast.imke, at=AT, name="jobcenter haseland", short_name="JC", kind="behoerde"
        )


def test_organisation_ends_only_when_nobody_sits_for_it(cast: World) -> None:
    school = cast.susanne.organisation
    with pytest.raises(RecordRefused, match="Susanne Overhage und Rolf Eilers") as refused:
        organisations.end(school, TODAY, by=cast.imke, at=AT)
    assert refused.value.field == "last"

    school.memberships.update(until=TODAY)
    assert organisations.end(school, TODAY, by=cast.imke, at=AT)
    assert (organisations.end(school, TODAY, by=cast.imke, at=AT), told("organisation.ended")) == (
        False,
        [{"last": "2026-11-23"}],
    )
    after = AT + dt.timedelta(days=1)
    assert school not in organisations.found("", kind="", scope="", at=after)
    assert list(organisations.found("", kind="schule", scope="ended", at=after)) == [school]
    assert organisations.end(school, None, by=cast.imke, at=after)
    assert Organisation.objects.valid_on(TODAY + dt.timedelta(days=1)).filter(pk=school.pk).exists()


def test_organisation_does_not_belong_to_itself(cast: World) -> None:
    school, jobcenter = cast.susanne.organisation, cast.birgit.organisation
    Organisation.objects.filter(pk=school.pk).update(parent=jobcenter)
    facts = {"name": jobcenter.name, "short_name": jobcenter.short_name}

    with pytest.raises(RecordRefused, match="nicht zu sich selbst"):
        organisations.change(
            jobcenter, version=1, by=cast.imke, at=AT, parent=Organisation.objects.get(pk=school.pk), **facts
        )


def test_merged_topic_hands_over_everything_once(cast: World) -> None:
    wohnen, wohnung = (Topic.objects.create(slug=name.lower(), name=name) for name in ("Wohnen", "Wohnung"))
    item = AgendaItemFactory(meeting__alliance=cast.arbeit)
    item.topics.set([wohnen, wohnung])
    decision = DecisionFactory(agenda_item=item)
    decision.topics.set([wohnung])
    unit = UnitFactory(organisation=cast.susanne.organisation)
    unit.topics.set([wohnung])
    cast.hedwig.topics.set([wohnung])
    both = [Contact.objects.create(person=cast.birgit, topic=topic) for topic in (wohnen, wohnung)]
    only = Contact.objects.create(person=cast.rolf, topic=wohnung)

    assert topics.uses(wohnung) == 6
    topics.merge(wohnung, wohnen, version=1, by=cast.imke, at=AT)

    for thing in (item, decision, unit, cast.hedwig):
        assert list(thing.topics.all()) == [wohnen]
    assert set(Contact.objects.valid_on(TODAY)) == {both[0], only}
    assert Contact.objects.get(pk=only.pk).topic == wohnen
    row = Topic.objects.get(pk=wohnung.pk)
    assert (row.merged_into, topics.uses(row), list(Topic.objects.valid_on(TODAY))) == (wohnen, 0, [wohnen])
    assert topics.merge(row, wohnen, version=1, by=cast.imke, at=AT) == 0  # a second tap
    with pytest.raises(RecordRefused, match="in einem anderen aufgegangen"):
        topics.end(row, None, by=cast.imke, at=AT)


def test_topic_is_not_merged_into_itself_nor_into_one_that_ended(cast: World) -> None:
    one, ended = (Topic.objects.create(slug=name.lower(), name=name) for name in ("Sport", "Kultur"))
    topics.end(ended, TODAY, by=cast.imke, at=AT)

    with pytest.raises(RecordRefused, match="nicht mit sich selbst"):
        topics.merge(one, one, version=1, by=cast.imke, at=AT)
    with pytest.raises(RecordRefused, match="„Kultur“ ist beendet"):
        topics.merge(one, ended, version=1, by=cast.imke, at=AT)
    topics.rename(one, "Sport und Spiel", version=1, by=cast.imke, at=AT)
    with pytest.raises(StaleRecord):
        topics.merge(one, Topic.objects.create(slug="x", name="X"), version=1, by=cast.imke, at=AT)


def test_contact_of_topics_is_the_one_for_the_whole_district_who_has_not_left(cast: World) -> None:
    first, second = (Topic.objects.create(slug=name.lower(), name=name) for name in ("Sprache", "Arbeit"))
    north = Area.objects.create(name="Nord")
    gone = {"person": cast.hedwig, "topic": first, "area": None, "phone": "00000 1", "email": "", "note": ""}
    left = contacts.add(form_key=KEY, by=cast.imke, at=AT, **gone)
    part = Contact.objects.create(person=cast.rolf, topic=first, area=north, email="r@bbs.example")
    whole = Contact.objects.create(person=cast.birgit, topic=second, phone="00000 2")
    Contact.objects.create(person=cast.susanne, topic=first)  # without a way to reach her, nobody is sent to her
    asked = [first.pk, second.pk]

    def asked_about(*of: int) -> list[Contact]:
        return list(contacts.asked_about(of, day=TODAY))

    assert (asked_about(*asked), asked_about()) == ([left, part, whole], [])
    contacts.end(left, TODAY - dt.timedelta(days=1), by=cast.imke, at=AT)
    assert asked_about(*asked) == [part, whole]
    contacts.end(part, TODAY - dt.timedelta(days=1), by=cast.imke, at=AT)
    assert asked_about(*asked) == [whole]
    with pytest.raises(RecordRefused, match="Birgit Hanneken steht für dieses Themenfeld und Gebiet schon da."):
        contacts.add(form_key=uuid.uuid4(), by=cast.imke, at=AT, person=cast.birgit, topic=second, area=None)


UNIT: dict[str, Any] = {
    "name": "Brücke Nord",
    "short_name": "Brücke",
    "programme": "Brücken",
    "funder": "Land",
    "tasks": "Beraten",
}


def test_new_unit_brings_its_organisation(cast: World) -> None:
    unit = units.add(form_key=KEY, organisation=None, topics=[], valid_from=TODAY, by=cast.imke, at=AT, **UNIT)

    assert (unit.slug, unit.organisation.name, unit.organisation.kind, unit.organisation.parent) == (
        "bruecke",
        "Brücke Nord",
        "einheit",
        cast.imke.organisation,
    )
    assert units.add(form_key=KEY, organisation=None, topics=[], by=cast.imke, at=AT, **UNIT) == unit


def test_ended_unit_names_who_goes_on_and_can_be_brought_back(cast: World) -> None:
    unit = units.add(form_key=KEY, organisation=None, topics=[], valid_from=TODAY, by=cast.imke, at=AT, **UNIT)
    jobcenter, last = cast.birgit.organisation, dt.date(2026, 12, 31)
    for refused, sentence in (
        ({"last": TODAY}, "Der letzte Tag muss nach dem ersten liegen"),
        ({"last": last, "successor": unit.organisation}, "ihre eigene Nachfolgerin"),
    ):
        with pytest.raises(RecordRefused, match=sentence):
            units.end(unit, **refused, version=1, by=cast.imke, at=AT)

    said: dict[str, Any] = {"successor": jobcenter, "handovers": [("Beraten", jobcenter)], "version": 1}
    assert units.end(unit, last, **said, by=cast.imke, at=AT)
    assert not units.end(unit, last, **said, by=cast.imke, at=AT)
    for late in ({**said, "successor": None}, {**said, "handovers": []}):
        with pytest.raises(StaleRecord):
            units.end(unit, last, **late, by=cast.imke, at=AT)
    row = Unit.objects.get(pk=unit.pk)
    assert (row.valid_until, row.successor, row.handovers.get().task, units.is_over(row, at=AT)) == (
        last,
        jobcenter,
        "Beraten",
        False,
    )
    assert told("unit.handed_over") == [{"successor": jobcenter.pk, "takers": [jobcenter.pk]}]
    assert units.end(row, None, version=row.version, by=cast.imke, at=AT)
    row = Unit.objects.get(pk=unit.pk)
    assert (row.valid_until, row.successor, row.handovers.exists()) == (None, None, False)


@pytest.mark.parametrize(
    ("name", "slug"), [("Straße & Größe", "strasse-groesse"), ("Fachbereich  Jugend", "fachbereich-jugend"), ("…", "")]
)
def test_addresses_are_made_of_names(name: str, slug: str) -> None:
    assert records.slug_of(name) == slug
