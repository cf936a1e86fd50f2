"""What is not kept: the bytes of mail after 30 days, what a message that will never leave was made of, who was called.

Metadata stays, and so does what a mail told about a date: the next mail builds on it, months later.
"""

from __future__ import annotations

import datetime as dt

from notifications.enums import OutboxState
from notifications.models import OutboxMessage, TelephoneMark

KEEP_BYTES = dt.timedelta(days=30)  # and marks of a telephone list


def forget_due(*, at: dt.datetime) -> int:
    """Forget what is older than 30 days; the number of messages and of marks.

    Failed and stopped mail loses its bytes only: released after all, it is written anew. Who was called about a
    meeting is nobody's business once it is long over.
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
    called, _by_model = TelephoneMark.objects.filter(attendance__meeting__end__lt=before).delete()
    gone = sent.update(payload=None, data={}) + over.update(payload=None, data={}) + held.update(payload=None)
    return told + gone + called
