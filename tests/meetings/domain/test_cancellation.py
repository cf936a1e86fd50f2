"""A cancellation that is taken back: the meeting stands where it stood."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change
from meetings.domain import cancellation, planning
from meetings.domain.planning import PlanRefused
from meetings.enums import MEETING_MOVES, MeetingState
from meetings.models import Meeting
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
BEFORE = sorted(state for state, after in MEETING_MOVES.items() if MeetingState.CANCELLED in after)


@pytest.fixture
def cast() -> World:
    return world.build()


def cancelled(cast: World, state: str = MeetingState.INVITED) -> Meeting:
    meeting: Meeting = MeetingFactory(alliance=cast.arbeit, state=state)
    planning.cancel(meeting, reason="Glatteis.", by=cast.imke, at=AT)
    return meeting


@pytest.mark.parametrize("state", BEFORE)
def test_meeting_goes_back_to_where_it_was(cast: World, state: str) -> None:
    meeting = cancelled(cast, state)

    cancellation.restore(meeting, by=cast.imke, at=AT + MINUTE)

    stored = Meeting.objects.get()
    assert (stored.state, stored.cancel_reason, stored.changed_at, stored.version) == (state, "", AT + MINUTE, 3)
    assert (meeting.state, meeting.version) == (state, 3)
    off, back = Change.objects.order_by("pk")
    assert (back.verb, back.by, back.data) == ("meeting.restored", cast.imke, {"cancelled": off.pk, "state": state})
    assert cancellation.called_off(stored) is None


def test_what_can_be_cancelled_can_come_back_and_nothing_else() -> None:
    assert sorted(MEETING_MOVES[MeetingState.CANCELLED]) == BEFORE
    assert BEFORE == ["agenda_closed", "call_open", "confirmed", "invited", "planned"]


def test_the_last_of_two_cancellations_counts(cast: World) -> None:
    meeting = cancelled(cast, MeetingState.CONFIRMED)
    cancellation.restore(meeting, by=cast.imke, at=AT)
    Meeting.objects.update(state=MeetingState.INVITED)
    meeting.refresh_from_db()
    planning.cancel(meeting, reason="Doch.", by=cast.imke, at=AT)

    cancellation.restore(meeting, by=cast.imke, at=AT)

    assert meeting.state == MeetingState.INVITED


def refusal(meeting: Meeting, cast: World, at: dt.datetime = AT) -> str:
    with pytest.raises(PlanRefused) as refused:
        cancellation.restore(meeting, by=cast.imke, at=at)
    return str(refused.value)


def test_meeting_that_takes_place_cannot_come_back(cast: World) -> None:
    assert refusal(MeetingFactory(alliance=cast.arbeit), cast) == "Diese Sitzung ist nicht abgesagt."


def test_meeting_whose_hour_has_come_stays_cancelled(cast: World) -> None:
    meeting = cancelled(cast)

    assert refusal(meeting, cast, at=meeting.start) == "Die Sitzung hätte schon begonnen. Die Absage bleibt."
    assert Meeting.objects.get().state == MeetingState.CANCELLED


def test_quarter_that_has_another_date_takes_no_second(cast: World) -> None:
    meeting = cancelled(cast)
    MeetingFactory(alliance=cast.arbeit)

    assert refusal(meeting, cast) == (
        "Für dieses Quartal steht inzwischen ein anderer Termin. Bitte sagen Sie erst diesen ab."
    )
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancel_reason) == (MeetingState.CANCELLED, "Glatteis.")


def test_of_two_who_take_it_back_one_is_slower(cast: World) -> None:
    first = cancelled(cast)
    second = Meeting.objects.get()
    cancellation.restore(first, by=cast.imke, at=AT)

    assert refusal(second, cast) == "Jemand anderes war schneller. Bitte laden Sie die Seite neu."
    assert Change.objects.filter(verb="meeting.restored").count() == 1


@pytest.mark.parametrize(("hours", "soon"), [(-25, False), (-23, True), (0, True), (72, True), (73, False)])
def test_short_notice_is_three_days(hours: int, soon: bool) -> None:
    assert cancellation.is_soon(AT + dt.timedelta(hours=hours), at=AT) is soon
