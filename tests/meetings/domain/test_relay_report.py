"""What meetings do to relays by themselves: the report notes what is only told, and closes what was read."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from buendnisse import german
from meetings.domain import cancellation, decisions, planning, relay, relay_report, report_lines, standing_look
from meetings.enums import MeetingState, RelayAnswerKind, RelayKind, RelayState
from meetings.models import Meeting, Relay
from tests.support.relay_scene import AFTER, LATER, Scene, decide, hand_over, held, meeting, taken_up
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


def test_an_answer_that_fell_is_told_where_it_had_been_read(scene: Scene) -> None:
    june, autumn = (meeting(scene.cast.bildung, 2027, month, 12, quarter=f"2027-Q{month // 3}") for month in (6, 9))
    sent, item = taken_up(scene)
    answer = decide(item)
    relay.answer_from_decision(answer, by=scene.cast.imke, at=AFTER)
    held(june)
    relay_report.pass_meetings(at=june.end + dt.timedelta(hours=1))
    report = relay_report.report_of(autumn)
    assert report is not None

    def told(at: dt.datetime) -> list[str]:
        look = standing_look.Look(autumn, at)
        return [line.text for line in report_lines.fallen(report, look)]

    later = june.end + dt.timedelta(days=20)
    assert told(later) == []
    decisions.revoke(answer, reason="Überholt.", by=scene.cast.imke, at=later)
    day = german.day(later)
    said = (
        f"Die Antwort aus Arbeit gilt so nicht mehr: {sent.subject} ({sent.number}). "
        f"{answer.number} wurde am {day} aufgehoben."
    )
    assert told(later) == [said]


def test_refusal_without_a_meeting_to_tell_it_in_is_told_in_the_next_one_planned(scene: Scene) -> None:
    planning.cancel(scene.bildung_february, reason="Glatteis.", by=scene.cast.imke, at=AT)
    sent = hand_over(scene)
    relay.decline(sent, reason="Das regelt die Gemeinde.", by=scene.cast.imke, at=LATER)
    assert (sent.returned_item, relay_report.pass_meetings(at=LATER)) == (None, 0)
    april = meeting(scene.cast.bildung, 2027, 4, 14, quarter="2027-Q2")

    assert [relay_report.pass_meetings(at=LATER), relay_report.pass_meetings(at=LATER)] == [1, 0]
    sent.refresh_from_db()
    assert sent.returned_item is not None
    assert (sent.state, sent.returned_item.meeting) == (RelayState.DECLINED, april)


def test_refusal_that_was_told_stays_where_it_was_told(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.decline(sent, reason="Das regelt die Gemeinde.", by=scene.cast.imke, at=AT)
    Relay.objects.update(returned_item=None)  # as in what was written down by hand
    held(scene.bildung_february)
    meeting(scene.cast.bildung, 2027, 4, 14, quarter="2027-Q2")

    assert relay_report.pass_meetings(at=AFTER) == 0


def test_refusals_that_were_told_cost_the_ring_one_query(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    relay.decline(hand_over(scene), reason="Das regelt die Gemeinde.", by=scene.cast.imke, at=AT)
    held(scene.bildung_february)

    with django_assert_num_queries(1):
        assert relay_report.pass_meetings(at=AFTER) == 0
