"""Handing frozen messages to the relay, and noting what became of each.

Mail is at least once. What dies between the relay's "250" and our commit goes again with the same bytes and
the same Message-ID, so that the reader's mail program shows it once. Those are the few that are noted together.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import deque
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db.models import F, prefetch_related_objects

from buendnisse.models.at_once import set_all
from notifications.domain import bounces, failures, redirecting, retries, returns, valve
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from notifications.transport import smtp

logger = logging.getLogger(__name__)

_CONNECTIONS = 12  # a batch: enough for relays that take ten messages in one
_RECONNECTING = 60.0  # seconds; one that lets us wait at each message must not outlast the task (120 s)
_NOTED_TOGETHER = 50  # messages, or so many as leave in
_NOTED_EVERY = 0.5  # seconds
_LOOKED_EVERY = 0.1  # seconds; the valve, and once in as many messages as are noted together


def deliver(messages: Sequence[OutboxMessage], *, at: dt.datetime) -> None:
    """Send them over one connection, or a new one where it ends at a message. Without a relay (in a demo) they count as sent.

    A message at which the connection ends waits with its attempt counted, and the others go on; what finds no
    connection in the end waits, uncounted.
    """
    rest, left, look = deque(messages), _Left(at), _Look()
    if not smtp.is_configured():
        state = valve.now()
        held = [message for message in rest if _is_held(message, state) or state.holds_meeting_of(message)]
        going = [message for message in rest if message not in held]
        for message in going:
            redirecting.address_for(message, state)
        left.note(going)
        _put_back(held)
        return
    ends = time.monotonic() + _RECONNECTING
    reason = ""
    for _connection in range(_CONNECTIONS):
        if not rest or time.monotonic() > ends:
            break
        if _is_held(rest[0], look.anew()):
            break
        try:
            with smtp.connect() as connection:
                reason = _hand_over(rest, connection, left, look, at)
        except smtp.RelayDown as failure:
            reason = failures.down(str(failure))
            break
    if rest and _is_held(rest[0], look.anew()):
        _put_back(rest)
        return
    for message in rest:
        message.attempts -= 1  # it was not its fault
        _try_again(message, reason, at=at)


class _Left:
    """What the relay has taken and is not noted yet: one statement and one commit for several messages."""

    def __init__(self, at: dt.datetime) -> None:
        self._at = at
        self._messages: list[OutboxMessage] = []
        self._noted = time.monotonic()

    def add(self, message: OutboxMessage) -> None:
        self._messages.append(message)
        if len(self._messages) >= _NOTED_TOGETHER or time.monotonic() - self._noted > _NOTED_EVERY:
            self.note_rest()

    def note_rest(self) -> None:
        """Raises what the database says; then they are still to be noted."""
        self.note(self._messages)
        self._messages = []
        self._noted = time.monotonic()

    def note(self, messages: Sequence[OutboxMessage]) -> None:
        is_secret = {one.pk: one.kind == MailKind.CODE and not settings.DEMO for one in messages}
        for secret in (True, False):
            numbers = [pk for pk, answer in is_secret.items() if answer is secret]
            if numbers:
                fields: dict[str, Any] = {"state": OutboxState.SENT, "sent_at": self._at}
                fields |= {"failure": "", "tried_since": None}
                if secret:
                    fields |= {"payload": None, "data": {}}  # a code is nobody's business once it has left
                set_all(OutboxMessage, numbers, was={"state": OutboxState.SENDING}, now=fields)


class _Look:
    """How the valve stands. A switch counts within a tenth of a second, and within fifty messages."""

    def __init__(self) -> None:
        self._state, self._messages, self._looked = valve.Valve(), _NOTED_TOGETHER, 0.0

    def anew(self) -> valve.Valve:
        """As it stands now. One query."""
        self._state, self._messages, self._looked = valve.now(), 0, time.monotonic()
        return self._state

    def before(self, connection: smtp.Connection) -> valve.Valve:
        """For the next message. A relay that wants its commands one by one is slow, so there it is looked at each time."""
        is_old = self._messages >= _NOTED_TOGETHER or time.monotonic() - self._looked > _LOOKED_EVERY
        if is_old or not connection.takes_several:
            self.anew()
        self._messages += 1
        return self._state


def _hand_over(
    rest: deque[OutboxMessage], connection: smtp.Connection, left: _Left, look: _Look, at: dt.datetime
) -> str:
    """Hand message after message to the relay and take it out of `rest`; why the connection ended, if it did.

    The first message of a connection that ends at it is why it ended. A later one may not be (many relays take only
    so many messages in one session), so it stays and is the first of the next connection.
    """
    is_first = True
    held: list[OutboxMessage] = []
    try:
        while rest:
            message, state = rest[0], look.before(connection)
            if _is_held(message, state):
                return ""
            if state.holds_meeting_of(message):
                held.append(rest.popleft())
                continue
            if state.test_address:  # its note names the reader; those who come frozen have none beside them
                prefetch_related_objects(list(rest), "person")
            try:
                connection.deliver(
                    sender=returns.sender(message),
                    recipient=redirecting.address_for(message, state),
                    payload=redirecting.payload_of(message),
                )
            except smtp.DeliveryFailed as failure:
                _note_refusal(message, str(failure), permanent=failure.permanent, at=at)
            except smtp.ConnectionLost as lost:
                message.may_have_arrived |= lost.may_have_arrived
                reason = failures.lost(str(lost))
                if is_first:
                    _try_again(rest.popleft(), reason, at=at)
                return reason
            else:
                left.add(message)
            rest.popleft()
            is_first = False
        return ""
    finally:  # also where the task runs out of time
        left.note_rest()
        _put_back(held)


def _is_held(message: OutboxMessage, state: valve.Valve) -> bool:
    return state.keeps(message.kind)


def _put_back(messages: Collection[OutboxMessage]) -> None:
    """Claimed, and held back by a pause before they left: they wait as before, uncounted."""
    rows = OutboxMessage.objects.filter(state=OutboxState.SENDING)
    perhaps = [message.pk for message in messages if message.may_have_arrived]
    rows.filter(pk__in=perhaps).update(may_have_arrived=True)
    waits = {"state": OutboxState.WAITING, "attempts": F("attempts") - 1}
    rows.filter(pk__in=[message.pk for message in messages]).update(**waits)


def _note_refusal(message: OutboxMessage, reply: str, *, permanent: bool, at: dt.datetime) -> None:
    reason = failures.refused(reply, permanent=permanent)
    if permanent:
        OutboxMessage.objects.filter(pk=message.pk).update(
            state=OutboxState.FAILED, failure=reason[:250], may_have_arrived=message.may_have_arrived
        )
        bounces.refused(message, reply, at=at)
    else:
        _try_again(message, reason, at=at)


def _try_again(message: OutboxMessage, reason: str, *, at: dt.datetime) -> None:
    """The same bytes go later, unless that has been tried for long enough. What is frozen stays frozen."""
    logger.warning("mail relay: message %s: %s", message.pk, reason)
    message.tried_since = message.tried_since or at
    later = retries.next_try(message, at=at)
    OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.SENDING).update(
        state=OutboxState.WAITING if later else OutboxState.FAILED,
        not_before=later or message.not_before,
        tried_since=message.tried_since,
        attempts=message.attempts,
        failure=(reason if later else failures.given_up(reason, kind=message.kind))[:250],
        may_have_arrived=message.may_have_arrived,
    )
