"""What is not kept: the bytes of sent mail after 30 days. Metadata stays."""

from __future__ import annotations

import datetime as dt

from notifications.enums import OutboxState
from notifications.models import OutboxMessage

KEEP_BYTES = dt.timedelta(days=30)


def forget_due(*, at: dt.datetime) -> int:
    """Remove the bytes of mail that left more than 30 days ago; the number of messages."""
    old = OutboxMessage.objects.filter(state=OutboxState.SENT, sent_at__lt=at - KEEP_BYTES, payload__isnull=False)
    return old.update(payload=None, data={})
