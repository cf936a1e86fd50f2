"""Mail that comes in: filed, matched to an invitation, applied; what cannot be is the Fachstelle's to settle."""

from __future__ import annotations

import datetime as dt
import hashlib

from notifications.enums import InboundKind, InboundOutcome, InboundReason, InboundSource, InboundState
from notifications.models import InboundMessage

#: Of a larger mail only so much is read and kept.
LONGEST = 1_000_000


def receive(raw: bytes, *, at: dt.datetime, source: InboundSource) -> InboundMessage:
    """File one mail and do what it says. The same mail again gives the same row, with `is_known` set."""
    row, made = InboundMessage.objects.get_or_create(
        key=hashlib.sha256(raw).hexdigest(),
        defaults={
            "source": source,
            "received_at": at,
            "kind": InboundKind.HUMAN,
            "outcome": InboundOutcome.TRAY,
            "reason": InboundReason.HUMAN,
            "state": InboundState.OPEN,
            "raw": raw[:LONGEST],
            "is_cut": len(raw) > LONGEST,
        },
    )
    row.is_known = not made
    # Reports are handed on here: `bounces.settle(report, inbound=row, at=at)`. Until then they stay in the tray.
    return row
