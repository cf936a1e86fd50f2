"""What is not kept: the bytes of mail after 30 days, and what a message that will never leave was made of.

Metadata stays, and so does what a mail told about a date: the next mail builds on it, months later.
"""

from __future__ import annotations

import datetime as dt

from notifications.enums import OutboxState
from notifications.models import OutboxMessage

KEEP_BYTES = dt.timedelta(days=30)


def forget_due(*, at: dt.datetime) -> int:
    """Forget what is older than 30 days; the number of messages.

    Failed and stopped mail loses its bytes only: released after all, it is written anew.
    """
    before = at - KEEP_BYTES
    sent = OutboxMessage.objects.filter(state=OutboxState.SENT, sent_at__lt=before, payload__isnull=False)
    over = OutboxMessage.objects.filter(state=OutboxState.SUPERSEDED, created_at__lt=before).exclude(
        payload__isnull=True, data={}
    )
    held = OutboxMessage.objects.filter(
        state__in=[OutboxState.FAILED, OutboxState.STOPPED], created_at__lt=before, payload__isnull=False
    )
    told = sent.filter(data__has_key="told").update(payload=None)
    return told + sent.update(payload=None, data={}) + over.update(payload=None, data={}) + held.update(payload=None)
