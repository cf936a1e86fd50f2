"""A mail that a later one of its matter replaced while it was on its way, or back again, does not leave any more."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes

import pytest
from django.db import connection

from buendnisse.models import FurtherAddress, Person
from meetings.domain import planning
from meetings.models import Meeting
from notifications import bounces as reading
from notifications.domain import bounces, dispatch, mail_room, returns, ring
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.notifications import sending
from tests.notifications.bounces import reports
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

START = sending.after_grace(AT)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
GREYLISTED = "450 4.7.1 Greylisted, try again in 5 minutes"


def methods(relay: smtp_sink.Sink, person: Person) -> list[str]:
    """What this person's calendar was told, in its order."""
    mails = [raw for recipient, raw in relay.mail if recipient == person.email]
    return [sending.calendar(message_from_bytes(raw))["METHOD"] for raw in mails]


def invitation_of(person: Person) -> OutboxMessage:
    return OutboxMessage.objects.select_related("person").get(person=person, kind=MailKind.INVITATION)


def cancel(meeting: Meeting, cast: World, *, at: dt.datetime) -> None:
    planning.cancel(Meeting.objects.get(pk=meeting.pk), reason="Glatteis.", by=cast.imke, at=at)
    dispatch.fan_out(at=at)


def test_invitation_the_relay_puts_off_while_the_meeting_is_cancelled_does_not_leave(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    def cancelled_meanwhile() -> None:
        cancel(february, cast, at=START)
        connection.close()

    relay.answers[cast.susanne.email] = GREYLISTED
    relay.meanwhile[cast.susanne.email] = cancelled_meanwhile
    ring.ring(at=START)
    relay.answers.clear()

    for later in (MINUTE, 15 * MINUTE, DAY):
        ring.ring(at=START + later)

    assert methods(relay, cast.susanne) == []
    assert methods(relay, cast.birgit) == ["REQUEST", "CANCEL"]
    assert invitation_of(cast.susanne).state == OutboxState.SUPERSEDED


def test_invitation_that_comes_back_for_a_while_does_not_follow_its_cancellation(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    message = invitation_of(cast.susanne)
    cancel(invited, cast, at=START)
    ring.ring(at=START + MINUTE)
    report = reading.read(
        reports.dsn(
            status="5.2.2", recipient=message.to_address, to=returns.sender(message), diagnostic="smtp; 552 full"
        )
    )
    assert report is not None
    assert bounces.settle(report, inbound=None, at=START + 2 * MINUTE) is not None

    ring.ring(at=START + 2 * DAY)

    assert methods(relay, cast.susanne) == ["REQUEST", "CANCEL"]


def test_invitation_that_failed_is_not_released_after_the_cancellation(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    relay.answers[cast.susanne.email] = "554 5.7.1 Spam"
    ring.ring(at=START)
    relay.answers.clear()
    cancel(february, cast, at=START)
    message = invitation_of(cast.susanne)

    with pytest.raises(mail_room.TooLate, match="inzwischen eine neuere Mail"):
        mail_room.act(message, do=mail_room.RELEASE, whole=False, by=cast.imke, at=START + MINUTE)

    ring.ring(at=START + DAY)
    assert methods(relay, cast.susanne) == []


def test_copy_the_relay_puts_off_leaves_though_another_address_got_one_of_the_same(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    first, second = "vorzimmer@verein.example", "archiv@verein.example"
    for address in (first, second):
        FurtherAddress.objects.create(person=cast.susanne, address=address, gets_copy=True)
    relay.answers[first] = GREYLISTED
    dispatch.fan_out(at=START)
    ring.ring(at=START)
    relay.answers.clear()

    ring.ring(at=START + 15 * MINUTE)

    assert [recipient for recipient, _raw in relay.mail if recipient in {first, second}] == [second, first]
