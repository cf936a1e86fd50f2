"""What is not kept: the bytes of mail after 30 days, what a message that will never leave was made of, who was called.

Metadata of mail stays.
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
    called, _by_model = TelephoneMark.objects.filter(attendance__meeting__end__lt=before).delete()
    return sent.update(payload=None, data={}) + over.update(payload=None, data={}) + held.update(payload=None) + called
