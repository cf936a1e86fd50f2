"""From the journal to the outbox: every Change is told once, and told to the right people."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import IntegrityError, transaction

from buendnisse.enums import Via
from buendnisse.models import Change
from notifications.domain import outbox
from notifications.domain.dispatching import HANDLERS
from notifications.models import Dispatch

logger = logging.getLogger(__name__)

_PORTION = 200  # changes read at once


def fan_out(*, at: dt.datetime) -> int:
    """Write the mail of every change up to `at` that has none yet; the number of messages written.

    Each change is a transaction of its own: its Dispatch row and its messages come together or not at all. One
    that cannot be told is logged and tried again by the next ring; it holds nothing else back.
    """
    written = seen = 0
    while True:
        untold = Change.objects.filter(dispatch__isnull=True, at__lte=at, pk__gt=seen)
        changes = list(untold.order_by("pk")[:_PORTION])
        if not changes:
            return written
        for change in changes:
            written += _tell(change, at)
        seen = changes[-1].pk


def _tell(change: Change, at: dt.datetime) -> int:
    try:
        with transaction.atomic():
            row = Dispatch.objects.create(change=change, at=at)
            handler = HANDLERS.get(change.verb)
            if handler is None:
                return 0
            not_before = change.at if change.via in {Via.RULE, Via.COMMAND} else change.at + outbox.GRACE
            row.messages = outbox.write_all(handler(change, at), change=change, at=at, not_before=not_before)
            row.save(update_fields=["messages"])
            return row.messages
    except IntegrityError:
        return 0  # another worker told it
    except Exception:
        logger.exception("change %s (%s) could not be told", change.pk, change.verb)
        return 0
