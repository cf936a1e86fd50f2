"""What becomes of a topic that is not taken up, and how each step is taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from buendnisse.models import Change, Paper
from meetings.domain import agenda, agenda_own
from meetings.enums import AgendaItemState, Happened, MeetingState
from meetings.models import AgendaItem, CircularVote, Meeting
from tests import world
from tests.factories.meetings import (
    AgendaItemFactory,
    DecisionFactory,
    MeetingFactory,
    RelayFactory,
)
from tests.meetings.topics_scene import arbeit_in_march, propose, titles, verbs
from tests.world import AT, World

pytestmark = pytest.mark.django_db

KEY = uuid.UUID("0b6f9a52-7f2e-4a8e-9d0f-3f1a5d2c7e10")


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    return arbeit_in_march(cast)


def deferred(cast: World, meeting: Meeting) -> tuple[AgendaItem, AgendaItem]:
    item = propose(cast, meeting)
    agenda.schedule(item, by=cast.imke, at=AT)
    return item, agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=AT)


def test_decline_keeps_the_reason_and_says_it_in_the_journal_by_code_only(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    agenda.decline(item, reason=" Die Sitzung ist voll. ", by=cast.imke, at=AT)

    assert (item.state, item.reason) == (AgendaItemState.DECLINED, "Die Sitzung ist voll.")
    change = Change.objects.get(verb=Happened.ITEM_DECLINED)
    assert (change.by, change.data) == (cast.imke, {"meeting": meeting.pk, "was": "proposed", "place": 0})


def test_decline_without_a_reason_is_refused(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    with pytest.raises(agenda.ReasonMissing):
        agenda.decline(item, reason=" ", by=cast.imke, at=AT)

    item.refresh_from_db()
    assert item.state == AgendaItemState.PROPOSED


def test_decline_of_an_answer_to_a_relay_is_refused(cast: World, meeting: Meeting) -> None:
    source = DecisionFactory(meeting=meeting, alliance=cast.arbeit, agenda_item=AgendaItemFactory(meeting=meeting))
    relay = RelayFactory(source=cast.bildung, target=cast.arbeit, source_decision=source)
    item = propose(cast, meeting)
    AgendaItem.objects.filter(pk=item.pk).update(answers=relay)
    item.refresh_from_db()

    with pytest.raises(agenda.HoldsRelay):
        agenda.decline(item, reason="Voll.", by=cast.imke, at=AT)


def test_delegate_names_who_cares(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    agenda.delegate(item, to=cast.birgit.organisation, reason="Frau Hanneken ruft Sie an.", by=cast.imke, at=AT)

    assert (item.state, item.delegated_to) == (AgendaItemState.DELEGATED, cast.birgit.organisation)


def test_defer_of_a_proposal_to_the_themenspeicher_moves_the_item(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    result = agenda.defer(item, to=None, reason="Im Juni ist mehr Zeit.", by=cast.imke, at=AT)

    assert result == item
    assert (item.state, item.meeting_id, item.reason) == (AgendaItemState.BACKLOG, None, "Im Juni ist mehr Zeit.")
    assert verbs()[-1] == Happened.ITEM_BACKLOGGED


def test_defer_to_a_later_meeting_leaves_a_successor(cast: World, meeting: Meeting) -> None:
    later = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q2",
        start=dt.datetime(2027, 6, 10, 8, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 6, 10, 10, 0, tzinfo=dt.UTC),
        state=MeetingState.CONFIRMED,
    )
    item = propose(cast, meeting)
    agenda.accept(item, by=cast.imke, at=AT)

    successor = agenda.defer(item, to=later, reason="Die Zahlen fehlen noch.", by=cast.imke, at=AT)

    assert (item.state, item.position) == (AgendaItemState.DEFERRED, 0)
    assert (successor.continued_from, successor.meeting, successor.state) == (item, later, AgendaItemState.ACCEPTED)
    assert titles(meeting) == ["opening", "relays", "units", "closing"]
    assert titles(later) == ["opening", "relays", "100-Tage-Gespräche", "units", "closing"]


def test_defer_to_another_alliance_is_refused(cast: World, meeting: Meeting) -> None:
    elsewhere = MeetingFactory(alliance=cast.bildung, quarter="2027-Q1", start=meeting.start, end=meeting.end)

    with pytest.raises(agenda.TooLate):
        agenda.defer(propose(cast, meeting), to=elsewhere, reason="Später.", by=cast.imke, at=AT)


def test_restore_brings_back_what_was_put_off(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.schedule(item, by=cast.imke, at=AT)
    successor = agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=AT)
    assert successor != item

    agenda.restore(item, by=cast.imke, at=AT)

    assert (item.state, item.reason) == (AgendaItemState.SCHEDULED, "")
    assert titles(meeting) == ["opening", "relays", item.title, "units", "closing"]
    assert AgendaItem.objects.filter(pk=successor.pk).exists() is False


def test_restore_is_refused_once_a_paper_lies_with_the_successor(cast: World, meeting: Meeting) -> None:
    item, successor = deferred(cast, meeting)
    successor.papers.add(Paper.objects.create(slug="plan", title="Plan", kind="Unterlage", dated=AT.date()))

    with pytest.raises(agenda.TooLate) as refused:
        agenda.restore(item, by=cast.imke, at=AT)

    assert str(refused.value) == (
        "Mit diesem Thema ist schon weitergearbeitet worden. Es lässt sich nicht mehr zurückholen."
    )
    assert successor.papers.count() == 1


@pytest.mark.parametrize("field", ["agenda_item", "next_item"])
def test_restore_is_refused_once_the_successor_is_voted_on(cast: World, meeting: Meeting, field: str) -> None:
    item, successor = deferred(cast, meeting)
    vote: dict[str, Any] = {"number": "U-A-2026-01", "subject": "Rufbus", "text": "Er fährt.", field: successor}
    CircularVote.objects.create(alliance=cast.arbeit, closes_on=AT.date(), **vote)

    with pytest.raises(agenda.TooLate):
        agenda.restore(item, by=cast.imke, at=AT)


@pytest.mark.parametrize("has_next", [True, False])
def test_restore_of_what_was_discussed_stands_where_it_stood(cast: World, meeting: Meeting, has_next: bool) -> None:
    item = propose(cast, meeting)
    agenda.schedule(item, by=cast.imke, at=AT)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.HELD)
    AgendaItem.objects.filter(pk=item.pk).update(state=AgendaItemState.DISCUSSED)
    item = AgendaItem.objects.get(pk=item.pk)
    after = meeting.end + dt.timedelta(hours=1)
    if has_next:
        start = meeting.start + dt.timedelta(days=91)
        MeetingFactory(alliance=cast.arbeit, quarter="2027-Q2", start=start, end=start + dt.timedelta(hours=2))
    agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=after)

    agenda.restore(item, by=cast.imke, at=after)

    assert (item.state, item.meeting, item.position) == (AgendaItemState.SCHEDULED, meeting, 3)


def test_restore_is_refused_once_the_successor_moved_on(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.schedule(item, by=cast.imke, at=AT)
    successor = agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=AT)
    agenda.edit(successor, version=1, by=cast.imke, at=AT, title="Neuer Zuschnitt")

    with pytest.raises(agenda.TooLate):
        agenda.restore(item, by=cast.imke, at=AT)


@pytest.mark.parametrize("step", ["decline", "accept", "withdraw"])
def test_restore_takes_a_step_back(cast: World, meeting: Meeting, step: str) -> None:
    item = propose(cast, meeting)
    given = {"reason": "Voll."} if step == "decline" else {}
    getattr(agenda_own if step == "withdraw" else agenda, step)(item, by=cast.imke, at=AT, **given)

    agenda.restore(item, by=cast.imke, at=AT)

    assert (item.state, item.reason, item.position) == (AgendaItemState.PROPOSED, "", 0)
    assert verbs()[-1] == Happened.ITEM_RESTORED


def test_restore_goes_back_step_by_step(cast: World, meeting: Meeting) -> None:
    one, item = propose(cast, meeting, title="Eins"), propose(cast, None, title="Zwei")
    agenda.accept(item, meeting=meeting, by=cast.imke, at=AT)
    agenda.accept(one, by=cast.imke, at=AT)
    agenda.decline(item, reason="Nein.", by=cast.imke, at=AT)
    assert titles(meeting) == ["opening", "relays", "Eins", "units", "closing"]

    agenda.restore(item, by=cast.imke, at=AT)
    assert titles(meeting) == ["opening", "relays", "Zwei", "Eins", "units", "closing"]
    agenda.restore(item, by=cast.imke, at=AT)

    assert (item.state, item.meeting, item.position) == (AgendaItemState.BACKLOG, None, 0)
