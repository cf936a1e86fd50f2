"""Earlier topics are named to who may see them, and to nobody else."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from meetings.domain.similar_topics import Nearby, nearby, similar
from meetings.enums import AgendaItemState, DecisionState
from meetings.models import AgendaItem, Meeting
from tests import world
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


def item(cast: World, title: str, state: str = AgendaItemState.ACCEPTED, **given: object) -> AgendaItem:
    meeting = Meeting.objects.first() or MeetingFactory(alliance=cast.arbeit)
    return AgendaItemFactory(alliance=cast.arbeit, meeting=meeting, title=title, state=state, **given)


def test_open_and_past_topics_are_named_with_their_decisions(cast: World) -> None:
    past = item(cast, "Elternlotsinnen an Grundschulen", AgendaItemState.DISCUSSED)
    decision = DecisionFactory(
        alliance=cast.arbeit, meeting=past.meeting, agenda_item=past, state=DecisionState.ADOPTED
    )
    item(cast, "Fahrgemeinschaften")

    found = similar("Elternlotsen für Grundschulen", reader=cast.susanne, at=AT)

    assert [(one.item, one.decisions) for one in found] == [(past, (decision,))]


def test_proposals_of_others_are_not_shown(cast: World) -> None:
    theirs = item(cast, "Elternlotsen", AgendaItemState.PROPOSED, proposer=cast.birgit)

    assert similar("Elternlotsinnen", reader=cast.susanne, at=AT) == []
    assert [one.item for one in similar("Elternlotsinnen", reader=cast.birgit, at=AT)] == [theirs]
    assert [one.item for one in similar("Elternlotsinnen", reader=cast.imke, at=AT)] == [theirs]


def test_confidential_topics_stay_inside_their_organisations(cast: World) -> None:
    secret = item(cast, "Elternlotsen")
    secret.confidential_to.add(cast.birgit.organisation)

    assert similar("Elternlotsinnen", reader=cast.susanne, at=AT) == []


def test_nobody_in_particular_sees_nothing(cast: World) -> None:
    item(cast, "Elternlotsen")

    assert similar("Elternlotsen", reader=None, at=AT) == []


def test_withdrawn_topics_and_the_topic_itself_are_left_out(cast: World) -> None:
    item(cast, "Elternlotsen", AgendaItemState.WITHDRAWN, proposer=cast.susanne)
    own = item(cast, "Elternlotsen")

    assert similar("Elternlotsen", reader=cast.susanne, form_key=own.form_key, at=AT) == []
    assert similar("Elternlotsen", reader=cast.susanne, leave_out=own.pk, at=AT) == []


def test_of_a_topic_carried_over_the_last_one_is_named(cast: World) -> None:
    first = item(cast, "Elternlotsen", AgendaItemState.DEFERRED)
    last = item(cast, "Elternlotsen", continued_from=first)

    assert [one.item for one in similar("Elternlotsen", reader=cast.susanne, at=AT)] == [last]


@pytest.mark.parametrize("many", [1, 3])
def test_similar_asks_the_database_as_often_for_many_as_for_one(
    cast: World, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for _ in range(many):
        item(cast, "Elternlotsen")

    with django_assert_num_queries(4):
        assert len(similar("Elternlotsinnen", reader=cast.susanne, at=AT)) == many


def test_beside_a_proposal_stand_earlier_topics_and_the_one_it_goes_on_with(cast: World) -> None:
    past = item(cast, "Elternlotsinnen an Grundschulen", AgendaItemState.DISCUSSED)
    decision = DecisionFactory(
        alliance=cast.arbeit, meeting=past.meeting, agenda_item=past, state=DecisionState.ADOPTED
    )
    other = item(cast, "Elternlotsen", AgendaItemState.BACKLOG)
    own = item(cast, "Grundschulen: Elternlotsen", AgendaItemState.PROPOSED, relates_to=past)

    found = nearby([own], reader=cast.imke, at=AT)[own.pk]

    assert ([one.item for one in found.similar], found.goes_on and found.goes_on.item) == ([other], past)
    assert found.goes_on is not None
    assert found.goes_on.standing == f"Beschluss {decision.number}, 03.12.2026"
    assert found.similar[0].standing == "im Themenspeicher, 03.12.2026"


def test_topic_it_goes_on_with_is_not_named_to_who_may_not_see_it(cast: World) -> None:
    secret = item(cast, "Elternlotsen")
    secret.confidential_to.add(cast.birgit.organisation)
    own = item(cast, "Elternlotsinnen", AgendaItemState.PROPOSED, relates_to=secret, proposer=cast.susanne)

    assert nearby([own], reader=cast.susanne, at=AT) == {own.pk: Nearby()}


@pytest.mark.parametrize("many", [1, 3])
def test_beside_many_proposals_the_database_is_asked_as_often_as_beside_one(
    cast: World, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    past = item(cast, "Elternlotsen an Grundschulen", AgendaItemState.DISCUSSED)
    proposals = [item(cast, f"Elternlotsinnen {n}0", AgendaItemState.PROPOSED, relates_to=past) for n in range(many)]

    with django_assert_num_queries(3):
        found = nearby(proposals, reader=cast.imke, at=AT)

    assert [one.goes_on and one.goes_on.item for one in found.values()] == [past] * many
