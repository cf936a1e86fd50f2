"""Mails of one meeting, summed up by kind and occasion."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min, Q, Value
from django.db.models.functions import Coalesce, Concat

from buendnisse import clock
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
    """One occasion: a kind of mail that was written at one moment.

    `first` and `last`: when the first and the last of its mails left, or will leave; `name`: of its only reader.
    """

    kind: MailKind
    first: dt.datetime
    last: dt.datetime
    name: str = ""
    states: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return sum(self.states.values())

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def only(self) -> str:
        """Who gets it, where that is one person."""
        return self.name if self.number == 1 else ""

    @property
    def is_of_several_days(self) -> bool:
        return clock.local_date(self.first) != clock.local_date(self.last)

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
    """The latest first, by when they left, as the Postausgang says it; without what was replaced or taken back before.

    One query.
    """
    never_left = Q(state=OutboxState.SUPERSEDED, may_have_arrived=False)
    found = OutboxMessage.objects.filter(meeting_id=meeting.pk).exclude(never_left)
    moment = Coalesce("sent_at", "not_before")
    name = Concat(Min("person__first_name"), Value(" "), Min("person__last_name"))
    counted = found.values_list("kind", "occasion", "state").annotate(
        number=Count("pk"), first=Min(moment), last=Max(moment), latest=Max("pk"), name=name
    )
    rows: dict[tuple[str, str], MailRow] = {}
    for kind, occasion, state, number, first, last, _latest, who in sorted(
        counted, key=lambda row: row[5:7], reverse=True
    ):
        row = rows.setdefault((kind, occasion), MailRow(MailKind(kind), first, last, who))
        row.first = min(row.first, first)
        row.states[state] = number
    return list(rows.values())
