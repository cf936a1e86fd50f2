"""When a message the relay did not take is tried again, and when that has been tried for long enough."""

from __future__ import annotations

import datetime as dt

from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: RFC 5321 section 4.5.4.1 wants four to five days; a meeting is nearer, and somebody can call.
PATIENCE = dt.timedelta(days=3)
_FIRST = dt.timedelta(minutes=10)  # greylists let pass who comes again after five
_LONGEST = dt.timedelta(hours=6)
_FOR_A_CODE = dt.timedelta(minutes=1)  # somebody waits for it in front of a page


def next_try(message: OutboxMessage, *, at: dt.datetime) -> dt.datetime | None:
    """Twice as long after each attempt, up to six hours; None where it is given up."""
    if at >= _ends(message, at):
        return None
    if message.kind == MailKind.CODE:
        return at + _FOR_A_CODE
    doublings = min(max(message.attempts - 1, 0), 10)
    return at + min(_FIRST * (1 << doublings), _LONGEST)


def _ends(message: OutboxMessage, at: dt.datetime) -> dt.datetime:
    """Three days after it first failed; a code is good for nothing once it is over."""
    ends = (message.tried_since or at) + PATIENCE
    over = message.data.get("valid_until", "") if message.kind == MailKind.CODE else ""
    return min(ends, dt.datetime.fromisoformat(over)) if over else ends
