"""Two workers at once: each message is one's, and nobody waits for the other."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connections, transaction

from buendnisse import clock
from notifications.domain import claiming, outbox
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import groups
from tests.factories.buendnisse import PersonFactory
from tests.world import AT

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES = 6


def write(number: int, **fields: str) -> OutboxMessage:
    data = {"code": "482915", "valid_until": (AT + dt.timedelta(days=9)).isoformat()}
    row = outbox.write(
        kind=MailKind.CODE, person=PersonFactory(), occasion=f"code:{number}", at=AT, data=data, **fields
    )
    assert row is not None
    return row


def claim_elsewhere(limit: int) -> list[int]:
    """What a second worker gets, on a connection of its own."""
    found: list[int] = []

    def work() -> None:
        found.extend(one.pk for one in claiming.claim(at=AT, limit=limit))
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(20)
    return found


def test_each_message_is_claimed_by_one_worker() -> None:
    numbers = [write(number).pk for number in range(MESSAGES)]

    first, second = [one.pk for one in claiming.claim(at=AT, limit=4)], claim_elsewhere(4)

    assert (first, second) == (numbers[:4], numbers[4:])
    assert claim_elsewhere(4) == []


def test_worker_does_not_wait_for_one_that_is_just_claiming_and_takes_others() -> None:
    groups.require("postgresql")  # SQLite lets only one in at all
    numbers = [write(number).pk for number in range(MESSAGES)]

    with transaction.atomic():
        first = [one.pk for one in claiming.claim(at=AT, limit=4)]
        second = claim_elsewhere(4)

    assert (first, second) == (numbers[:4], numbers[4:])


def test_what_is_behind_another_on_its_way_leaves_its_place_to_those_after_it() -> None:
    ahead = write(0, matter="m")
    OutboxMessage.objects.filter(pk=ahead.pk).update(state=OutboxState.SENDING, claimed_at=clock.real_now())
    behind, *others = [write(number) for number in range(1, MESSAGES)]
    OutboxMessage.objects.filter(pk=behind.pk).update(matter="m", person=ahead.person_id)

    assert [one.pk for one in claiming.claim(at=AT, limit=2)] == [one.pk for one in others[:2]]
    assert OutboxMessage.objects.get(pk=behind.pk).state == OutboxState.WAITING
