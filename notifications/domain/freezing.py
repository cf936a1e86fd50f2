"""Fixing what a message says: its bytes, its Message-ID, and the SEQUENCE of the calendar entry it is about.

Letters are composed one by one and stored together, since what a transaction costs is its end: the disk, and other
workers that wait. A letter that cannot be stored spoils the others' transaction, so each is then tried by itself.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.models import Installation
from buendnisse.models.at_once import Swap, swap_all
from notifications.domain import batch, invitations, render, returns
from notifications.domain.letter import NothingToSay, Overtaken
from notifications.enums import OutboxState
from notifications.imip.event import Party
from notifications.models import OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

logger = logging.getLogger(__name__)

_FROZEN = ("message_id", "payload", "subject", "to_address", "data")
_TOGETHER = 50  # letters of a transaction: its end is cheap for each, and who waits for it waits not long


@dataclass(frozen=True)
class _Composed:
    """A letter as it would leave, and the address in its ASCII form, as SMTP takes it."""

    message: OutboxMessage
    rendered: render.Rendered
    payload: bytes
    to_address: str


def freeze(messages: Iterable[OutboxMessage], *, at: dt.datetime) -> list[OutboxMessage]:
    """Those that can leave: frozen before, or frozen here. Needs `batch.sharing`.

    Where there is nothing to say any more, where rendering failed, or where somebody was faster, the message is left
    in the state that says so.
    """
    ready: list[OutboxMessage] = []
    for group in _groups(messages):
        if new := [message for message in group if message.payload is None]:
            _freeze_all(new, batch.once("house", render.house), at)
        ready += [message for message in group if message.payload is not None]
    return ready


def _groups(messages: Iterable[OutboxMessage]) -> Iterator[list[OutboxMessage]]:
    """As they come, of one kind and meeting, one to a person: the next to somebody builds on what the last one said."""
    group: list[OutboxMessage] = []
    readers = set[int]()
    for message in messages:
        if group and (
            len(group) == _TOGETHER
            or (message.kind, message.meeting_id) != (group[0].kind, group[0].meeting_id)
            or message.person_id in readers
        ):
            yield group
            group, readers = [], set()
        group.append(message)
        readers.add(message.person_id)
    if group:
        yield group


def _freeze_all(messages: Sequence[OutboxMessage], installation: Installation, at: dt.datetime) -> None:
    letters = [one for message in messages if (one := _compose(message, installation, at)) is not None]
    if len(letters) > 1:
        if _store_together(letters):
            return
        letters = [one for old in letters if (one := _compose(old.message, installation, at)) is not None]
    for one in letters:
        _store_alone(one)


def _compose(message: OutboxMessage, installation: Installation, at: dt.datetime) -> _Composed | None:
    """Outside any transaction, which later compares what this builds on and is short: workers wait for each other in it."""
    try:
        rendered = render.render(message, at=at, installation=installation)
        message.message_id = f"<{message.kind}.{message.pk}.{uuid.uuid4().hex}@{returns.domain()}>"
        payload = render.freeze(message, rendered, at=at, installation=installation)
        return _Composed(message, rendered, payload, Party(rendered.to_address).address)
    except NothingToSay:
        claimed(message).update(state=OutboxState.SUPERSEDED, failure=_("Dazu gab es nichts mehr zu sagen."))
    except Exception:
        logger.exception("message %s (%s) could not be written", message.pk, message.kind)
        _give_up(message)
    return None


def _store_together(letters: Sequence[_Composed]) -> bool:
    """False where one of them spoiled it; nothing is stored then, and what was built on it is forgotten."""
    try:
        with transaction.atomic():
            _store(letters)
    except Overtaken:
        batch.forget()
        return False
    except Exception:  # what it was and whose, the letters say when each is stored alone
        logger.exception("%s messages could not be stored together; each is stored alone", len(letters))
        batch.forget()
        return False
    _take_over(letters)
    return True


def _store_alone(one: _Composed) -> None:
    try:
        with transaction.atomic():
            _store([one])
    except Overtaken:
        batch.forget()
        claimed(one.message).update(state=OutboxState.WAITING)
    except Exception:
        batch.forget()
        logger.exception("message %s (%s) could not be stored", one.message.pk, one.message.kind)
        _give_up(one.message)
    else:
        _take_over([one])


def _store(letters: Sequence[_Composed]) -> None:
    """Raises Overtaken where an entry or a message is somebody else's by now."""
    with invitations.storing_together():
        for one in letters:
            if one.rendered.letter.on_frozen is not None:
                one.rendered.letter.on_frozen(one.message.message_id)
    swaps = [
        Swap(
            one.message.pk,
            (OutboxState.SENDING, one.message.claimed_by),
            (one.message.message_id, one.payload, one.rendered.subject[:250], one.to_address, one.message.data),
        )
        for one in letters
    ]
    if swap_all(OutboxMessage, swaps, compare=("state", "claimed_by"), change=_FROZEN) != len(letters):
        raise Overtaken


def _take_over(letters: Iterable[_Composed]) -> None:
    """What is stored holds for the message in hand, too."""
    for one in letters:
        one.message.payload, one.message.to_address = one.payload, one.to_address


def _give_up(message: OutboxMessage) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=OutboxState.FAILED, failure=_("Die Mail konnte nicht erstellt werden."), payload=None, message_id=""
    )


def claimed(message: OutboxMessage) -> OutboxMessageQuerySet:
    """The row, as long as nobody else has taken it over."""
    return OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.SENDING, claimed_by=message.claimed_by)
