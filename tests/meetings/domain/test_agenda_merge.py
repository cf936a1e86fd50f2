"""Two topics become one, and two again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from buendnisse.models import Change, Paper
from meetings.domain import agenda, agenda_merge
from meetings.enums import AgendaItemState, Happened
from meetings.models import AgendaItem, Meeting
from tests import world
from tests.factories.buendnisse import OrganisationFactory
from tests.meetings.domain.test_agenda import propose, titles
from tests.meetings.march import march_of_arbeit
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SAID = "Beide Themen gehen um Busse. Wir sprechen einmal darüber."


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    return march_of_arbeit(cast)


def paper(slug: str) -> Paper:
    return Paper.objects.create(slug=slug, title=slug, kind="Unterlage", dated=AT.date())


def pair(cast: World, meeting: Meeting) -> tuple[AgendaItem, AgendaItem]:
    into = propose(cast, meeting, title="Rufbus")
    agenda.accept(into, by=cast.imke, at=AT)
    return propose(cast, meeting, title="Spätfahrten", proposer=cast.birgit), into


def test_merge_keeps_the_other_on_the_agenda_and_names_both(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    plan = paper("plan")
    item.papers.add(plan)

    agenda.merge(item, into=into, reason=f" {SAID} ", by=cast.imke, at=AT)

    assert (item.state, item.merged_into, item.reason) == (AgendaItemState.MERGED, into, SAID)
    assert titles(meeting) == ["opening", "relays", "Rufbus", "units", "closing"]
    assert [one.proposer for one in (into, *into.merged.all())] == [cast.susanne, cast.birgit]
    assert list(into.papers.all()) == [plan]
    change = Change.objects.get(verb=Happened.ITEM_MERGED)
    assert (change.subject_id, change.data["into"], change.data["was"]) == (item.pk, into.pk, "proposed")


def test_merge_taken_back_gives_each_what_it_had(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    agenda.accept(item, by=cast.imke, at=AT)
    shared, own = paper("shared"), paper("own")
    into.papers.add(shared)
    item.papers.add(shared, own)
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT)

    agenda.restore(item, by=cast.imke, at=AT)

    assert (item.state, item.merged_into, item.reason) == (AgendaItemState.ACCEPTED, None, "")
    assert titles(meeting) == ["opening", "relays", "Rufbus", "Spätfahrten", "units", "closing"]
    assert (list(into.papers.all()), set(item.papers.all())) == ([shared], {shared, own})


def test_merged_topic_goes_along_with_a_successor_and_back(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    agenda.schedule(into, by=cast.imke, at=AT)
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT)

    successor = agenda.defer(into, to=None, reason="Voll.", by=cast.imke, at=AT)
    item.refresh_from_db()
    there = item.merged_into
    agenda.restore(into, by=cast.imke, at=AT)
    item.refresh_from_db()

    assert (there, item.merged_into) == (successor, into)


def test_merge_across_bodies_is_refused(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    AgendaItem.objects.filter(pk=into.pk).update(alliance=cast.bildung)
    into.refresh_from_db()

    with pytest.raises(agenda_merge.AcrossBodies) as refused:
        agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT)

    assert str(refused.value) == (
        "Die beiden Themen gehören zu verschiedenen Bündnissen. Zusammenlegen geht nur in einem Bündnis; "
        "in ein anderes geben Sie ein Thema mit einer Weiterleitung."
    )
    item.refresh_from_db()
    assert item.state == AgendaItemState.PROPOSED


def test_merge_with_itself_without_a_reason_or_with_what_is_over_is_refused(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    with pytest.raises(agenda_merge.CannotMerge):
        agenda.merge(item, into=item, reason=SAID, by=cast.imke, at=AT)
    with pytest.raises(agenda.ReasonMissing):
        agenda.merge(item, into=into, reason=" ", by=cast.imke, at=AT)
    agenda.decline(into, reason="Nein.", by=cast.imke, at=AT)
    with pytest.raises(agenda_merge.CannotMerge, match="Der Stand ist „nicht aufgenommen“.$"):
        agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT)


def test_merge_keeps_confidential_apart_from_open(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    item.confidential_to.add(OrganisationFactory())

    with pytest.raises(agenda_merge.CannotMerge, match="^Die beiden Themen sind nicht für dieselben"):
        agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT)


def test_merge_of_what_holds_another_says_which_way_round(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    third = propose(cast, meeting, title="Bahn")
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT)

    with pytest.raises(agenda_merge.CannotMerge, match="^In „Rufbus“ ist schon ein anderes Thema enthalten."):
        agenda.merge(into, into=third, reason=SAID, by=cast.imke, at=AT)


def test_database_refuses_merged_without_a_partner(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(state=AgendaItemState.MERGED)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(merged_into=into)


def test_what_is_dealt_with_under_a_declined_topic_is_a_topic_again(cast: World, meeting: Meeting) -> None:
    item, into = pair(cast, meeting)
    agenda.accept(item, by=cast.imke, at=AT)
    plan = paper("plan")
    item.papers.add(plan)
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT)

    agenda.decline(into, reason="Dafür ist der Kreistag zuständig.", by=cast.imke, at=AT)

    item.refresh_from_db()
    assert (into.state, item.state, item.merged_into) == (AgendaItemState.DECLINED, AgendaItemState.ACCEPTED, None)
    assert titles(meeting) == ["opening", "relays", "Spätfahrten", "units", "closing"]
    assert (list(into.papers.all()), list(item.papers.all())) == ([], [plan])


def test_what_is_dealt_with_under_a_topic_given_away_is_a_topic_again(cast: World, meeting: Meeting) -> None:
    into = propose(cast, meeting, title="Rufbus")
    item = propose(cast, meeting, title="Spätfahrten", proposer=cast.birgit)
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT)

    agenda.delegate(into, to=OrganisationFactory.create(), reason="Das klärt das Amt.", by=cast.imke, at=AT)

    item.refresh_from_db()
    assert (into.state, item.state, item.merged_into) == (AgendaItemState.DELEGATED, AgendaItemState.PROPOSED, None)
