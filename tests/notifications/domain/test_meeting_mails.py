"""The mails of a meeting on its page: when they left, to whom, and nothing that never left."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Person
from meetings.models import Meeting
from notifications.domain import meeting_mails
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def meeting(february: Meeting) -> Meeting:
    OutboxMessage.objects.all().delete()
    return february


def mail(meeting: Meeting, person: Person, kind: MailKind, number: int, state: OutboxState, **facts: object) -> None:
    OutboxMessage.objects.create(
        kind=kind,
        person=person,
        meeting_id=meeting.pk,
        occasion=f"{kind}:{number}",
        state=state,
        **{"created_at": AT, "not_before": AT + MINUTE, **facts},
    )


def test_mail_stands_with_the_moments_it_left_at(meeting: Meeting, cast: World) -> None:
    for person, sent_at in ((cast.susanne, AT + MINUTE), (cast.birgit, AT + 3 * DAY)):
        mail(meeting, person, MailKind.AGENDA, 1, OutboxState.SENT, sent_at=sent_at)

    [row] = meeting_mails.of(meeting)
    assert (row.number, row.first, row.last, row.is_of_several_days, row.only) == (
        2,
        AT + MINUTE,
        AT + 3 * DAY,
        True,
        "",
    )


def test_mail_that_waits_stands_with_when_it_goes(meeting: Meeting, cast: World) -> None:
    mail(meeting, cast.susanne, MailKind.MOVED, 1, OutboxState.WAITING)

    [row] = meeting_mails.of(meeting)
    assert (row.first, row.last, row.is_of_several_days) == (AT + MINUTE, AT + MINUTE, False)


def test_mail_to_one_person_names_them(meeting: Meeting, cast: World) -> None:
    for number, person in enumerate((cast.susanne, cast.birgit)):
        mail(meeting, person, MailKind.REQUEST_AGAIN, number, OutboxState.SENT, sent_at=AT + number * MINUTE)

    assert [(row.label, row.only) for row in meeting_mails.of(meeting)] == [
        ("Einladung noch einmal", cast.birgit.full_name),
        ("Einladung noch einmal", cast.susanne.full_name),
    ]


def test_what_was_taken_back_before_it_left_is_no_mail(meeting: Meeting, cast: World) -> None:
    mail(meeting, cast.susanne, MailKind.REQUEST_AGAIN, 1, OutboxState.SUPERSEDED)
    mail(meeting, cast.susanne, MailKind.MOVED, 2, OutboxState.SUPERSEDED)
    mail(meeting, cast.birgit, MailKind.MOVED, 2, OutboxState.SENT, sent_at=AT)
    mail(meeting, cast.corinna, MailKind.CANCELLED, 3, OutboxState.SUPERSEDED, may_have_arrived=True)

    assert [(row.kind, row.states, row.words) for row in meeting_mails.of(meeting)] == [
        (MailKind.CANCELLED, {"superseded": 1}, [("done", "überholt")]),
        (MailKind.MOVED, {"sent": 1}, [("done", "versandt")]),
    ]
