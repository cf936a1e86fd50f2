""" "Ohne Sitzungen, die schon im Kalender stehen": an abo leaves out only what a mail really put there, as it stands."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from buendnisse.models import Person
from meetings.domain import planning
from meetings.models import Attendance, Meeting
from notifications.domain import bounces, resending
from notifications.models import FeedChoice, OutboxMessage
from tests.notifications import sending
from tests.notifications.views.test_calendar import at_nine, shown
from tests.support import smtp_sink
from tests.world import AT, World

__all__ = ["at_nine"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_nine")]

MINUTE = dt.timedelta(minutes=1)
HOUR = 60 * MINUTE
OLD = ("11.02.2027", "CONFIRMED", "OPAQUE")
NEW = ("18.02.2027", "CONFIRMED", "OPAQUE")
OFF = ("11.02.2027", "CANCELLED", "TRANSPARENT")


@pytest.fixture
def invited(invited: Meeting, cast: World) -> Meeting:
    """Susanne has the invitation in her calendar, and wants no meeting twice."""
    FeedChoice.objects.create(person=cast.susanne, without_invited=True, changed_at=AT)
    invited.refresh_from_db()
    return invited


def refuse(meeting: Meeting, cast: World, kind: str, reply: str, *, at: dt.datetime) -> None:
    """The relay took it, and her server did not."""
    bounces.refused(OutboxMessage.objects.get(person=cast.susanne, meeting_id=meeting.pk, kind=kind), reply, at=at)


def move(meeting: Meeting, cast: World, *, at: dt.datetime) -> None:
    week = dt.timedelta(days=7)
    facts = {"start": meeting.start + week, "end": meeting.end + week, "venue": cast.venue}
    planning.move_date(meeting, **facts, version=1, conflict_reason="Es ging nicht anders.", by=cast.imke, at=at)


def test_meeting_that_stands_in_the_calendar_is_left_out(client: Client, cast: World, invited: Meeting) -> None:
    assert shown(client, cast.susanne) == []


@pytest.mark.parametrize("reply", ["550 5.7.1 blocked by policy", "550 5.1.1 unknown user"])
def test_meeting_whose_invitation_was_refused_is_in_the_abo(
    client: Client, cast: World, invited: Meeting, reply: str
) -> None:
    refuse(invited, cast, "invitation", reply, at=AT + HOUR)

    assert shown(client, cast.susanne) == [OLD]


def test_meeting_whose_invitation_was_sent_once_more_is_left_out(
    client: Client, cast: World, invited: Meeting, relay: smtp_sink.Sink
) -> None:
    refuse(invited, cast, "invitation", "550 5.7.1 blocked by policy", at=AT + HOUR)
    row = Attendance.objects.select_related("person", "meeting__alliance").get(meeting=invited, person=cast.susanne)
    resending.resend(row, by=cast.imke, at=AT + 2 * HOUR)
    sending.deliver(relay, at=AT + 3 * HOUR)

    assert shown(client, cast.susanne) == []


def test_new_day_is_in_the_abo_until_its_mail_has_arrived(
    client: Client, cast: World, invited: Meeting, relay: smtp_sink.Sink
) -> None:
    move(invited, cast, at=AT + HOUR)
    before = shown(client, cast.susanne)
    sending.deliver(relay, at=AT + 2 * HOUR)
    assert (before, shown(client, cast.susanne)) == ([NEW], [])

    refuse(invited, cast, "moved", "550 5.7.1 blocked by policy", at=AT + 3 * HOUR)
    assert shown(client, cast.susanne) == [NEW]


def test_cancellation_is_in_the_abo_until_its_mail_has_arrived(
    client: Client, cast: World, invited: Meeting, relay: smtp_sink.Sink
) -> None:
    planning.cancel(invited, reason="Glatteis.", by=cast.imke, at=AT + HOUR)
    before = shown(client, cast.susanne)
    sending.deliver(relay, at=AT + 2 * HOUR)
    assert (before, shown(client, cast.susanne)) == ([OFF], [])

    refuse(invited, cast, "cancelled", "550 5.7.1 blocked by policy", at=AT + 3 * HOUR)
    assert shown(client, cast.susanne) == [OFF]


@pytest.mark.parametrize("change", [{"failed_address": "susanne@verein.example"}, {"mail_format": "none"}])
def test_whom_no_mail_reaches_any_more_sees_everything(
    client: Client, cast: World, invited: Meeting, change: dict[str, str]
) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(**change)

    assert shown(client, cast.susanne) == [OLD]
