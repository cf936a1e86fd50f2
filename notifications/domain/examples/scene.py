"""What an example is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from buendnisse.clock import at_local
from notifications.domain.examples.stage import Stage
from notifications.enums import MailKind
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class Example:
    """`make` prepares the stage and answers the message and the moment at which it is looked at.

    `rule`: the one of the reminder rules that `when` names, as `days` and, after "von", as `of_days`.
    """

    when: str | Promise
    make: Callable[[Stage], tuple[OutboxMessage, dt.datetime]]
    rule: str = ""


def moment(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    """In Berlin."""
    return at_local(dt.date(year, month, day), dt.time(hour, minute))


def mail(stage: Stage, kind: MailKind, *, about_meeting: bool = True, **given: Any) -> OutboxMessage:
    """A message to the reader, stored for the moment: composers look for earlier ones of the same matter beside it."""
    at = moment(2034, 12, 1)
    fields: dict[str, Any] = {
        "kind": kind,
        "person": stage.reader,
        "occasion": f"example:{kind}:{OutboxMessage.objects.filter(occasion__startswith='example:').count()}",
        "meeting_id": stage.meeting.pk if about_meeting else None,
        "created_at": at,
        "not_before": at,
    }
    made: OutboxMessage = OutboxMessage.objects.create(**(fields | given))
    return made
