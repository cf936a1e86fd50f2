"""Whoever got the invitation by "Noch einmal senden" hears of whatever comes next, as everybody else does."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.domain import planning
from meetings.models import Attendance, Meeting
from notifications.domain import bounces, resending
from notifications.models import OutboxMessage
from tests.notifications import sending
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOON = AT + 3 * HOUR
SUSANNE = "susanne@verein.example"


def came_back(meeting: Meeting, world: World, kind: str, *, at: dt.datetime) -> None:
    """Her server takes the address and refuses this mail."""
    message = OutboxMessage.objects.get(person=world.susanne, meeting_id=meeting.pk, kind=kind)
    bounces.refused(message, "550 5.7.1 blocked by policy", at=at)


def resend(meeting: Meeting, world: World, *, at: dt.datetime) -> None:
    related = ("person", "meeting__alliance", "meeting__venue")
    row = Attendance.objects.select_related(*related).get(meeting=meeting, person=world.susanne)
    resending.resend(row, by=world.imke, at=at)


def move(meeting: Meeting, world: World, *, at: dt.datetime) -> None:
    week = dt.timedelta(days=7)
    facts = {"start": meeting.start + week, "end": meeting.end + week, "venue": world.venue}
    planning.move_date(
        meeting, **facts, version=meeting.version, conflict_reason="Es ging nicht anders.", by=world.imke, at=at
    )


def heard(relay: smtp_sink.Sink, *, at: dt.datetime) -> tuple[str, str, str, str]:
    """Subject, METHOD, DTSTART and SEQUENCE of what she gets now."""
    mail = sending.deliver(relay, at=at)[SUSANNE]
    entry = sending.calendar(mail)
    return (mail["Subject"], entry["METHOD"], entry["DTSTART"], entry["SEQUENCE"])


def test_invitation_that_was_refused_and_sent_again_is_cancelled(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    came_back(invited, cast, "invitation", at=AT + 5 * MINUTE)
    resend(invited, cast, at=NOON)
    assert heard(relay, at=NOON + HOUR)[1:] == ("REQUEST", "20270211T100000", "0")

    invited.refresh_from_db()
    planning.cancel(invited, reason="Glatteis.", by=cast.imke, at=NOON + 2 * HOUR)

    subject = "Abgesagt: Arbeit, 11.02.2027"
    assert heard(relay, at=NOON + 3 * HOUR) == (subject, "CANCEL", "20270211T100000", "1")


def test_move_that_was_refused_and_sent_again_is_cancelled_on_its_new_day(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    invited.refresh_from_db()
    move(invited, cast, at=NOON)
    assert heard(relay, at=NOON + HOUR)[1:] == ("REQUEST", "20270218T100000", "1")
    came_back(invited, cast, "moved", at=NOON + HOUR + MINUTE)
    resend(invited, cast, at=NOON + DAY)
    assert heard(relay, at=NOON + DAY + HOUR)[1:] == ("REQUEST", "20270218T100000", "1")

    invited.refresh_from_db()
    planning.cancel(invited, reason="Glatteis.", by=cast.imke, at=NOON + DAY + 2 * HOUR)

    subject = "Abgesagt: Arbeit, 18.02.2027"
    assert heard(relay, at=NOON + DAY + 3 * HOUR) == (subject, "CANCEL", "20270218T100000", "2")
