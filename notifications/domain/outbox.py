"""The outbox: write, claim, freeze, send. Each step is idempotent; a crash between any two loses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from buendnisse.models import Change, FurtherAddress, Person
from buendnisse.models.at_once import insert_new
from notifications.domain import batch, calm_pause, calm_rules, claiming, delivery, freezing, returns, unwanted
from notifications.domain.draft import Draft
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet
from notifications.transport import smtp

GRACE = dt.timedelta(seconds=60)  # after a person's change, so that a quick correction becomes one mail
BATCH = 100
_FIRST = 100  # priority of sign-in codes: somebody waits in front of a page
_SOON = 50  # priority of cancellations: somebody may be about to leave; five hundred letters can wait for them


class NotWaiting(Exception):
    """The message has left already, or was stopped by somebody else."""


def write(
    *,
    kind: MailKind,
    person: Person,
    occasion: str,
    at: dt.datetime,
    not_before: dt.datetime | None = None,
    matter: str = "",
    meeting_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    copy_to: FurtherAddress | None = None,
) -> OutboxMessage | None:
    """Write one message; None where this occasion was written before or the person reads no mail.

    A later message of the same matter to the same person replaces one that still waits. Mail to an address that
    failed is held (`returns.is_held`).
    """
    if not person.wants_mail:
        return None
    is_held = returns.is_held(kind, person, copy_to)
    try:
        with transaction.atomic():
            message = OutboxMessage.objects.create(
                kind=kind,
                person=person,
                copy_to=copy_to,
                occasion=occasion,
                matter=matter,
                meeting_id=meeting_id,
                data=dict(data or {}),
                state=OutboxState.STOPPED if is_held else OutboxState.WAITING,
                is_held=is_held,
                priority=_priority(kind),
                created_at=at,
                not_before=not_before or at,
            )
    except IntegrityError:
        return None
    if matter:
        _unsent(person, matter, copy_to).exclude(pk=message.pk).update(state=OutboxState.SUPERSEDED)
    return message


def write_all(drafts: Iterable[Draft], *, change: Change, at: dt.datetime, not_before: dt.datetime) -> int:
    """`write` for all drafts of one change at once; the number of messages written. Needs a transaction.

    What was written before stays as it is.
    """
    occasions = write_many(drafts, key=str(change.pk), at=at, not_before=not_before)
    return OutboxMessage.objects.filter(occasion__in=occasions).count()


def write_many(drafts: Iterable[Draft], *, key: str, at: dt.datetime, not_before: dt.datetime) -> set[str]:
    """The same for what no change set off; the occasions written for, each a kind and `key`. Needs a transaction."""
    rows: dict[tuple[int, int | None, str], OutboxMessage] = {}
    for draft in drafts:
        if draft.person.wants_mail:
            copy_to = draft.copy_to.pk if draft.copy_to else None
            is_held = returns.is_held(draft.kind, draft.person, draft.copy_to)
            state = OutboxState.STOPPED if is_held or draft.is_stopped else OutboxState.WAITING
            # The last one of a matter counts, as when they are written one by one.
            rows[draft.person.pk, copy_to, draft.matter or f"{draft.kind}:"] = OutboxMessage(
                kind=draft.kind,
                person=draft.person,
                copy_to=draft.copy_to,
                occasion=f"{draft.kind}:{key}",
                matter=draft.matter,
                meeting_id=draft.meeting_id,
                data=dict(draft.data),
                priority=_priority(draft.kind),
                state=OutboxState.SUPERSEDED if draft.falls_away else state,
                is_held=is_held and not draft.is_stopped and not draft.falls_away,
                is_settled=not calm_rules.is_nudge(draft.kind, draft.data),
                created_at=at,
                not_before=draft.not_before or not_before,
            )
    occasions = {row.occasion for row in rows.values()}
    for matter in {row.matter for row in rows.values()} - {""}:
        same = [row for row in rows.values() if row.matter == matter]
        to_people = Q(copy_to__isnull=True, person__in=[row.person_id for row in same if row.copy_to_id is None])
        to_copies = Q(copy_to__in=[row.copy_to_id for row in same if row.copy_to_id is not None])
        waiting = OutboxMessage.objects.unsent().filter(to_people | to_copies, matter=matter)
        waiting.exclude(occasion__in=occasions).update(state=OutboxState.SUPERSEDED)
    insert_new(OutboxMessage, list(rows.values()))
    return occasions


def drop(*, person: Person, matter: str) -> int:
    """Supersede what still waits of a matter; the number of messages dropped."""
    unsent = OutboxMessage.objects.unsent().filter(person=person, matter=matter)
    return unsent.update(state=OutboxState.SUPERSEDED, is_held=False)


def stop(message: OutboxMessage) -> None:
    """Hold a waiting message back. Raises NotWaiting."""
    _set(message, OutboxState.STOPPED, {OutboxState.WAITING, OutboxState.FAILED})


def release(message: OutboxMessage, *, at: dt.datetime) -> None:
    """Let a stopped or failed message go at the next ring. Raises NotWaiting."""
    expected = {OutboxState.STOPPED, OutboxState.FAILED}
    fresh = {"failure": "", "attempts": 0, "tried_since": None, "is_held": False}
    _set(message, OutboxState.WAITING, expected, not_before=at, **fresh)


def hurry(message: OutboxMessage, *, at: dt.datetime) -> None:
    """Let a waiting message go at the next ring. Raises NotWaiting."""
    _set(message, OutboxState.WAITING, {OutboxState.WAITING}, not_before=at)


def due(at: dt.datetime) -> int:
    """How many messages wait for a worker now, those of a dead one included."""
    return claiming.due(at)


def is_open() -> bool:
    """Whether mail leaves at all: there is a relay, or it is a demo, where it counts as sent."""
    return smtp.is_configured() or settings.DEMO


def send_batch(*, at: dt.datetime, limit: int = BATCH) -> int:
    """Claim and send up to `limit` messages over one connection, as long as it holds; the number claimed.

    1. Take what a dead worker left (same bytes), then what is due; not what a pause holds back, be it a part of a mail.
    2. Drop what its reader does not want (any more), and freeze what is newly claimed (`freezing`).
    3. Send outside any transaction (`delivery`).
    """
    if not is_open():
        return 0
    claimed = claiming.claim(at=at, limit=limit)
    messages = calm_pause.without_held(claimed, at=at)
    with batch.sharing([message for message in messages if message.payload is None]):
        wanted = [message for message in messages if _is_wanted(message, at)]
        ready = freezing.freeze(wanted, at=at)
    if ready:
        delivery.deliver(ready, at=at)
    return len(claimed)


def _priority(kind: MailKind) -> int:
    return {MailKind.CODE: _FIRST, MailKind.CANCELLED: _SOON}.get(kind, 0)


def send_all(*, at: dt.datetime) -> int:
    """Batch after batch until nothing is due; the number of messages claimed."""
    done = 0
    while claimed := send_batch(at=at):
        done += claimed
    return done


def _unsent(person: Person, matter: str, copy_to: FurtherAddress | None) -> OutboxMessageQuerySet:
    return OutboxMessage.objects.unsent().filter(person=person, matter=matter, copy_to=copy_to)


def _set(message: OutboxMessage, to: str, expected: set[OutboxState], **fields: Any) -> None:
    if OutboxMessage.objects.filter(pk=message.pk, state__in=expected).update(state=to, **fields) != 1:
        raise NotWaiting
    message.refresh_from_db()


def _is_wanted(message: OutboxMessage, at: dt.datetime) -> bool:
    """False, and dropped with the reason, where its reader has chosen otherwise by now."""
    reason = unwanted.why(message, at=at)
    if reason:
        freezing.claimed(message).update(state=OutboxState.SUPERSEDED, failure=reason)
    return not reason
