"""No reminder, and no mail a rule sets off by itself, leaves at a weekend or on a public holiday."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import automatic_mail_time
from buendnisse.models import Change
from meetings.domain import answer_reminders, answers, circular_reminders, relay_reminders, task_reminders
from meetings.enums import CircularState, Happened, MeetingState
from meetings.models import ActionItem, CircularVote, Meeting, Relay
from notifications.domain import dispatch, votes
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.support import voting
from tests.support.relay_scene import Scene, hand_over, set_scene
from tests.world import AT, World

pytestmark = pytest.mark.django_db

FRIDAY, MONDAY = dt.date(2026, 11, 27), dt.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("start", "until"),
    [
        (dt.date(2027, 2, 17), dt.date(2027, 2, 12)),  # a Wednesday: the Sunday before becomes Friday
        (dt.date(2027, 3, 11), dt.date(2027, 3, 8)),
        (dt.date(2027, 4, 1), dt.date(2027, 3, 25)),  # Easter Monday becomes Maundy Thursday
    ],
)
def test_day_of_the_answer_is_a_working_day(start: dt.date, until: dt.date) -> None:
    meeting = Meeting(start=dt.datetime.combine(start, dt.time(14), tzinfo=dt.UTC))

    assert answers.answer_until(meeting) == until


@pytest.mark.parametrize(
    ("due_on", "reason", "day"),
    [
        (dt.date(2026, 11, 27), "late", MONDAY),
        (dt.date(2026, 12, 5), "before", FRIDAY),
        (dt.date(2027, 3, 25), "late", dt.date(2027, 3, 30)),
        (dt.date(2026, 12, 3), "before", dt.date(2026, 11, 26)),
        (dt.date(2026, 12, 3), "late", dt.date(2026, 12, 4)),
    ],
)
def test_task_is_reminded_of_before_the_weekend_or_after_it(due_on: dt.date, reason: str, day: dt.date) -> None:
    assert task_reminders.moment(ActionItem(due_on=due_on), reason) == automatic_mail_time(day)


@pytest.mark.parametrize(
    ("due_on", "reason", "day"), [(dt.date(2026, 12, 5), "before", FRIDAY), (dt.date(2026, 11, 27), "late", MONDAY)]
)
def test_relay_is_reminded_of_before_the_weekend_or_after_it(due_on: dt.date, reason: str, day: dt.date) -> None:
    relay, moment = Relay(due_on=due_on, sent_at=AT - dt.timedelta(days=60)), automatic_mail_time(day)

    before = relay_reminders.stage(relay, at=moment - dt.timedelta(seconds=1))
    assert (before == reason, relay_reminders.stage(relay, at=moment)) == (False, reason)


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def test_relay_due_on_a_friday_is_late_on_monday(scene: Scene) -> None:
    hand_over(scene, due_on=FRIDAY, at=AT - dt.timedelta(days=20))
    for day in range(9):
        relay_reminders.remind(at=AT + dt.timedelta(days=day))

    told = Change.objects.filter(verb=Happened.RELAY_REMINDED, reason="late")
    assert [change.at for change in told] == [automatic_mail_time(MONDAY)]


def test_meeting_on_a_wednesday_is_reminded_of_on_friday(scene: Scene) -> None:
    Meeting.objects.filter(pk=scene.bildung_february.pk).update(state=MeetingState.INVITED)
    friday = automatic_mail_time(dt.date(2027, 2, 12))

    assert answer_reminders.remind(at=friday - dt.timedelta(seconds=1)) == 0
    assert answer_reminders.remind(at=friday) == 1


def test_vote_opened_on_a_friday_is_reminded_of_on_monday(cast: World) -> None:
    vote = voting.begin(cast)
    opened = automatic_mail_time(FRIDAY) + dt.timedelta(hours=3)
    CircularVote.objects.filter(pk=vote.pk).update(opened_at=opened)

    assert circular_reminders.remind(at=automatic_mail_time(MONDAY) - dt.timedelta(seconds=1)) == 0
    assert circular_reminders.remind(at=automatic_mail_time(MONDAY)) == 1


def test_result_of_a_vote_that_ends_on_friday_leaves_on_monday_at_seven(cast: World) -> None:
    vote = voting.begin(cast)
    CircularVote.objects.filter(pk=vote.pk).update(closes_on=FRIDAY)
    vote.refresh_from_db()
    votes.close_due(at=vote.ends_at)
    dispatch.fan_out(at=vote.ends_at)

    vote.refresh_from_db()
    assert vote.state != CircularState.CIRCULATING
    mails = OutboxMessage.objects.filter(kind__in=[MailKind.BALLOT_RESULT, MailKind.BALLOT_MOVED])
    assert set(mails.values_list("not_before", flat=True)) == {automatic_mail_time(MONDAY)}
