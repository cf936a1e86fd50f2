"""Answers that count until somebody says otherwise: at most one to an invitation, and what holds again without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from buendnisse.enums import Via
from meetings.models import Attendance
from notifications.enums import InboundOutcome, InboundReason, InboundState
from notifications.models import InboundMessage, Invitation


def standing(invitation: Invitation) -> list[InboundMessage]:
    """Those to this invitation, the oldest first: one, but for one the Fachstelle has opened again."""
    rows = InboundMessage.objects.filter(invitation=invitation, outcome=InboundOutcome.PROVISIONAL)
    return list(rows.exclude(state=InboundState.SETTLED).order_by("pk"))


def replace(rows: Iterable[InboundMessage], *, by: InboundMessage) -> None:
    """A newer answer counts: nobody is asked about these any more, and they bring nothing back."""
    for row in rows:
        row.outcome, row.reason, row.state = InboundOutcome.DUPLICATE, InboundReason.OVERTAKEN, InboundState.FILED
        row.data = {key: value for key, value in row.data.items() if key not in {"before", "last"}}
        row.data["replaced_by"] = by.pk
        row.version += 1
        row.save(update_fields=["outcome", "reason", "state", "data", "version"])


def what_holds_without(
    rows: Sequence[InboundMessage], attendance: Attendance, *, before: dict[str, Any] | None, last: dict[str, Any]
) -> dict[str, Any]:
    """What a newer answer keeps for its own taking back, so that it brings back none of these.

    `before` and `last` are what stood there when it came, `attendance` as it was then: what somebody entered on the web
    after one of these stays, and the stamp of an answer nobody proved outdates nothing.
    """
    for row in rows:
        known = row.data.get("before")
        if before and known and _counted(row, attendance):
            before = {**known, "version": before["version"]}
    first = next((row.data["last"] for row in rows if row.data.get("last")), last)
    return {"before": before, "last": first}


def _counted(row: InboundMessage, attendance: Attendance) -> bool:
    """Whether this answer is what stood there, as `InboundMessageQuerySet.standing` finds it."""
    return attendance.answered_via == Via.CALENDAR and attendance.answered_at == row.received_at
