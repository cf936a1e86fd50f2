"""Taking messages for one worker, so that no other has them: what a dead worker left, then what is due.

A claim waits for nobody. Where rows can be locked (PostgreSQL), two workers that claim at once take different ones;
where one writes at a time anyway (SQLite), the second finds them taken.
"""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects

from buendnisse import clock
from buendnisse.models.at_once import take_all
from buendnisse.models.prepared import Prepared
from notifications.enums import MAY_BE_QUIET, MailKind, OutboxState
from notifications.models import OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

_LEASE = dt.timedelta(minutes=5)  # longer than a batch may take (hard time limit of a task: 3 minutes)
#: Frozen or not, these ask something of their reader once more before they leave (`unwanted`, `calm_pause`, `_thaw`).
_ASK_THEIR_READER = (MailKind.DIGEST, MailKind.SAVE_THE_DATE, MailKind.COPY, MailKind.REMINDERS, *MAY_BE_QUIET)


def due(at: dt.datetime) -> int:
    """How many messages wait for a worker now, those of a dead one included."""
    return OutboxMessage.objects.due(at).flowing().count() + _abandoned(clock.real_now()).count()


def claim(*, at: dt.datetime, limit: int) -> list[OutboxMessage]:
    """Up to `limit` messages, in the order they should leave.

    A message waits while an earlier one of its matter to the same person is on its way: a CANCEL must never
    overtake its REQUEST. Nor may the REQUEST follow it: one that was put off, came back or was let go is dropped
    where a later one was written meanwhile.
    """
    stamp = clock.real_now()
    mark = {"state": OutboxState.SENDING, "claimed_at": stamp, "claimed_by": uuid.uuid4().hex}
    with transaction.atomic():
        lost = [pk for (pk,) in _lost(limit).fetch(before=stamp - _LEASE)]
        if lost:
            OutboxMessage.objects.filter(pk__in=lost, payload__isnull=False).update(may_have_arrived=True)
        ready = _ready(at, limit - len(lost)) if len(lost) < limit else []
        taken = [
            *take_all(OutboxMessage, lost, was={"state": OutboxState.SENDING}, now=mark, counted="attempts"),
            *take_all(OutboxMessage, ready, was={"state": OutboxState.WAITING}, now=mark, counted="attempts"),
        ]
    claimed = _with_readers(taken)
    _thaw(claimed)
    return claimed


def _abandoned(now: dt.datetime) -> OutboxMessageQuerySet:
    """Messages a worker claimed and never finished; judged by the machine's clock, also in a demo."""
    return OutboxMessage.objects.claimed_before(now - _LEASE).flowing()


@cache
def _lost(room: int) -> Prepared:
    """So many messages of dead workers nobody else is just taking, kept from others until the transaction ends."""

    def make(before: dt.datetime) -> QuerySet[Any, Any]:
        lost = OutboxMessage.objects.claimed_before(before).flowing().order_by("pk")
        return _locking(lost).values_list("pk")[:room]

    return Prepared(make, before=dt.datetime)


@cache
def _due(room: int) -> Prepared:
    """So many of what is due, kept likewise, in the order they should leave; what must not go as it is is marked."""

    def make(at: dt.datetime) -> QuerySet[Any, Any]:
        return _locking(OutboxMessage.objects.due(at).flowing()).with_marks()[:room]

    return Prepared(make, at=dt.datetime)


def _ready(at: dt.datetime, room: int) -> list[int]:
    """What is due and may go. All that waits is only compared with each other where it matters for the first of them."""
    first = _due(room).fetch(at=at)
    if not any(is_outdated or is_behind for _pk, is_outdated, is_behind in first):
        return [pk for pk, _is_outdated, _is_behind in first]
    outdated = _locked(
        OutboxMessage.objects.due(at).outdated(), None
    )  # by its rows: none another worker holds is waited for
    OutboxMessage.objects.filter(pk__in=outdated).update(state=OutboxState.SUPERSEDED)
    behind = OutboxMessage.objects.due(at).behind().order_by().values("pk")
    return _locked(OutboxMessage.objects.due(at).flowing().exclude(pk__in=behind), room)


def _locked(rows: OutboxMessageQuerySet, room: int | None) -> list[int]:
    """The first of these rows (all: None) nobody else is just taking, kept from others until the transaction ends."""
    return list(_locking(rows).values_list("pk", flat=True)[:room])


def _locking(rows: OutboxMessageQuerySet) -> OutboxMessageQuerySet:
    return rows.select_for_update(skip_locked=True)


def _with_readers(taken: list[OutboxMessage]) -> list[OutboxMessage]:
    """What was claimed, in its order. What is frozen already is ready bytes, and needs no reader beside it."""
    rest = [one for one in taken if one.payload is None or one.kind in _ASK_THEIR_READER]
    if rest:
        prefetch_related_objects(rest, "person__organisation", "copy_to")  # many people, few organisations
    return sorted(taken, key=lambda one: (-one.priority, one.not_before, one.pk))


def _thaw(messages: list[OutboxMessage]) -> None:
    """A year's dates say how things stand when they leave, also after a relay that was down: they are written anew.

    Not what may have arrived: it keeps its bytes.
    """
    year = MailKind.SAVE_THE_DATE
    frozen = [
        one
        for one in messages
        if one.payload is not None and not one.may_have_arrived and year in {one.kind, one.data.get("of")}
    ]
    if frozen:
        OutboxMessage.objects.filter(pk__in=[one.pk for one in frozen]).update(payload=None, message_id="")
    for message in frozen:
        message.payload, message.message_id = None, ""
