"""Who gets what and when in a whole quarter, against the timeline of a quarter; and nobody more than the caps allow."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from buendnisse import clock
from buendnisse.enums import DigestRhythm
from buendnisse.models import Person
from meetings.domain import calendar_days, reminder_rules
from meetings.enums import DeadlineKind
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.config.demo import replay
from tests.config.demo.replay import Replay

pytestmark = pytest.mark.django_db
BODIES = ("Bildung", "Gesellschaft", "Arbeit")


@pytest.fixture(scope="module")
def quarter(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Replay]:
    """Every day with REPLAY=daily; the table is kept in build/test/quarter.txt."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():  # mail is kept, as in a demo
        found = replay.play(daily=os.environ.get("REPLAY") == "daily")
        file = Path(settings.BASE_DIR) / "build/test/quarter.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found.table(), encoding="utf-8")
        yield found
        transaction.set_rollback(True)
    clock.forget_shift()


@pytest.mark.parametrize("body", BODIES)
def test_each_step_goes_on_its_day(quarter: Replay, body: str) -> None:
    """Call at T-8 weeks, reminder at T-4 weeks, invitation at T-2 weeks, T-3 days or the Friday before, minutes at T+2 weeks.

    What people send leaves with the ring of the next morning. A call may be told by that of another alliance.
    """
    dates, next_morning = quarter.schedules[body], dt.timedelta(days=1)
    begin = dates[DeadlineKind.CALL_FOR_ITEMS]  # what is told before is about the quarter before
    days = {kind: {day for day in quarter.days_of(kind, body) if day >= begin} for kind in MailKind}

    assert days[MailKind.CALL] == {dates[DeadlineKind.CALL_FOR_ITEMS]}
    assert days[MailKind.CALL_REMINDER] == {dates[DeadlineKind.REMINDER]}
    assert days[MailKind.AGENDA] == {dates[DeadlineKind.INVITATION] + next_morning}
    reminded = calendar_days.working_day_until(dates[DeadlineKind.MEETING] - dt.timedelta(days=3))
    assert days[MailKind.ANSWER_REMINDER] == {reminded}
    assert days[MailKind.MINUTES] == {dates[DeadlineKind.MINUTES_DUE] + next_morning}


def test_nobody_is_reminded_more_often_than_the_caps_allow(quarter: Replay) -> None:
    per_quarter = Counter(
        (row.person, row.day.year, (row.day.month - 1) // 3) for row in quarter.rows if row.is_reminder
    )

    assert 0 < max(per_quarter.values()) <= reminder_rules.current().per_quarter


def test_nobody_is_reminded_at_a_weekend_or_on_a_holiday(quarter: Replay) -> None:
    """What fell due while it did not ring goes with the next ring."""
    if os.environ.get("REPLAY") == "daily":
        assert [row for row in quarter.rows if row.is_reminder and not calendar_days.is_working_day(row.day)] == []


def test_letters_with_news_come_once_a_week_or_once_a_month(quarter: Replay) -> None:
    """A Monday on which it did not ring is told by the next ring; every day's ring tells it on the Monday itself."""
    letters = [row for row in quarter.rows if row.kind == MailKind.DIGEST]
    monthly = set(Person.objects.filter(digest=DigestRhythm.MONTHLY).values_list("handle", flat=True))
    weeks = Counter((row.person, row.day.isocalendar()[:2]) for row in letters)
    months = Counter((row.person, row.day.month) for row in letters if row.person in monthly)

    assert (max(weeks.values()), max(months.values())) == (1, 1)
    if os.environ.get("REPLAY") == "daily":
        assert {row.day.weekday() for row in letters} == {0}


def test_nobody_is_asked_twice_within_three_days(quarter: Replay) -> None:
    days: dict[str, list[dt.date]] = {}
    for row in quarter.rows:
        if row.kind in {MailKind.CALL, MailKind.CALL_REMINDER, MailKind.ANSWER_REMINDER}:
            days.setdefault(row.person, []).append(row.day)
    gaps = [(later - earlier).days for found in days.values() for earlier, later in itertools.pairwise(found)]

    assert min(gaps) >= reminder_rules.current().together_days


def test_ringing_the_last_day_again_sends_nothing(quarter: Replay) -> None:
    sent = OutboxMessage.objects.filter(state=OutboxState.SENT).count()
    replay.call_command("ring", "--at", f"{replay.LAST.isoformat()}T07:00", verbosity=0)

    assert OutboxMessage.objects.filter(state=OutboxState.SENT).count() == sent
