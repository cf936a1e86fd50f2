"""Per meeting and person: what was sent when, whether it arrived, and which answer came how."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from meetings.domain import replies
from meetings.domain.replies import Reply
from meetings.models import Meeting
from notifications.domain import resending
from notifications.enums import InboundOutcome, InboundState, MailKind, OutboxState, ReturnKind
from notifications.models import InboundMessage, MailReturn, OutboxMessage

#: What came back, and stands for the person not having got it.
_LOST = frozenset({ReturnKind.HARD, ReturnKind.POLICY})


@dataclass(frozen=True)
class Sent:
    """One mail to a person. `returned`: what a report says of it, if one came."""

    pk: int
    kind: MailKind
    state: OutboxState
    at: dt.datetime
    is_copy: bool
    returned: ReturnKind | None

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def mark(self) -> str:
        """How its state is marked."""
        if self.returned in _LOST or self.state == OutboxState.FAILED:
            return "late"
        if self.returned is not None or self.state == OutboxState.STOPPED:
            return "soon"
        return "done" if self.state == OutboxState.SENT else "wait"

    @property
    def word(self) -> str:
        return str(self.returned.label if self.returned else self.state.label)


@dataclass(frozen=True)
class PersonRow:
    """`provisional` is the mail with an answer that nobody has confirmed; `again_waits`: the invitation goes once more.

    `is_entered`: the invitation was sent to the person, arrived or not, and the meeting is still to come.
    """

    reply: Reply
    mails: list[Sent] = field(default_factory=list)
    provisional: int | None = None
    is_entered: bool = False

    @property
    def again_waits(self) -> bool:
        return any(one.kind == MailKind.REQUEST_AGAIN and one.state == OutboxState.WAITING for one in self.mails)

    @property
    def may_be_sent_again(self) -> bool:
        """Somebody who is expected, and reads mail."""
        return self.is_entered and self.reply.is_asked and self.reply.deputy is None and not self.reply.to_ring_up


def of(meeting: Meeting, *, at: dt.datetime) -> list[PersonRow]:
    """Everybody on the meeting's list by name, with their mails, the latest first. Five queries."""
    mails, waiting = _mails(meeting), provisional(meeting)
    entered = resending.entered(meeting, at=at)
    return [
        PersonRow(
            reply, mails.get(reply.person_id, []), waiting.get(reply.person_id), is_entered=reply.person_id in entered
        )
        for reply in replies.of(meeting)
    ]


def provisional(meeting: Meeting) -> dict[int, int]:
    """By person: the mail whose answer counts until somebody says otherwise. One query."""
    rows = InboundMessage.objects.filter(
        meeting=meeting.pk, outcome=InboundOutcome.PROVISIONAL, state__in=[InboundState.FILED, InboundState.OPEN]
    )
    return {person: number for person, number in rows.order_by("pk").values_list("person", "pk") if person}


def _mails(meeting: Meeting) -> dict[int, list[Sent]]:
    reports = MailReturn.objects.filter(message__meeting_id=meeting.pk).order_by("at", "pk")
    returned = {number: ReturnKind(kind) for number, kind in reports.values_list("message", "kind")}
    columns = ("pk", "person", "kind", "state", "sent_at", "created_at", "copy_to")
    rows = OutboxMessage.objects.filter(meeting_id=meeting.pk).exclude(state=OutboxState.SUPERSEDED)
    found: dict[int, list[Sent]] = defaultdict(list)
    for pk, person, kind, state, sent_at, created_at, copy_to in rows.order_by("-pk").values_list(*columns):
        at = sent_at or created_at
        found[person].append(Sent(pk, MailKind(kind), OutboxState(state), at, copy_to is not None, returned.get(pk)))
    return found
