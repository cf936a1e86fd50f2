"""Many rows at once: each with its own values, only where nobody was faster, and nothing cut short."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from buendnisse.models.at_once import Swap, bytes_of, insert_new, swap_all
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import PersonFactory
from tests.world import AT

pytestmark = pytest.mark.django_db

COMPARE = ("state", "sent_at")
CHANGE = ("payload", "data", "subject", "sent_at")


def message(number: int) -> OutboxMessage:
    return OutboxMessage(
        kind=MailKind.LINK,
        person=PersonFactory(),
        occasion=f"link:{number}",
        data={"name": "Özdemir", "none": None},
        created_at=AT,
        not_before=AT,
    )


@pytest.fixture
def rows() -> list[OutboxMessage]:
    insert_new(OutboxMessage, [message(number) for number in range(3)])
    return list(OutboxMessage.objects.order_by("pk"))


def swap(row: OutboxMessage, payload: bytes | None, *, state: str = OutboxState.WAITING) -> Swap:
    return Swap(
        row.pk, (state, None), (payload, {"number": row.pk}, f"Nr. {row.pk} <ä>", AT + dt.timedelta(days=row.pk))
    )


def test_what_is_inserted_is_as_it_was_made(rows: list[OutboxMessage]) -> None:
    assert [(row.occasion, row.data, row.copy_to_id, row.payload, row.state) for row in rows] == [
        (f"link:{number}", {"name": "Özdemir", "none": None}, None, None, OutboxState.WAITING) for number in range(3)
    ]
    assert {row.not_before for row in rows} == {AT}


def test_what_is_there_already_stays_as_it_is(rows: list[OutboxMessage]) -> None:
    again, new = message(0), message(3)
    again.person, again.data = rows[0].person, {"name": "later"}

    insert_new(OutboxMessage, [again, new])

    assert OutboxMessage.objects.count() == 4
    assert OutboxMessage.objects.get(pk=rows[0].pk).data == rows[0].data


def test_each_row_gets_its_own_values(rows: list[OutboxMessage]) -> None:
    payloads = [b"\x00\xff'\\", b"", None]

    assert swap_all(OutboxMessage, [*map(swap, rows, payloads)], compare=COMPARE, change=CHANGE) == 3

    found = list(OutboxMessage.objects.order_by("pk"))
    assert [None if row.payload is None else bytes(row.payload) for row in found] == payloads
    assert [(row.data, row.subject, row.sent_at) for row in found] == [
        ({"number": row.pk}, f"Nr. {row.pk} <ä>", AT + dt.timedelta(days=row.pk)) for row in rows
    ]


def test_row_that_is_not_as_it_was_thought_to_be_stays_and_is_not_counted(rows: list[OutboxMessage]) -> None:
    first, second, third = rows
    OutboxMessage.objects.filter(pk=third.pk).update(sent_at=AT)
    swaps = [swap(first, b"1", state=OutboxState.SENDING), swap(second, b"2"), swap(third, b"3")]

    assert swap_all(OutboxMessage, swaps, compare=COMPARE, change=CHANGE) == 1

    assert bytes_of(OutboxMessage, "payload", keys=[row.pk for row in rows]) == {second.pk: b"2"}


def test_nothing_is_nothing() -> None:
    insert_new(OutboxMessage, [])

    assert swap_all(OutboxMessage, [], compare=COMPARE, change=CHANGE) == 0
    assert bytes_of(OutboxMessage, "payload", keys=[]) == {}


def test_what_the_table_refuses_is_refused(rows: list[OutboxMessage]) -> None:
    strange = [Swap(rows[0].pk, (OutboxState.WAITING,), ("strange",))]

    with pytest.raises(IntegrityError), transaction.atomic():
        swap_all(OutboxMessage, strange, compare=("state",), change=("state",))
    if connection.vendor == "postgresql":  # SQLite knows no lengths
        long = [Swap(rows[0].pk, (OutboxState.WAITING,), ("x" * 251,))]
        with pytest.raises(DataError), transaction.atomic():
            swap_all(OutboxMessage, long, compare=("state",), change=("subject",))
