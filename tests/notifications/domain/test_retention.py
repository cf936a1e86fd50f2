"""What is forgotten after 30 days, whatever became of the mail."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.domain import planning
from meetings.models import Attendance
from notifications.domain import outbox, retention, telephone
from notifications.enums import CallOutcome, MailKind, OutboxState
from notifications.models import OutboxMessage, TelephoneMark
from tests.factories.buendnisse import PersonFactory
from tests.factories.meetings import MeetingFactory
from tests.world import AT

pytestmark = pytest.mark.django_db

LATER = AT + dt.timedelta(days=31)


def message(state: OutboxState) -> OutboxMessage:
    made = outbox.write(kind=MailKind.DIGEST, person=PersonFactory(), occasion=f"x:{state}", at=AT, data={"id": 1})
    assert made is not None
    sent_at = AT if state == OutboxState.SENT else None
    OutboxMessage.objects.filter(pk=made.pk).update(state=state, payload=b"Liebe Leute", sent_at=sent_at)
    return made


@pytest.mark.parametrize(
    ("state", "data"),
    [
        (OutboxState.SENT, {}),
        (OutboxState.SUPERSEDED, {}),
        (OutboxState.FAILED, {"id": 1}),
        (OutboxState.STOPPED, {"id": 1}),
    ],
)
def test_bytes_go_after_thirty_days(state: OutboxState, data: dict[str, int]) -> None:
    made = message(state)

    done = [retention.forget_due(at=AT + dt.timedelta(days=29)), retention.forget_due(at=LATER)]
    again = retention.forget_due(at=LATER)

    made.refresh_from_db()
    assert (done, again, made.payload, made.data) == ([0, 1], 0, None, data)


def test_waiting_mail_is_kept() -> None:
    made = message(OutboxState.WAITING)

    assert retention.forget_due(at=LATER) == 0
    made.refresh_from_db()
    assert bytes(made.payload or b"") == b"Liebe Leute"


def test_who_was_called_is_forgotten_a_month_after_the_meeting() -> None:
    person = PersonFactory()
    meeting = MeetingFactory(state="confirmed")
    row = Attendance.objects.create(meeting=meeting, person=person, organisation=person.organisation, role="member")
    planning.cancel(meeting, reason="Glatteis.", by=person, at=AT)
    telephone.mark(meeting, row=row.pk, outcome=CallOutcome.REACHED, by=person, at=AT)

    kept = [retention.forget_due(at=LATER), retention.forget_due(at=meeting.end + retention.KEEP_BYTES)]
    gone = retention.forget_due(at=meeting.end + dt.timedelta(days=31))
    assert (kept, gone, TelephoneMark.objects.count()) == ([0, 0], 1, 0)
