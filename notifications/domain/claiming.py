"""Taking messages for one worker, so that no other has them: what a dead worker left, then what is due.

A claim waits for nobody. Where rows can be locked (PostgreSQL), two workers that claim at once take different ones;
where one writes at a time anyway (SQLite), the second finds them taken.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import F, Q

from buendnisse import clock
from buendnisse.models.at_once import bytes_of
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
    token, stamp = uuid.uuid4().hex, clock.real_now()
    mark = {"claimed_at": stamp, "claimed_by": token, "attempts": F("attempts") + 1}
    with transaction.atomic():
        lost = _locked(_abandoned(stamp).order_by("pk"), limit)
        if lost:
            taken = OutboxMessage.objects.filter(pk__in=lost)
            taken.filter(payload__isnull=False).update(may_have_arrived=True)
            taken.update(**mark)
        ready = _ready(at, limit - len(lost)) if len(lost) < limit else []
        if ready:
            waiting = OutboxMessage.objects.filter(pk__in=ready, state=OutboxState.WAITING)
            waiting.update(state=OutboxState.SENDING, **mark)
    claimed = _load([*lost, *ready], token) if lost or ready else []
    _thaw(claimed)
    return claimed


def _abandoned(now: dt.datetime) -> OutboxMessageQuerySet:
    """Messages a worker claimed and never finished; judged by the machine's clock, also in a demo."""
    return OutboxMessage.objects.filter(state=OutboxState.SENDING, claimed_at__lt=now - _LEASE).flowing()


def _ready(at: dt.datetime, room: int) -> list[int]:
    """What is due and may go. All that waits is only compared with each other where it matters for the first of them."""
    due_now = OutboxMessage.objects.due(at).flowing()
    first = _locked(due_now, room)
    if not first:
        return []
    these = OutboxMessage.objects.filter(pk__in=first)
    if not these.outdated().values("pk").union(these.behind().values("pk"), all=True).exists():
        return first
    outdated = _locked(
        OutboxMessage.objects.due(at).outdated(), None
    )  # by its rows: none another worker holds is waited for
    OutboxMessage.objects.filter(pk__in=outdated).update(state=OutboxState.SUPERSEDED)
    return _locked(due_now.exclude(pk__in=OutboxMessage.objects.due(at).behind().order_by().values("pk")), room)


def _locked(rows: OutboxMessageQuerySet, room: int | None) -> list[int]:
    """The first of these rows (all: None) nobody else is just taking, kept from others until the transaction ends."""
    return list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:room])


def _load(numbers: list[int], token: str) -> list[OutboxMessage]:
    """What was claimed, in its order. What is frozen already is ready bytes, and needs no reader beside it."""
    rows = OutboxMessage.objects.filter(pk__in=numbers, claimed_by=token)
    ready = Q(payload__isnull=False) & ~Q(kind__in=_ASK_THEIR_READER)
    frozen = list(rows.filter(ready).defer("payload"))
    others = rows.exclude(ready).select_related("person__organisation", "copy_to")
    payloads = bytes_of(OutboxMessage, "payload", keys=[one.pk for one in frozen]) if frozen else {}
    for one in frozen:
        one.payload = payloads[one.pk]
    return sorted([*frozen, *others], key=lambda one: (-one.priority, one.not_before, one.pk))


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
