"""Mails of one meeting, summed up by kind and occasion."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Max

from meetings.models import Meeting
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage


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
    def words(self) -> list[tuple[str, str, int]]:
        """(state, word, number), the state that needs a look first; superseded ones are of no interest beside others."""
        order = [OutboxState.FAILED, OutboxState.STOPPED, OutboxState.WAITING, OutboxState.SENDING, OutboxState.SENT]
        found = [(str(state), str(state.label), self.states[state]) for state in order if state in self.states]
        return found or [(str(OutboxState.SUPERSEDED), str(OutboxState.SUPERSEDED.label), self.number)]


def of(meeting: Meeting) -> list[MailRow]:
    """The latest first; one query."""
    rows: dict[tuple[str, str], MailRow] = {}
    found = OutboxMessage.objects.filter(meeting_id=meeting.pk).values_list("kind", "occasion", "state")
    counted = found.annotate(number=Count("pk"), at=Max("created_at"), last=Max("pk")).order_by("-at", "-last")
    for kind, occasion, state, number, created, _last in counted:
        row = rows.setdefault((kind, occasion), MailRow(MailKind(kind), created))
        row.states[state] = number
    return list(rows.values())
