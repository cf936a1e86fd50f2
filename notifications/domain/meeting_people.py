"""Per meeting and person: what was sent when, whether it arrived, and which answer came how."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F

from buendnisse.models import Person
from meetings.domain import replies
from meetings.domain.replies import Reply
from meetings.models import Attendance, Meeting
from notifications.domain import invitations, resending, told
from notifications.enums import MAY_HAVE_ARRIVED, MailKind, OutboxState, ReturnKind
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

    `is_entered`: the invitation was sent to the person, arrived or not, last at `entered_at`, and the meeting is still
    to come. `is_ordered`: it is to go once more, and that mail is not written yet. `something_waits`: a mail on how the meeting stands will go
    by itself. `comes_back`: no mail reaches the address.
    """

    reply: Reply
    mails: list[Sent] = field(default_factory=list)
    provisional: int | None = None
    is_entered: bool = False
    is_ordered: bool = False
    something_waits: bool = False
    comes_back: bool = False
    entered_at: dt.datetime | None = None

    @property
    def again_waits(self) -> bool:
        return self.is_ordered or any(
            one.kind == MailKind.REQUEST_AGAIN and one.state == OutboxState.WAITING for one in self.mails
        )

    @property
    def may_be_sent_again(self) -> bool:
        """Somebody who is expected and reads mail, and to whom none is on its way (as `resending.why_not` has it)."""
        is_expected = self.is_entered and self.reply.is_asked and self.reply.deputy is None
        return is_expected and not (self.reply.to_ring_up or self.comes_back or self.something_waits)


def of(meeting: Meeting, *, at: dt.datetime) -> list[PersonRow]:
    """Everybody on the meeting's list by name, with their mails, the latest first. Seven queries.

    Without who is out again and was never told anything.
    """
    (mails, waits), unsure = _mails(meeting), provisional(meeting)
    entered, ordered = resending.entered(meeting, at=at), resending.ordered(meeting)
    lost = _lost(meeting)
    waits |= ordered
    rows = [
        PersonRow(
            reply,
            mails.get(reply.person_id, []),
            unsure.get(reply.person_id),
            is_entered=reply.person_id in entered,
            is_ordered=reply.person_id in ordered,
            something_waits=reply.person_id in waits,
            comes_back=reply.person_id in lost,
            entered_at=entered.get(reply.person_id),
        )
        for reply in replies.of(meeting)
    ]
    return [row for row in rows if row.reply.is_asked or row.mails or row.is_entered or row.reply.answered_at]


def provisional(meeting: Meeting) -> dict[int, int]:
    """By person: the mail whose answer counts until somebody says otherwise. One query."""
    rows = InboundMessage.objects.standing().filter(meeting=meeting.pk)
    return {person: number for person, number in rows.order_by("pk").values_list("person", "pk") if person}


def _lost(meeting: Meeting) -> frozenset[int]:
    people = Person.objects.filter(attendance__meeting=meeting, email=F("failed_address")).exclude(email="")
    return frozenset(people.values_list("pk", flat=True))


def got(row: Attendance) -> list[OutboxMessage]:
    """What left for this person about this meeting, the latest first; copies go to somebody else. One query."""
    rows = OutboxMessage.objects.filter(meeting_id=row.meeting_id, person=row.person_id, copy_to=None)
    return list(rows.filter(state__in=MAY_HAVE_ARRIVED, kind__in=told.TELLING).order_by("-pk"))


def _mails(meeting: Meeting) -> tuple[dict[int, list[Sent]], set[int]]:
    """By person, and for whom one on how the meeting stands still waits."""
    reports = MailReturn.objects.filter(message__meeting_id=meeting.pk).order_by("at", "pk")
    returned = {number: ReturnKind(kind) for number, kind in reports.values_list("message", "kind")}
    columns = ("pk", "person", "kind", "state", "sent_at", "created_at", "copy_to", "matter")
    rows = OutboxMessage.objects.filter(meeting_id=meeting.pk).exclude(state=OutboxState.SUPERSEDED)
    found: dict[int, list[Sent]] = defaultdict(list)
    waits: set[int] = set()
    for pk, person, kind, state, sent_at, created_at, copy_to, matter in rows.order_by("-pk").values_list(*columns):
        at = sent_at or created_at
        found[person].append(Sent(pk, MailKind(kind), OutboxState(state), at, copy_to is not None, returned.get(pk)))
        if state == OutboxState.WAITING and matter == invitations.matter(meeting.pk):
            waits.add(person)
    return found, waits
