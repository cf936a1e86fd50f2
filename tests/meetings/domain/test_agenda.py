"""What happens to a topic until the meeting."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from meetings.domain import agenda, agenda_own, agenda_sending
from meetings.enums import AgendaItemState, Happened, MeetingState
from meetings.models import AgendaItem, Meeting
from tests import world
from tests.factories.meetings import (
    AgendaItemFactory,
    MeetingFactory,
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


def test_propose_stores_a_proposal_with_its_change(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting, title="  100-Tage-Gespräche ")

    assert (item.title, item.state, item.is_late, item.duration_minutes) == (
        "100-Tage-Gespräche",
        AgendaItemState.PROPOSED,
        False,
        20,
    )
    assert item.proposing_organisation == cast.susanne.organisation
    assert verbs() == [Happened.ITEM_PROPOSED]


def test_propose_twice_with_one_key_is_one_topic(cast: World, meeting: Meeting) -> None:
    first = propose(cast, meeting, form_key=KEY)
    second = propose(cast, meeting, form_key=KEY)

    assert first == second
    assert AgendaItem.objects.filter(standing_code="").count() == 1


def test_propose_without_a_title_is_refused(cast: World, meeting: Meeting) -> None:
    with pytest.raises(agenda.TitleMissing, match="^Bitte nennen Sie Ihr Thema in einem Satz.$"):
        propose(cast, meeting, title="  ")

    assert AgendaItem.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "state", "is_late"),
    [
        (dt.date(2027, 2, 18), AgendaItemState.PROPOSED, False),
        (dt.date(2027, 2, 19), AgendaItemState.PROPOSED, True),
        (dt.date(2027, 3, 8), AgendaItemState.PROPOSED, True),
        (dt.date(2027, 3, 9), AgendaItemState.BACKLOG, False),
    ],
)
def test_propose_goes_where_the_day_puts_it(
    cast: World, meeting: Meeting, day: dt.date, state: str, is_late: bool
) -> None:
    item = propose(cast, meeting, at=dt.datetime.combine(day, dt.time(22, 30), tzinfo=dt.UTC))

    assert (item.state, item.is_late) == (state, is_late)
    assert (item.meeting is None) == (state == AgendaItemState.BACKLOG)


def test_propose_for_a_meeting_in_session_waits_in_the_themenspeicher(cast: World, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.IN_SESSION)
    meeting.refresh_from_db()

    assert propose(cast, meeting).state == AgendaItemState.BACKLOG


def test_accept_puts_the_topic_between_the_frame(cast: World, meeting: Meeting) -> None:
    one, two = propose(cast, meeting, title="Eins"), propose(cast, meeting, title="Zwei")

    agenda.accept(one, by=cast.imke, at=AT)
    agenda.accept(two, by=cast.imke, at=AT)

    assert titles(meeting) == ["opening", "relays", "Eins", "Zwei", "units", "closing"]
    assert [item.position for item in meeting.agenda_items.on_agenda()] == [1, 2, 3, 4, 5, 6]
    assert one.state == AgendaItemState.ACCEPTED


def test_accept_after_sending_is_scheduled_at_once_as_late(cast: World, meeting: Meeting) -> None:
    agenda.accept(propose(cast, meeting), by=cast.imke, at=AT)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")
    late = propose(cast, meeting, title="Nachtrag")

    agenda.accept(late, by=cast.imke, at=AT)

    assert (late.state, late.is_late) == (AgendaItemState.SCHEDULED, True)


def test_accept_from_the_themenspeicher_needs_a_meeting(cast: World, meeting: Meeting) -> None:
    item = propose(cast, None)

    with pytest.raises(agenda.TooLate):
        agenda.accept(item, by=cast.imke, at=AT)
    agenda.accept(item, meeting=meeting, by=cast.imke, at=AT)

    assert (item.state, item.meeting) == (AgendaItemState.ACCEPTED, meeting)


def test_schedule_places_at_a_position(cast: World, meeting: Meeting) -> None:
    agenda.accept(propose(cast, meeting, title="Eins"), by=cast.imke, at=AT)
    two = propose(cast, meeting, title="Zwei")

    agenda.schedule(two, position=3, by=cast.imke, at=AT)

    assert titles(meeting) == ["opening", "relays", "Zwei", "Eins", "units", "closing"]
    assert two.state == AgendaItemState.SCHEDULED


def test_accept_twice_is_one_step(cast: World, meeting: Meeting) -> None:
    one, two = propose(cast, meeting, title="Eins"), propose(cast, meeting, title="Zwei")
    agenda.accept(one, by=cast.imke, at=AT)
    agenda.accept(two, by=cast.imke, at=AT)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")
    before, standing = verbs(), titles(meeting)
    one.refresh_from_db()

    agenda.accept(one, by=cast.imke, at=AT)

    assert (verbs(), titles(meeting)) == (before, standing)
    assert (one.state, one.is_late, one.position) == (AgendaItemState.SCHEDULED, False, 3)


def test_accept_for_a_cancelled_meeting_is_refused(cast: World, meeting: Meeting) -> None:
    item = propose(cast, None)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CANCELLED)
    meeting.refresh_from_db()

    with pytest.raises(agenda.TooLate) as refused:
        agenda.accept(item, meeting=meeting, by=cast.imke, at=AT)

    assert str(refused.value) == (
        "Die Sitzung am 11.\xa0März\xa02027 ist abgesagt. Nehmen Sie das Thema in eine andere Sitzung auf."
    )


def test_accept_for_a_second_meeting_is_refused(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.accept(item, by=cast.imke, at=AT)
    june = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q2",
        start=dt.datetime(2027, 6, 10, 8, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 6, 10, 10, 0, tzinfo=dt.UTC),
    )

    with pytest.raises(agenda.TooLate) as refused:
        agenda.accept(item, meeting=june, by=cast.imke, at=AT)

    assert str(refused.value) == (
        "Dieses Thema gehört schon zur Sitzung am 11.\xa0März\xa02027. "
        "Verschieben Sie es dort, oder kopieren Sie es als neues Thema."
    )
    assert item.meeting == meeting


def test_withdraw_after_the_agenda_left_is_refused(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.accept(item, by=cast.imke, at=AT)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")
    item.refresh_from_db()

    with pytest.raises(agenda.TooLate):
        agenda_own.withdraw(item, by=cast.susanne, at=AT)


def test_edit_raises_the_version_and_refuses_a_stale_one(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.edit(item, version=1, by=cast.imke, at=AT, title="Neu")

    with pytest.raises(agenda.Stale) as refused:
        agenda.edit(item, version=1, by=cast.imke, at=AT, title="Anders")

    assert (refused.value.current.title, refused.value.current.version) == ("Neu", 2)


def test_edit_of_a_discussed_item_is_refused(cast: World, meeting: Meeting) -> None:
    item = AgendaItemFactory(meeting=meeting, state=AgendaItemState.DISCUSSED)

    with pytest.raises(agenda.TooLate):
        agenda.edit(item, version=1, by=cast.imke, at=AT, title="Neu")


def test_edit_own_is_for_the_proposer_and_only_until_a_decision(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    agenda_own.edit_own(item, version=1, by=cast.susanne, at=AT, title="Genauer")
    with pytest.raises(agenda.NotYours):
        agenda_own.edit_own(item, version=2, by=cast.hedwig, at=AT, title="Fremd")
    agenda.accept(item, by=cast.imke, at=AT)
    with pytest.raises(agenda.TooLate):
        agenda_own.edit_own(item, version=2, by=cast.susanne, at=AT, title="Zu spät")

    item.refresh_from_db()
    assert item.title == "Genauer"


def test_add_puts_the_fachstelles_own_topic_on_the_agenda_once(cast: World, meeting: Meeting) -> None:
    for _tap in range(2):
        agenda.add(
            meeting,
            title="Handlungskonzept",
            kind="discussion",
            minutes=25,
            presenter=cast.birgit,
            by=cast.imke,
            form_key=KEY,
            at=AT,
        )

    assert titles(meeting) == ["opening", "relays", "Handlungskonzept", "units", "closing"]
