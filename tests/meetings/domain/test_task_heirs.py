"""Tasks whose owner has left, and who could take over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.enums import Role
from buendnisse.models import Membership, Person, Unit
from meetings.domain import task_heirs
from meetings.models import ActionItem
from tests import world
from tests.factories.buendnisse import MembershipFactory, PersonFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

YESTERDAY = AT.date() - dt.timedelta(days=1)


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def task(cast: World) -> ActionItem:
    return ActionItemFactory(
        agenda_item=AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit)), owner=cast.susanne
    )


def leave(cast: World, **facts: Any) -> None:
    Membership.objects.filter(person=cast.susanne, body=cast.arbeit).update(until=YESTERDAY, **facts)


def heir(task: ActionItem) -> Person | str | None:
    rows = ActionItem.objects.filter(pk=task.pk)
    found = task_heirs.of(task_heirs.marked(rows, at=AT), at=AT).get(task.pk)
    return found.heir if found else "nobody left"


def test_owner_who_is_there_keeps_the_task(task: ActionItem, cast: World) -> None:
    assert heir(task) == "nobody left"
    Membership.objects.filter(person=cast.susanne, body=cast.arbeit).update(until=AT.date())
    assert heir(task) == "nobody left"


def test_owner_who_never_belonged_has_not_left(task: ActionItem, cast: World) -> None:
    ActionItem.objects.update(owner=cast.sven)
    assert heir(ActionItem.objects.get()) == "nobody left"


def test_another_membership_in_the_alliance_is_none_ended(task: ActionItem, cast: World) -> None:
    leave(cast)
    MembershipFactory(body=cast.arbeit, person=cast.susanne, role=Role.CHAIR)
    assert heir(task) == "nobody left"


def test_same_organisation_member_before_deputy(task: ActionItem, cast: World) -> None:
    leave(cast)
    assert heir(task) == cast.rolf

    member = PersonFactory(last_name="Ahrens", organisation=cast.susanne.organisation)
    MembershipFactory(body=cast.arbeit, person=member)
    assert heir(task) == member


def test_successor_on_record_goes_first_if_still_there(task: ActionItem, cast: World) -> None:
    named = PersonFactory(last_name="Zander", organisation=cast.susanne.organisation)
    leave(cast, successor=named)
    assert heir(task) == named

    Person.objects.filter(pk=named.pk).update(active_until=YESTERDAY)
    assert heir(task) == cast.rolf


def test_successor_who_has_nothing_to_do_with_it_is_not_proposed(task: ActionItem, cast: World) -> None:
    leave(cast, successor=cast.hedwig)
    assert heir(task) == cast.rolf


def test_organisation_that_took_over_the_work(task: ActionItem, cast: World) -> None:
    leave(cast)
    Membership.objects.filter(person=cast.rolf).update(until=YESTERDAY)
    assert heir(task) is None

    Unit.objects.create(
        slug="unit",
        kind="unit",
        name="Beratung",
        short_name="B",
        organisation=cast.susanne.organisation,
        successor=cast.birgit.organisation,
    )
    assert heir(task) == cast.birgit


def test_who_left_altogether_and_guests_never_inherit(task: ActionItem, cast: World) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(active_until=YESTERDAY)
    guest = PersonFactory(organisation=cast.susanne.organisation)
    MembershipFactory(body=cast.arbeit, person=guest, role=Role.GUEST, is_voting=False)
    Person.objects.filter(pk=cast.rolf.pk).update(active_until=YESTERDAY)

    assert heir(task) is None


def test_done_ones_stay_where_they_are(task: ActionItem, cast: World) -> None:
    leave(cast)
    ActionItem.objects.update(state="done", completed_on=YESTERDAY)
    assert heir(task) == "nobody left"


@pytest.mark.parametrize("count", [1, 3])
def test_costs_the_same_however_many(task: ActionItem, cast: World, count: int, django_assert_num_queries: Any) -> None:
    leave(cast)
    for _ in range(count - 1):
        ActionItemFactory(agenda_item=task.agenda_item, owner=cast.susanne)

    with django_assert_num_queries(4):
        found = task_heirs.of(task_heirs.marked(ActionItem.objects.order_by("pk"), at=AT), at=AT)

    assert len(found) == count
