"""Somebody entered twice: everything becomes one person's, old links go on working, and it can be taken back."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.domain import addresses, link_requests, links, people, person_merge
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import AccessLink, AddressWish, Change, FurtherAddress, Membership, Person
from meetings.domain import answers, merging
from meetings.enums import Answer
from meetings.models import ActionItem, Attendance, Meeting
from tests import world
from tests.factories.buendnisse import MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SOON = AT + dt.timedelta(days=60)


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def double(cast: World) -> Person:
    """Susanne once more, in Arbeit (as she is herself) and in Gesellschaft, with a task, an answer and links."""
    other: Person = PersonFactory(
        first_name="Susane", last_name="Overhage", phone="00000 7", organisation=cast.susanne.organisation
    )
    MembershipFactory(body=cast.arbeit, person=other, is_voting=False)
    MembershipFactory(body=cast.gesellschaft, person=other)
    meeting = MeetingFactory(alliance=cast.arbeit, state="confirmed", start=SOON, end=SOON + dt.timedelta(hours=2))
    ActionItemFactory(agenda_item=AgendaItemFactory(meeting=meeting), owner=other)
    answers.call_roll(meeting)
    Meeting.objects.update(chair=other)
    row = Attendance.objects.select_related("meeting__alliance").get(person=other)
    answers.answer(row, answer=Answer.ACCEPTED, via="mail_link", by=other, at=AT)
    for person in (other, cast.susanne):
        links.grant(person, purpose=LinkPurpose.SETTINGS, until=SOON, at=AT)
    links.grant(other, purpose=LinkPurpose.ANSWER, subject=meeting, until=SOON, at=AT)
    return other


def rows() -> dict[str, set[object]]:
    return {
        "seats": set(Person.objects.values_list("pk", "memberships__body", "memberships__until")),
        "owners": set(ActionItem.objects.values_list("pk", "owner")),
        "links": set(AccessLink.objects.values_list("pk", "person")),
        "addresses": set(FurtherAddress.objects.values_list("person", "address")),
        "phones": set(Person.objects.values_list("pk", "phone", "merged_into", "active_until")),
        "asked": set(Attendance.objects.filter(is_asked=True).values_list("person", "role", "answer", "stands_in_for")),
        "votes": set(Membership.objects.values_list("pk", "role", "is_voting")),
    }


def parted(cast: World, double: Person) -> Person:
    return merging.part(cast.susanne, double=double.pk, by=cast.imke, at=AT)


def test_nothing_is_lost_and_one_invitation_is_left(cast: World, double: Person) -> None:
    tokens = [links.token(link) for link in AccessLink.objects.filter(person=double)]

    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    assert set(cast.susanne.memberships.filter(until=None).values_list("body__slug", "role")) == {
        ("arbeit", Role.MEMBER),
        ("bildung", Role.MEMBER),
        ("gesellschaft", Role.MEMBER),
    }
    assert (ActionItem.objects.get().owner, Meeting.objects.get().chair) == (cast.susanne, cast.susanne)
    assert cast.susanne.phone == "00000 7"
    assert cast.susanne.further_addresses.get().address == double.email
    (mine,) = Attendance.objects.filter(is_asked=True, person__last_name="Overhage")
    assert (mine.person, mine.answer) == (cast.susanne, Answer.ACCEPTED)
    assert [links.open_token(token, purpose=None, at=AT).person for token in tokens] == [cast.susanne] * 2
    assert double.merged_into == cast.susanne


def test_parted_again_both_are_as_before(cast: World, double: Person) -> None:
    before = rows()
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    assert parted(cast, double) == double
    assert rows() == before
    with pytest.raises(person_merge.MergeRefused, match="nicht mehr mit dieser Person zusammengeführt"):
        parted(cast, double)


def test_refused_with_a_clear_sentence(cast: World, double: Person) -> None:
    for other, sentence in ((cast.susanne, "dieselbe Person"), (cast.imke, "führen Sie umgekehrt zusammen")):
        with pytest.raises(person_merge.MergeRefused, match=sentence):
            merging.merge(other, into=cast.susanne, by=cast.imke, at=AT)
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)
    with pytest.raises(person_merge.MergeRefused, match="schon mit einem anderen zusammengeführt"):
        merging.merge(cast.sven, into=double, by=cast.imke, at=AT)


def test_the_stronger_seat_is_kept_with_the_vote(cast: World, double: Person) -> None:
    Membership.objects.filter(person=cast.birgit).update(until=dt.date(2026, 11, 1))
    Membership.objects.filter(person=double, body=cast.arbeit).update(role=Role.CHAIR)
    Attendance.objects.filter(person=double).update(role=Role.CHAIR)
    before = rows()

    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    seat = cast.susanne.memberships.get(body=cast.arbeit, until=None)
    assert (seat.role, seat.is_voting) == (Role.CHAIR, True)
    assert Attendance.objects.get(person=cast.susanne, is_asked=True).role == Role.CHAIR
    parted(cast, double)
    assert rows() == before


def test_an_earlier_double_follows_and_comes_back_with_it(cast: World, double: Person) -> None:
    first: Person = PersonFactory(first_name="Susi", last_name="Overhage", organisation=double.organisation)
    token = links.token(links.grant(first, purpose=LinkPurpose.SETTINGS, until=SOON, at=AT))
    merging.merge(first, into=double, by=cast.imke, at=AT)
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    assert set(cast.susanne.doubles.all()) == {first, double}
    assert links.open_token(token, purpose=None, at=AT).person == cast.susanne
    link_requests.revoke_all(cast.susanne, by=cast.imke, at=AT)
    with pytest.raises(links.LinkRevoked):
        links.open_token(token, purpose=None, at=AT)
    assert Change.objects.of(cast.susanne).filter(verb="person.links_ended", by=cast.imke).exists()
    parted(cast, double)
    assert (set(double.doubles.all()), set(cast.susanne.doubles.all())) == ({first}, set())
    assert merging.part(double, double=first.pk, by=cast.imke, at=AT) == first


def test_of_two_the_newest_is_parted_first_and_then_the_other(cast: World, double: Person) -> None:
    second: Person = PersonFactory(last_name="Overhage", organisation=double.organisation)
    for one in (double, second):
        merging.merge(one, into=cast.susanne, by=cast.imke, at=AT)

    with pytest.raises(person_merge.MergeRefused):
        parted(cast, double)
    assert parted(cast, second) == second
    assert parted(cast, double) == double
    assert person_merge.latest(cast.susanne) is None


def test_what_was_changed_since_is_not_emptied(cast: World, double: Person) -> None:
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)
    people.edit(cast.susanne, facts={"phone": "00000 8"}, version=cast.susanne.version, by=cast.imke, at=AT)

    parted(cast, double)
    cast.susanne.refresh_from_db()
    assert cast.susanne.phone == "00000 8"


def test_who_was_to_come_in_their_own_place_simply_comes(cast: World, double: Person) -> None:
    mine = Attendance.objects.select_related("meeting__alliance").get(person=cast.susanne)
    Attendance.objects.filter(person=double).update(is_asked=False, answer=Answer.PENDING)
    theirs = answers.name_deputy(mine, person=double, via="web", by=cast.susanne, at=AT)
    answers.answer(theirs, answer=Answer.ACCEPTED, via="mail_link", by=double, at=AT)

    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    (row,) = Attendance.objects.filter(is_asked=True, person__last_name="Overhage")
    assert (row.person, row.answer, row.stands_in_for) == (cast.susanne, Answer.ACCEPTED, None)
    assert not Attendance.objects.filter(stands_in_for__isnull=False).exists()


def test_a_double_who_stands_in_is_asked_no_more_where_the_person_comes_anyway(cast: World, double: Person) -> None:
    birgit = Attendance.objects.select_related("meeting__alliance").get(person=cast.birgit)
    Attendance.objects.filter(person=double).update(is_asked=False)
    answers.name_deputy(birgit, person=double, via="web", by=cast.birgit, at=AT)

    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    birgit.refresh_from_db()
    assert (birgit.answer, answers.deputy_of(birgit)) == (Answer.PENDING, None)


def test_a_wish_for_another_address_ends_with_the_double(cast: World, double: Person) -> None:
    addresses.wish(double, email="neu@verein.example", at=AT)
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)
    assert not AddressWish.objects.exists()


def test_a_deputy_named_by_the_name_of_the_double_is_the_person(cast: World, double: Person) -> None:
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)
    row = Attendance.objects.get(person=cast.birgit)
    row.organisation = double.organisation

    named = answers.one_off_deputy(row, first_name="susane", last_name="Overhage", email="")
    assert named == cast.susanne


def test_who_had_left_is_here_again_with_the_seat_of_the_double(cast: World, double: Person) -> None:
    left_on = dt.date(2026, 11, 1)
    Membership.objects.filter(person=cast.susanne).update(until=left_on)
    Person.objects.filter(pk=cast.susanne.pk).update(active_until=left_on)
    before = rows()

    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    assert Person.objects.get(pk=cast.susanne.pk).active_until is None
    parted(cast, double)
    assert {name: rows()[name] for name in ("seats", "phones")} == {name: before[name] for name in ("seats", "phones")}


def test_a_seat_ends_only_where_both_would_sit_on_one_day(cast: World, double: Person) -> None:
    """One after the other stay both; the weaker one runs until the other begins; a guest gives way to a deputy."""
    last, first = dt.date(2026, 12, 31), dt.date(2027, 1, 1)
    Membership.objects.filter(person=cast.susanne, body=cast.arbeit).update(until=last)
    Membership.objects.filter(person=double, body=cast.arbeit).update(role=Role.DEPUTY_CHAIR, since=first)
    Membership.objects.filter(person=double, body=cast.gesellschaft).update(role=Role.DEPUTY, is_voting=False)
    MembershipFactory(body=cast.gesellschaft, person=cast.susanne, role=Role.GUEST, is_voting=False)
    MembershipFactory(body=cast.bildung, person=double, role=Role.CHAIR, since=first, is_voting=False)

    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)

    yesterday = dt.date(2026, 11, 22)
    assert set(cast.susanne.memberships.values_list("body__slug", "role", "until", "is_voting")) == {
        ("arbeit", Role.MEMBER, last, True),
        ("arbeit", Role.DEPUTY_CHAIR, None, False),
        ("gesellschaft", Role.GUEST, yesterday, False),
        ("gesellschaft", Role.DEPUTY, None, False),
        ("bildung", Role.MEMBER, last, True),
        ("bildung", Role.CHAIR, None, True),
    }


def test_an_ended_seat_invites_no_longer(cast: World, double: Person) -> None:
    Membership.objects.filter(person=double, body=cast.arbeit).update(role=Role.GUEST)
    Membership.objects.filter(person=cast.susanne, body=cast.arbeit).update(role=Role.DEPUTY)
    Attendance.objects.filter(person=cast.susanne).delete()

    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)
    assert not Attendance.objects.filter(is_asked=True, person__last_name="Overhage").exists()
    parted(cast, double)
    assert Attendance.objects.get(is_asked=True, person__last_name="Overhage").person == double


def test_a_vote_that_nobody_casts_is_named_and_comes_back_only_where_it_still_is_free(
    cast: World, double: Person
) -> None:
    verein = OrganisationFactory(name="Verein Venn")
    Membership.objects.filter(person=double, body=cast.arbeit).update(organisation=verein, is_voting=True)

    change = merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)
    assert person_merge.free_votes(change) == ["Verein Venn in Arbeitsbündnis Arbeit"]
    heir = MembershipFactory(body=cast.arbeit, person=cast.sven, organisation=verein, is_voting=True)
    parted(cast, double)

    seat = double.memberships.get(body=cast.arbeit)
    assert (seat.until, seat.is_voting) == (None, False)
    heir.refresh_from_db()
    assert heir.is_voting
