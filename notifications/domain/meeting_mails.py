"""Mails of one meeting, summed up by kind and occasion."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Max

from meetings.models import Meeting
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

#: How each state is marked, the one that needs a look first.
_MARKS = {
    OutboxState.FAILED: "late",
    OutboxState.STOPPED: "soon",
    OutboxState.WAITING: "wait",
    OutboxState.SENDING: "wait",
    OutboxState.SENT: "done",
}


@dataclass
class MailRow:
    """One occasion: a kind of mail that was written at one moment."""

    kind: MailKind
    at: dt.datetime
    states: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return sum(self.states.values())

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def words(self) -> list[tuple[str, str]]:
        """(mark, words), the state that needs a look first; superseded ones are of no interest beside others."""
        found = [state for state in _MARKS if state in self.states]
        if not found:
            return [("done", str(OutboxState.SUPERSEDED.label))]
        if len(found) == 1:
            return [(_MARKS[found[0]], str(found[0].label))]
        return [(_MARKS[state], f"{self.states[state]} {state.label}") for state in found]


def of(meeting: Meeting) -> list[MailRow]:
    """The latest first; one query."""
    rows: dict[tuple[str, str], MailRow] = {}
    found = OutboxMessage.objects.filter(meeting_id=meeting.pk).values_list("kind", "occasion", "state")
    counted = found.annotate(number=Count("pk"), at=Max("created_at"), last=Max("pk"))
    for kind, occasion, state, number, created, _last in sorted(counted, key=lambda row: row[4:], reverse=True):
        row = rows.setdefault((kind, occasion), MailRow(MailKind(kind), created))
        row.states[state] = number
    return list(rows.values())
