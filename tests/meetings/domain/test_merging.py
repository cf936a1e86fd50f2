"""Somebody entered twice: everything becomes one person's, old links go on working, and it can be taken back."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.domain import links, person_merge
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import AccessLink, FurtherAddress, Person
from meetings.domain import answers, merging
from meetings.enums import Answer
from meetings.models import ActionItem, Attendance, Meeting
from tests import world
from tests.factories.buendnisse import MembershipFactory, PersonFactory
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
    }


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

    assert person_merge.part(cast.susanne, by=cast.imke, at=AT) == double
    assert rows() == before
    with pytest.raises(person_merge.MergeRefused, match="niemand zusammengeführt"):
        person_merge.part(cast.susanne, by=cast.imke, at=AT)


def test_refused_with_a_clear_sentence(cast: World, double: Person) -> None:
    for other, sentence in ((cast.susanne, "dieselbe Person"), (cast.imke, "führen Sie umgekehrt zusammen")):
        with pytest.raises(person_merge.MergeRefused, match=sentence):
            merging.merge(other, into=cast.susanne, by=cast.imke, at=AT)
    merging.merge(double, into=cast.susanne, by=cast.imke, at=AT)
    with pytest.raises(person_merge.MergeRefused, match="schon mit einem anderen zusammengeführt"):
        merging.merge(cast.sven, into=double, by=cast.imke, at=AT)
