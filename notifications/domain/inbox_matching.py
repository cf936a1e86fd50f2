"""To which invitation a calendar's answer belongs, whose answer it is, and whether that is proven.

The UID of an invitation is known to the invited person alone. It finds the invitation without an organizer, since replies
of Exchange name none, and whoever knows it is believed as far as that the answer counts until it is taken back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from meetings.domain import answers
from meetings.enums import Answer
from notifications.domain import inbox_people
from notifications.domain.inbox_verdict import ToTray
from notifications.enums import InboundReason
from notifications.imip import answer as imip
from notifications.imip.addresses import comparable, is_one_mailbox
from notifications.imip.incoming import Incoming
from notifications.models import InboundMessage, Invitation

ANSWERS = {"ACCEPTED": Answer.ACCEPTED, "DECLINED": Answer.DECLINED, "TENTATIVE": Answer.TENTATIVE}
_OF_STRANGERS = {0: InboundReason.NO_ATTENDEE, 1: InboundReason.STRANGER}
#: Whoever it was that wrote, the invited person did not, as far as the mail says.
NOT_THE_INVITEE = frozenset({*_OF_STRANGERS.values(), InboundReason.SEVERAL_ATTENDEES})
_SAYS_NOTHING = frozenset({"", "NEEDS-ACTION"})
_FOR_US = frozenset({"REPLY", "COUNTER", "REFRESH"})
#: A clock may be wrong; further ahead than this is none (then no later answer could ever count).
_SKEW = dt.timedelta(days=1)


@dataclass(frozen=True)
class Matched:
    """An answer and the invitation it belongs to. `knows_sender`: the mail came from an address of the invited person.

    `is_proven`: and our own server vouches for that. Who writes for somebody else (an office, a cloud) is known by an
    address entered for that person. SENT-BY is the writer's own word, proves nothing, and is not read.
    """

    said: imip.Answer
    invitation: Invitation
    known: frozenset[str]
    knows_sender: bool
    is_proven: bool


def note(row: InboundMessage, said: imip.Answer, mail: Incoming, *, at: dt.datetime) -> None:
    """Keep what the calendar object says, whatever becomes of it."""
    row.method = said.method
    row.comment = said.comment
    row.sequence = said.sequence
    row.stamp = min(said.stamp or mail.date or at, at + _SKEW)
    if len(said.attendees) == 1:
        note_attendee(row, said.attendees[0])
    if said.method == "COUNTER":
        row.proposed_start, row.proposed_end = said.start, said.end


def note_attendee(row: InboundMessage, one: imip.Attendee) -> None:
    row.attendee, row.attendee_name = one.address, one.name
    row.answer = ANSWERS.get(one.partstat, "")


def match(row: InboundMessage, said: imip.Answer, mail: Incoming) -> Matched:
    """The invitation, noted in `row`, held until the transaction ends. Raises ToTray."""
    if said.method not in _FOR_US:  # somebody else as an organizer: RFC 5546 section 6.1.1
        raise ToTray(InboundReason.NO_REPLY)
    invitation = _held(said.uid)
    if invitation is None:
        row.person = inbox_people.writer(mail, row.about)
        row.meeting = inbox_people.meeting_of(row.about)
        raise ToTray(InboundReason.UNKNOWN_EVENT)
    row.invitation, row.meeting, row.person = invitation, invitation.meeting, invitation.person
    if said.organizer is not None and said.organizer != comparable(settings.ORGANIZER_EMAIL):
        raise ToTray(InboundReason.FOREIGN_ORGANIZER)
    if said.is_recurring:
        raise ToTray(InboundReason.RECURRING)
    known = inbox_people.addresses_of(invitation.person)
    knows_sender = inbox_people.is_one_of(mail.sender.address, known)
    is_proven = knows_sender and mail.is_from_its_sender(settings.AUTHSERV_ID)
    return Matched(said, invitation, known, knows_sender, is_proven)


def invitee(found: Matched) -> imip.Attendee:
    """The line of the invited person, among those of a client that lists several addresses of its user.

    The invited address first, then others we know, and of those the one that says something; where they contradict each
    other, somebody looks. Who was not invited is never added by itself (RFC 5546 section 3.2.2.6). Raises ToTray.
    """
    attendees = found.said.attendees
    own = [one for one in attendees if inbox_people.is_one_of(one.address, found.known)]
    if not own:
        former = inbox_people.former_addresses_of(found.invitation.person)
        if len(attendees) == 1 and inbox_people.is_one_of(attendees[0].address, former):
            raise ToTray(InboundReason.FORMER_ADDRESS)
        raise ToTray(_OF_STRANGERS.get(len(attendees), InboundReason.SEVERAL_ATTENDEES))
    address = comparable(found.invitation.person.email)
    invited = [one for one in own if is_one_mailbox(one.address, address)]
    for lines in (invited, own):
        speaking = [one for one in lines if one.partstat not in _SAYS_NOTHING]
        if len({one.partstat for one in speaking}) > 1:
            raise ToTray(InboundReason.SEVERAL_ATTENDEES)
        if speaking:
            return speaking[0]
    return (invited or own)[0]


def knows_who_asks(found: Matched) -> bool:
    """Whether the mail, or its calendar, is of an address of the invited person."""
    return found.knows_sender or any(inbox_people.is_one_of(one.address, found.known) for one in found.said.attendees)


def answer_of(row: InboundMessage, found: Matched) -> Answer | None:
    """What the invited person says; None where that is nothing at all. Raises ToTray."""
    one = invitee(found)
    note_attendee(row, one)
    if one.partstat == "DELEGATED" and found.said.method == "REPLY":
        others = [other.name for other in found.said.attendees if other.address in one.delegated_to]
        row.data = {"delegate": next(iter(one.delegated_to), ""), "name": next(iter(others), "")}
        raise ToTray(InboundReason.DELEGATED)
    if one.partstat not in ANSWERS and one.partstat not in _SAYS_NOTHING and found.said.method == "REPLY":
        raise ToTray(InboundReason.UNKNOWN_ANSWER)
    return ANSWERS.get(one.partstat)


def _held(uid: str) -> Invitation | None:
    """Answers to one meeting are read one after the other, and none while it moves or somebody answers on the web."""
    meeting = Invitation.objects.filter(uid=uid).values_list("meeting", flat=True).first() if uid else None
    if meeting is None:
        return None
    answers.hold_meetings(meeting)
    Invitation.objects.select_for_update().filter(uid=uid).first()
    return Invitation.objects.select_related("meeting__alliance", "person__organisation").filter(uid=uid).first()
