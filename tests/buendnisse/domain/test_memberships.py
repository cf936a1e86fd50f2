"""What a membership may not be, and who casts the vote; what is written down of a person, by one at a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.domain import memberships, people
from buendnisse.enums import Role
from buendnisse.models import Body, Change, Membership, Person, SharedMailbox
from tests import world
from tests.support.two_writers import at_once
from tests.world import AT, World

DAY = dt.date(2027, 1, 1)


@pytest.fixture
def cast(db: None) -> World:
    return world.build()


def begin(cast: World, person: Person, **given: Any) -> Membership:
    said = {"body": cast.arbeit, "organisation": person.organisation, "role": Role.MEMBER, "since": DAY, **given}
    return memberships.begin(person, **said, by=cast.imke, at=AT)


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "ends before it begins": (
        "sven",
        {"until": DAY - dt.timedelta(days=1)},
        r"Der letzte Tag \(31.\sDezember\s2026\) liegt vor dem ersten \(1.\sJanuar\s2027\)",
    ),
    "a second chair": (
        "sven",
        {"role": Role.CHAIR},
        "Den Vorsitz von „Arbeitsbündnis Arbeit“ hat schon Birgit Hanneken",
    ),
    "twice in one body": ("rolf", {}, "Rolf Eilers gehört schon zu „Arbeitsbündnis Arbeit“: Stellvertretung seit"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_clear_sentence(cast: World, case: str) -> None:
    name, given, sentence = REFUSED[case]

    with pytest.raises(memberships.MembershipRefused, match=sentence):
        begin(cast, getattr(cast, name), **given)
    assert not Change.objects.exists()


def test_a_body_that_has_ended_takes_nobody(cast: World) -> None:
    Body.objects.filter(pk=cast.arbeit.pk).update(valid_from=None, valid_until=dt.date(2026, 6, 30))
    cast.arbeit.refresh_from_db()

    with pytest.raises(memberships.MembershipRefused, match=r"gibt es seit dem 30.\sJuni\s2026 nicht mehr"):
        begin(cast, cast.sven)


def test_an_organisation_has_one_vote_whoever_joins(cast: World) -> None:
    assert begin(cast, cast.sven).is_voting
    assert not begin(cast, cast.hedwig, organisation=cast.susanne.organisation).is_voting
    assert not begin(cast, cast.imke).is_voting  # the Fachstelle has none


def test_an_end_can_be_moved_and_taken_away_but_not_over_what_somebody_else_wrote(cast: World) -> None:
    row = cast.susanne.memberships.get(body=cast.arbeit)
    stale = Membership.objects.get(pk=row.pk)

    assert memberships.end(row, until=DAY, version=1, by=cast.imke, at=AT)
    assert not memberships.end(row, until=DAY, version=1, by=cast.imke, at=AT)  # a second tap
    with pytest.raises(memberships.StaleMembership) as found:
        memberships.end(stale, until=DAY - dt.timedelta(days=9), version=1, by=cast.theda, at=AT)
    assert found.value.current.until == DAY
    assert memberships.end(row, until=None, version=2, by=cast.imke, at=AT)
    assert (row.until, row.is_voting) == (None, True)


@pytest.mark.django_db(transaction=True)
def test_two_who_give_the_chair_away_at_once_make_one_chair() -> None:
    cast = world.build()
    Membership.objects.filter(role=Role.CHAIR).update(until=dt.date(2026, 12, 31))

    raised = at_once(
        lambda: begin(cast, cast.sven, role=Role.CHAIR),
        lambda: begin(cast, cast.hedwig, role=Role.CHAIR),
    )

    assert sorted(raised) == ["", "MembershipRefused"]


def test_two_who_edit_one_person_at_once_lose_nothing(cast: World) -> None:
    version = cast.susanne.version
    assert people.edit(cast.susanne, facts={"phone": "00000 1"}, version=version, by=cast.imke, at=AT) == ["phone"]
    assert people.edit(cast.susanne, facts={"phone": "00000 1"}, version=version, by=cast.imke, at=AT) == []

    with pytest.raises(people.StalePerson) as stale:
        people.edit(cast.susanne, facts={"phone": "00000 2"}, version=version, by=cast.theda, at=AT)
    assert people.differing({"phone": "00000 2"}, stale.value.current) == [("phone", "00000 2", "00000 1")]
    with pytest.raises(people.PersonRefused, match="Ohne Adresse geht das nicht"):
        people.edit(cast.birgit, facts={"email": ""}, version=cast.birgit.version, by=cast.imke, at=AT)


def test_a_couple_with_one_address_is_a_shared_mailbox(cast: World) -> None:
    given = {"first_name": "Jan", "last_name": "Burlage", "email": cast.hedwig.email, "handle": "a" * 32}
    jan = people.enter(**given, organisation=cast.hedwig.organisation, by=cast.imke, at=AT)

    assert people.enter(**given, organisation=cast.hedwig.organisation, by=cast.imke, at=AT) == jan  # a double tap
    assert set(SharedMailbox.objects.get().people.all()) == {jan, cast.hedwig}
    assert people.similar(first_name="Johann", last_name="Burlage", email="") == [jan]
    assert people.similar(first_name="", last_name="", email=cast.hedwig.email.upper()) == [cast.hedwig, jan]
    people.edit(jan, facts={"email": "jan@verein.example"}, version=jan.version, by=cast.imke, at=AT)
    assert list(jan.shared_mailboxes.all()) == []
