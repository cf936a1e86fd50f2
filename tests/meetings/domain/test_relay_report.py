"""What meetings do to relays by themselves: the report notes what is only told, and closes what was read."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.domain import cancellation, planning, relay, relay_report
from meetings.enums import MeetingState, RelayAnswerKind, RelayKind, RelayState
from meetings.models import Meeting
from tests.support.relay_scene import AFTER, LATER, Scene, hand_over, held, meeting
from tests.world import AT

pytestmark = pytest.mark.django_db


def test_information_joins_the_next_report_by_itself(scene: Scene) -> None:
    sent = hand_over(scene, kind=RelayKind.FOR_INFORMATION)

    assert sent.target_item is not None
    assert (sent.state, sent.target_item.standing_code, sent.target_item.meeting) == (
        RelayState.ON_AGENDA,
        "relays",
        scene.arbeit_december,
    )


def test_information_is_noted_once_its_meeting_was_held(scene: Scene) -> None:
    sent = hand_over(scene, kind=RelayKind.FOR_INFORMATION)
    assert relay_report.pass_meetings(at=LATER) == 0
    held(scene.arbeit_december)

    assert [relay_report.pass_meetings(at=LATER), relay_report.pass_meetings(at=LATER)] == [1, 0]
    sent.refresh_from_db()
    assert (sent.state, sent.answer_kind, sent.closed_at) == (RelayState.CLOSED, RelayAnswerKind.NOTED, LATER)


def test_information_waits_for_a_meeting_that_is_not_planned_yet(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.cast.gesellschaft, kind=RelayKind.FOR_INFORMATION)
    assert (sent.state, relay_report.pass_meetings(at=AT)) == (RelayState.SENT, 0)
    march = meeting(scene.cast.gesellschaft, 2027, 3, 3, quarter="2027-Q1")

    assert relay_report.pass_meetings(at=AT) == 1
    sent.refresh_from_db()
    assert sent.target_item is not None
    assert sent.target_item.meeting == march


def test_answer_is_closed_once_it_was_read_at_home(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=LATER)
    held(scene.bildung_february)

    assert [relay_report.pass_meetings(at=AFTER), relay_report.pass_meetings(at=AFTER)] == [1, 0]
    sent.refresh_from_db()
    assert (sent.state, sent.closed_at) == (RelayState.CLOSED, AFTER)


def test_answer_moves_on_when_the_meeting_is_cancelled(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=LATER)
    Meeting.objects.filter(pk=scene.bildung_february.pk).update(state=MeetingState.CANCELLED)
    may = meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")

    assert [relay_report.pass_meetings(at=LATER), relay_report.pass_meetings(at=LATER)] == [1, 0]
    sent.refresh_from_db()
    assert sent.returned_item is not None
    assert sent.returned_item.meeting == may


def test_answer_waits_for_a_cancellation_that_may_be_taken_back(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=LATER)
    meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")
    planning.cancel(scene.bildung_february, reason="Glatteis.", by=scene.cast.imke, at=LATER)
    in_the_minute = relay_report.pass_meetings(at=LATER + dt.timedelta(minutes=1))
    cancellation.restore(scene.bildung_february, by=scene.cast.imke, at=LATER + dt.timedelta(minutes=1))

    later = relay_report.pass_meetings(at=LATER + dt.timedelta(minutes=3))
    sent.refresh_from_db()
    assert sent.returned_item is not None
    assert (in_the_minute, later, sent.returned_item.meeting) == (0, 0, scene.bildung_february)
