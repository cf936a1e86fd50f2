"""Two people keep the network at once on PostgreSQL: nobody's change is lost without a word."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from buendnisse.domain import addresses, alliance_rules, people, process
from buendnisse.domain.alliance_rules import Rule
from buendnisse.enums import Role, Via
from buendnisse.models import Alliance, Change, ComingRule, Membership, Person, ProcessStage
from meetings.domain import bodies, joining, merging
from meetings.domain.joining import Seat
from tests import world
from tests.factories.buendnisse import PersonFactory
from tests.support.two_writers import at_once
from tests.world import AT, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("two_writers")]


@pytest.fixture
def cast() -> World:
    return world.build()


def edit(cast: World, **facts: Any) -> object:
    one = Person.objects.get(pk=cast.susanne.pk)
    return people.edit(one, facts=facts, version=1, by=cast.imke, at=AT)


def kept(cast: World) -> Person:
    return Person.objects.get(pk=cast.susanne.pk)


def test_two_edit_one_person_and_the_second_is_told(cast: World) -> None:
    raised = at_once(lambda: edit(cast, phone="00000 1"), lambda: edit(cast, function="Leitung"))

    assert sorted(raised) == ["", "StalePerson"]
    won = kept(cast)
    assert (won.phone, won.function) == (("00000 1", "") if raised[0] == "" else ("", "Leitung"))
    assert won.version == 2


def test_two_write_the_same_of_one_person_and_it_is_one_change(cast: World) -> None:
    assert at_once(lambda: edit(cast, phone="00000 1"), lambda: edit(cast, phone="00000 1")) == ["", ""]
    assert kept(cast).version == 2


def test_an_address_is_confirmed_while_the_fachstelle_enters_another(cast: World) -> None:
    wish = addresses.wish(cast.susanne, email="neu@verein.example", at=AT)

    raised = at_once(
        lambda: addresses.confirm(type(wish).objects.select_related("person").get(pk=wish.pk), at=AT, via=Via.LINK),
        lambda: edit(cast, email="amt@verein.example"),
    )

    assert raised in (["", "StalePerson"], ["StaleAddress", ""])
    assert kept(cast).email == ("neu@verein.example" if raised[0] == "" else "amt@verein.example")


def test_two_taps_on_a_new_person_enter_one(cast: World) -> None:
    def enter() -> object:
        names = {"first_name": "Kai", "last_name": "Ahlers", "handle": "one-key"}
        return people.enter(**names, organisation=cast.susanne.organisation, by=cast.imke, at=AT)

    assert at_once(enter, enter) == ["", ""]
    assert Person.objects.filter(last_name="Ahlers").count() == 1


def test_two_change_one_body_and_the_second_is_told(cast: World) -> None:
    def change(**said: Any) -> object:
        row = Alliance.objects.get(pk=cast.arbeit.pk)
        facts = {name: getattr(row, name) for name in ("name", "short_name", "prefix", "mandate", "valid_from", "note")}
        return bodies.change(row, version=1, by=cast.imke, at=AT, **facts | said)

    raised = at_once(lambda: change(mandate="Arbeit finden"), lambda: change(note="Raum 4"))

    assert sorted(raised) == ["", "StaleRecord"]
    row = Alliance.objects.get(pk=cast.arbeit.pk)
    assert (row.mandate, row.note) == (("Arbeit finden", "") if raised[0] == "" else (cast.arbeit.mandate, "Raum 4"))


def test_two_give_one_body_a_rule_and_the_second_is_told(cast: World) -> None:
    def agree(nth: int, first_day: dt.date | None) -> object:
        rule = Rule(weekday=2, nth=nth, month=2, start=dt.time(15), end=dt.time(17), venue=None)
        row = Alliance.objects.get(pk=cast.bildung.pk)
        return alliance_rules.agree(row, rule, first_day=first_day, version=1, by=cast.imke, at=AT)

    raised = at_once(lambda: agree(1, None), lambda: agree(3, dt.date(2027, 1, 1)))
    assert sorted(raised) == ["", "StaleRule"]


def test_a_rule_begins_once_however_many_rings_there_are(cast: World) -> None:
    rule = Rule(weekday=2, nth=1, month=2, start=dt.time(15), end=dt.time(17), venue=None)
    alliance_rules.agree(cast.bildung, rule, first_day=dt.date(2027, 1, 1), version=1, by=cast.imke, at=AT)
    then, begun = dt.datetime(2027, 1, 1, 6, tzinfo=dt.UTC), []

    def ring() -> None:
        begun.append(alliance_rules.begin_due(at=then))

    assert at_once(ring, ring) == ["", ""]
    assert (sorted(begun), ComingRule.objects.count()) == ([0, 1], 0)


def test_a_person_joins_a_body_once(cast: World) -> None:
    def join() -> object:
        return joining.join(
            Person.objects.get(pk=cast.sven.pk),
            seats=[Seat(cast.arbeit, Role.MEMBER)],
            organisation=cast.sven.organisation,
            since=AT.date(),
            welcome=False,
            by=cast.imke,
            at=AT,
        )

    assert at_once(join, join) == ["", ""]
    assert Membership.objects.filter(person=cast.sven).count() == 1
    assert Change.objects.of(cast.sven).filter(verb="person.joined").count() == 1


def test_a_double_is_merged_into_one_person_only(cast: World) -> None:
    double = PersonFactory(organisation=cast.sven.organisation)

    def merge(into: Person) -> object:
        found = Person.objects.in_bulk([double.pk, into.pk])
        return merging.merge(found[double.pk], into=found[into.pk], by=cast.imke, at=AT)

    raised = at_once(lambda: merge(cast.sven), lambda: merge(cast.susanne))
    assert sorted(raised) == ["", "MergeRefused"]
    assert Person.objects.get(pk=double.pk).merged_into == (cast.sven if raised[0] == "" else cast.susanne)


def test_a_double_is_parted_once(cast: World) -> None:
    double = PersonFactory(organisation=cast.sven.organisation)
    merging.merge(double, into=cast.sven, by=cast.imke, at=AT)

    def part() -> object:
        return merging.part(Person.objects.get(pk=cast.sven.pk), double=double.pk, by=cast.imke, at=AT)

    assert sorted(at_once(part, part)) == ["", "MergeRefused"]


def test_two_change_one_stage_and_the_second_is_told(cast: World) -> None:
    stage = process.add(name="Ankommen", form_key=uuid.UUID(int=1), by=cast.imke, at=AT)

    def change(**said: Any) -> object:
        row = ProcessStage.objects.get(pk=stage.pk)
        return process.change(row, version=1, by=cast.imke, at=AT, **said)

    raised = at_once(lambda: change(text="Neu hier."), lambda: change(offers="Sprachcafé"))
    assert sorted(raised) == ["", "StaleRecord"]
