"""A relay that ends the connection: the message at which it does waits, the others leave."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from notifications.domain import delivery, outbox
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import PersonFactory
from tests.notifications import sending
from tests.support import smtp_sink
from tests.world import AT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_both_ways")]

BAD = "dritte@verein.example"


def write(*addresses: str) -> list[OutboxMessage]:
    """A code for each address, in this order."""
    data = {"code": "482915", "valid_until": (AT + dt.timedelta(days=9)).isoformat()}
    for number, address in enumerate(addresses):
        person = PersonFactory(email=address)
        outbox.write(kind=MailKind.CODE, person=person, occasion=f"code:{number}", at=AT, data=data)
    return list(OutboxMessage.objects.order_by("pk"))


def many(count: int) -> list[str]:
    return [f"nr{number}@verein.example" for number in range(count)]


def states() -> list[tuple[str, int]]:
    return list(OutboxMessage.objects.order_by("pk").values_list("state", "attempts"))


def arrived(relay: smtp_sink.Sink) -> list[str]:
    return [recipient for recipient, _data in relay.mail]


def test_message_that_ends_the_connection_waits_and_the_others_leave(relay: smtp_sink.Sink) -> None:
    before, after = many(2), ["vierte@verein.example", "letzte@verein.example"]
    relay.hangs_up_at.add(BAD)
    write(*before, BAD, *after)

    outbox.send_batch(at=AT)

    assert arrived(relay) == [*before, *after]
    assert states() == [("sent", 1), ("sent", 1), ("waiting", 1), ("sent", 1), ("sent", 1)]
    assert relay.sessions == 3  # it was tried once more as the first of a connection, and was to blame


def test_it_goes_later_with_the_same_bytes_once_the_relay_takes_it(relay: smtp_sink.Sink) -> None:
    relay.hangs_up_at.add(BAD)
    write(BAD)
    outbox.send_batch(at=AT)
    frozen = OutboxMessage.objects.get()
    relay.hangs_up_at.clear()

    assert outbox.send_batch(at=AT) == 0
    assert outbox.send_batch(at=AT + dt.timedelta(minutes=10)) == 1
    assert relay.mail[0][1] == bytes(frozen.payload or b"")


def test_after_three_days_it_has_failed_and_says_so(relay: smtp_sink.Sink) -> None:
    relay.hangs_up_at.add(BAD)
    write(BAD, "andere@verein.example")

    for day in range(3):
        outbox.send_batch(at=AT + dt.timedelta(days=day))
    assert states() == [("waiting", 3), ("sent", 1)]

    outbox.send_batch(at=AT + dt.timedelta(days=3))
    assert states() == [("failed", 4), ("sent", 1)]
    assert OutboxMessage.objects.get(state=OutboxState.FAILED).failure != ""
    assert outbox.send_batch(at=AT + dt.timedelta(days=4)) == 0


def test_relay_that_takes_ten_messages_in_one_session_gets_all_and_blames_nobody(relay: smtp_sink.Sink) -> None:
    relay.in_one_session = 10
    write(*many(45))

    outbox.send_batch(at=AT)

    assert arrived(relay) == many(45)
    assert set(states()) == {("sent", 1)}


def test_connections_of_a_batch_are_bounded_and_who_waits_is_not_to_blame(relay: smtp_sink.Sink) -> None:
    relay.hangs_up_at.update(many(20))
    write(*many(20), "letzte@verein.example")

    outbox.send_batch(at=AT)

    assert relay.sessions == 12
    assert states() == [("waiting", 1)] * 12 + [("waiting", 0)] * 9
    later = AT + dt.timedelta(minutes=10)
    OutboxMessage.objects.filter(attempts=1).update(not_before=later + dt.timedelta(hours=1))
    outbox.send_batch(at=later)
    assert arrived(relay) == ["letzte@verein.example"]


def test_relay_that_is_down_counts_no_attempt(relay: smtp_sink.Sink, settings: Any) -> None:
    with smtp_sink.running() as gone:
        sending.use(settings, gone)
    write(*many(2))

    for ring in range(6):
        outbox.send_batch(at=AT + ring * dt.timedelta(minutes=10))

    assert states() == [("waiting", 0), ("waiting", 0)]
    sending.use(settings, relay)
    outbox.send_batch(at=AT + dt.timedelta(days=1))
    assert arrived(relay) == many(2)


def test_what_could_not_be_noted_as_sent_is_noted_later(relay: smtp_sink.Sink) -> None:
    """The database says no at the wrong moment; what has left is not forgotten, or it would go again."""
    [message] = write("erste@verein.example")
    OutboxMessage.objects.update(state=OutboxState.SENDING)
    left = delivery._Left(AT)
    left.add(message)
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            left.note_rest()
    assert states() == [("sending", 0)]

    left.note_rest()

    assert states() == [("sent", 0)]
