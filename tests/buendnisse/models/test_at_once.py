"""Many rows at once: each with its own values, only where nobody was faster, and nothing cut short."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from buendnisse.models.at_once import Swap, insert_new, set_all, swap_all, take_all
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

    found = OutboxMessage.objects.exclude(payload=None).values_list("pk", "payload")
    assert {pk: bytes(payload) for pk, payload in found} == {second.pk: b"2"}


def test_the_same_values_for_those_that_are_as_they_were_thought_to_be(rows: list[OutboxMessage]) -> None:
    first, second, third = rows
    OutboxMessage.objects.filter(pk=second.pk).update(state=OutboxState.STOPPED)

    was, now = (
        {"state": OutboxState.WAITING},
        {"state": OutboxState.SENT, "sent_at": AT, "tried_since": None, "data": {}},
    )
    set_all(OutboxMessage, [first.pk, second.pk], was=was, now=now)

    found = OutboxMessage.objects.order_by("pk").values_list("pk", "state", "sent_at", "data")
    assert list(found) == [
        (first.pk, OutboxState.SENT, AT, {}),
        (second.pk, OutboxState.STOPPED, None, second.data),
        (third.pk, OutboxState.WAITING, None, third.data),
    ]


def test_what_is_taken_is_read_as_it_is_now(rows: list[OutboxMessage]) -> None:
    first, second, third = rows
    OutboxMessage.objects.filter(pk=second.pk).update(state=OutboxState.STOPPED)
    OutboxMessage.objects.filter(pk=third.pk).update(payload=b"\x00\xff'\\", attempts=4)

    was, now = {"state": OutboxState.WAITING}, {"state": OutboxState.SENDING, "claimed_at": AT, "claimed_by": "ä"}
    taken = take_all(OutboxMessage, [row.pk for row in rows], was=was, now=now, counted="attempts")

    assert {one.pk: (one.attempts, one.payload and bytes(one.payload)) for one in taken} == {
        first.pk: (1, None),
        third.pk: (5, b"\x00\xff'\\"),
    }
    for one in taken:
        stored = OutboxMessage.objects.get(pk=one.pk)
        names = [field.attname for field in OutboxMessage._meta.concrete_fields if field.name != "payload"]
        assert {name: getattr(one, name) for name in names} == {name: getattr(stored, name) for name in names}


def test_nothing_is_nothing() -> None:
    insert_new(OutboxMessage, [])

    assert swap_all(OutboxMessage, [], compare=COMPARE, change=CHANGE) == 0
    assert take_all(OutboxMessage, [], was={}, now={"state": OutboxState.SENT}, counted="attempts") == []
    set_all(OutboxMessage, [], was={}, now={"state": OutboxState.SENT})


def test_what_the_table_refuses_is_refused(rows: list[OutboxMessage]) -> None:
    strange = [Swap(rows[0].pk, (OutboxState.WAITING,), ("strange",))]

    with pytest.raises(IntegrityError), transaction.atomic():
        swap_all(OutboxMessage, strange, compare=("state",), change=("state",))
    if connection.vendor == "postgresql":  # SQLite knows no lengths
        long = [Swap(rows[0].pk, (OutboxState.WAITING,), ("x" * 251,))]
        with pytest.raises(DataError), transaction.atomic():
            swap_all(OutboxMessage, long, compare=("state",), change=("subject",))


def test_new_rows_get_their_keys_where_the_database_tells_them(rows: list[OutboxMessage]) -> None:
    again, new, newer = message(0), message(3), message(4)
    again.person = rows[0].person

    insert_new(OutboxMessage, [again, newer, new], known_by=("occasion", "person_id"))

    stored = dict(OutboxMessage.objects.values_list("occasion", "pk"))
    told = [None, stored["link:4"], stored["link:3"]] if connection.vendor == "postgresql" else [None, None, None]
    assert [one.pk for one in (again, newer, new)] == told
