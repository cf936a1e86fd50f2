"""A cancellation taken back leaves the questions to stand in as they were; one that has left ends them."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.enums import Via
from meetings.domain import answers, deputies
from meetings.enums import DeputyRequestState
from meetings.models import DeputyRequest, Meeting
from notifications.domain import recall, ring
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.notifications.short_notice import MINUTE, cancel, row
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db

GRETA = {"first_name": "Greta", "last_name": "Harms", "email": "greta@verein.example"}
ASKED = AT + dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


def ask(meeting: Meeting, cast: World) -> DeputyRequest:
    made = deputies.ask(row(meeting, cast.susanne), **GRETA, via=Via.LINK, by=cast.susanne, at=ASKED)
    assert isinstance(made, DeputyRequest)
    return made


def state() -> str:
    return DeputyRequest.objects.get().state


def questions() -> list[str]:
    rows = OutboxMessage.objects.filter(kind=MailKind.DEPUTY_ASKED).order_by("pk")
    return list(rows.values_list("state", flat=True))


def test_open_question_survives_a_cancellation_that_is_taken_back(invited: Meeting, cast: World) -> None:
    request = ask(invited, cast)
    ring.ring(at=ASKED + 2 * MINUTE)
    invited.refresh_from_db()
    cancelled = ASKED + 10 * MINUTE
    cancel(invited, cast, at=cancelled)
    ring.ring(at=cancelled + 30 * SECOND)
    assert state() == DeputyRequestState.ASKED
    recall.take_back(invited, by=cast.imke, at=cancelled + 40 * SECOND)
    ring.ring(at=cancelled + 5 * MINUTE)

    assert (state(), questions()) == (DeputyRequestState.ASKED, [OutboxState.SENT])
    answered = deputies.confirm(DeputyRequest.objects.get(), via=Via.LINK, by=request.person, at=cancelled + 6 * MINUTE)
    assert answers.deputy_of(row(invited, cast.susanne)) == answered


def test_question_ends_when_the_cancellation_has_left(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    ask(invited, cast)
    ring.ring(at=ASKED + 2 * MINUTE)
    invited.refresh_from_db()
    cancelled = ASKED + 10 * MINUTE
    cancel(invited, cast, at=cancelled)
    ring.ring(at=cancelled + 2 * MINUTE)
    ring.ring(at=cancelled + 4 * MINUTE)

    assert state() == DeputyRequestState.WITHDRAWN
    told = OutboxMessage.objects.get(kind=MailKind.DEPUTY_UNASKED)
    assert (told.person.email, told.state) == (GRETA["email"], OutboxState.SENT)


def test_question_that_waited_meanwhile_goes_out_after_all(invited: Meeting, cast: World) -> None:
    ask(invited, cast)
    cancel(invited, cast, at=ASKED + 20 * SECOND)
    ring.ring(at=ASKED + 70 * SECOND)  # the question is due, and nothing to say while the meeting is off
    assert OutboxState.SENT not in questions()
    recall.take_back(invited, by=cast.imke, at=ASKED + 75 * SECOND)
    ring.ring(at=ASKED + 5 * MINUTE)

    assert questions().count(OutboxState.SENT) == 1
