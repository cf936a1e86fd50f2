"""One calendar entry for each meeting and person: its UID, its SEQUENCE, and what the next message about it says.

RFC 5546 §2.1.4: SEQUENCE belongs to one copy, only we raise it, it never falls. It rises only over what was
really frozen before, so nothing here is stored until the bytes of a message are (`Letter.on_frozen`).
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings

from buendnisse.enums import Role
from buendnisse.models import Person
from meetings.enums import Answer, MeetingMode, MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import batch, urls_for
from notifications.domain.letter import CalendarPart, NothingToSay, Overtaken
from notifications.enums import CalendarMethod, MailKind, OutboxState
from notifications.imip import compose, rules
from notifications.imip.event import Event, Partstat, Party
from notifications.imip.event import Role as PartRole
from notifications.models import Invitation, OutboxMessage

_PARTSTAT: dict[str, Partstat] = {
    Answer.PENDING: "NEEDS-ACTION",
    Answer.ACCEPTED: "ACCEPTED",
    Answer.ACCEPTED_ONLINE: "ACCEPTED",
    Answer.TENTATIVE: "TENTATIVE",
    Answer.DECLINED: "DECLINED",
}
_MAY_HAVE_ARRIVED = frozenset({OutboxState.SENT, OutboxState.SENDING})
_ROLE: dict[str, PartRole] = {Role.CHAIR: "CHAIR", Role.GUEST: "OPT-PARTICIPANT"}


#: Kinds of mail that carry a calendar object.
WITH_CALENDAR = frozenset(
    {MailKind.INVITATION, MailKind.AGENDA, MailKind.MOVED, MailKind.CANCELLED, MailKind.UNINVITED}
)


@dataclass(frozen=True)
class Heard:
    """What the last calendar mail that may have reached a person said. `link` None: not known (taken over)."""

    method: str
    start: dt.datetime
    end: dt.datetime
    location: str
    link: str | None = None


@dataclass(frozen=True)
class Part:
    """The calendar object of one letter, what to store once its bytes are frozen, and what the person knew before.

    `heard` None: nothing reached this person yet, the letter is a first invitation whatever its occasion was.
    """

    calendar: CalendarPart
    on_frozen: Callable[[str], None]
    heard: Heard | None


def matter(meeting_id: int) -> str:
    """What all messages about one calendar entry share: a later one replaces one that still waits."""
    return f"invite:{meeting_id}"


def of(meeting: Meeting, person: Person, *, at: dt.datetime) -> Invitation:
    """The entry of this person, made if it is missing; loaded once a batch for all. `Part.on_frozen` compares and sets."""
    people = set(batch.people(meeting_id=meeting.pk)) or {person.pk}
    known = batch.once(("invitations", meeting.pk), lambda: _made(meeting, people, at))
    found = known.get(person.pk) or _made(meeting, {person.pk}, at)[person.pk]
    found.person = person
    return found


def request(message: OutboxMessage, meeting: Meeting, attendance: Attendance, *, at: dt.datetime) -> Part:
    """The REQUEST this person should have now. Raises NothingToSay where the meeting or the person is out."""
    if meeting.state in {MeetingState.PLANNED, MeetingState.CANCELLED} or not attendance.is_asked:
        raise NothingToSay
    if at >= meeting.start or has_deputy(attendance):
        raise NothingToSay
    invitation = of(meeting, message.person, at=at)
    event = _event(invitation, meeting, attendance, at)
    material = bool(invitation.last_method) and rules.is_material(_before(invitation, event), event)
    sequence = rules.next_sequence(
        _last(invitation), method="REQUEST", last_method=_last_method(invitation), material=material
    )
    answered = None if attendance.answer_is_for_earlier_date else invitation.sequence
    partstat = rules.next_partstat(_PARTSTAT[attendance.answer], answered_sequence=answered, sequence=sequence)
    event = replace(event, sequence=sequence, partstat=partstat)
    return _part("REQUEST", compose.request(event), event, invitation, message, heard=_heard(invitation, message))


def cancel(message: OutboxMessage, meeting: Meeting, attendance: Attendance, *, whole: bool, at: dt.datetime) -> Part:
    """The CANCEL of the meeting (`whole`) or of this person's part in it. Raises NothingToSay if there is none to cancel.

    A CANCEL whose REQUEST never left drops both: who heard nothing needs no cancellation.
    """
    invitation = of(meeting, message.person, at=at)
    heard = _heard(invitation, message)
    if heard is None or heard.method != CalendarMethod.REQUEST:
        raise NothingToSay
    event = _event(invitation, meeting, attendance, at)
    sequence = rules.next_sequence(_last(invitation), method="CANCEL", last_method="REQUEST")
    event = replace(event, sequence=sequence, start=heard.start, end=heard.end, location=heard.location)
    return _part("CANCEL", compose.cancel(event, whole=whole), event, invitation, message, heard=heard)


def has_deputy(attendance: Attendance) -> bool:
    """Whether somebody stands in for this person. Free where `deputy` was loaded along."""
    return getattr(attendance, "deputy", None) is not None


def location(meeting: Meeting) -> str:
    """LOCATION of the calendar entry: the place alone, since a change of it asks everybody again."""
    if meeting.mode == MeetingMode.ONLINE:
        return "Videokonferenz"
    return meeting.venue.name if meeting.venue else ""


def _part(
    method: compose.Method,
    data: bytes,
    event: Event,
    invitation: Invitation,
    message: OutboxMessage,
    *,
    heard: Heard | None,
) -> Part:
    def store(message_id: str) -> None:
        before = {name: getattr(invitation, name) for name in ("sequence", "last_method", "last_frozen_at")}
        after = {
            "sequence": event.sequence,
            "last_method": method,
            "last_frozen_at": event.stamp,
            "last_start": event.start,
            "last_end": event.end,
            "last_location": event.location,
            "first_message_id": invitation.first_message_id or message_id,
        }
        if Invitation.objects.filter(pk=invitation.pk, **before).update(**after) != 1:
            raise Overtaken
        for name, value in after.items():  # a later message of this batch goes on from here
            setattr(invitation, name, value)
        message.data = {**message.data, "told": _told(method, event)}  # stored with the bytes

    calendar = CalendarPart(method, data, event.sequence, invitation.first_message_id)
    return Part(calendar, store, heard)


def _told(method: str, event: Event) -> dict[str, str]:
    """What a message said, kept with it: whether it was heard is known only later."""
    return {
        "method": method,
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "location": event.location,
        "link": event.conference or "",
    }


def _heard(invitation: Invitation, message: OutboxMessage) -> Heard | None:
    """The last message that may have reached the person; None where none did.

    What was frozen and then waits for a relay, was held back or refused did not. An entry without any frozen
    message was taken over from elsewhere and counts as known.
    """
    if not invitation.last_method:
        return None
    frozen = (
        OutboxMessage.objects.filter(person_id=invitation.person_id, meeting_id=invitation.meeting_id)
        .filter(kind__in=WITH_CALENDAR)
        .exclude(pk=message.pk)
        .exclude(message_id="")
        .order_by("-pk")
        .values_list("state", "data")
    )
    rows = list(frozen)
    told = next((data.get("told", {}) for state, data in rows if state in _MAY_HAVE_ARRIVED), None)
    if told is None and rows:
        return None
    if told:
        moments = (dt.datetime.fromisoformat(told["start"]), dt.datetime.fromisoformat(told["end"]))
        return Heard(told["method"], *moments, told["location"], told["link"])
    if invitation.last_start is None or invitation.last_end is None:
        return None
    return Heard(invitation.last_method, invitation.last_start, invitation.last_end, invitation.last_location)


def _event(invitation: Invitation, meeting: Meeting, attendance: Attendance, at: dt.datetime) -> Event:
    person = invitation.person
    return Event(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamp=at,
        start=meeting.start,
        end=meeting.end,
        summary=f"{meeting.alliance.name}: Sitzung",
        location=location(meeting),
        description=_description(meeting),
        url=page(meeting),
        organizer=Party(settings.ORGANIZER_EMAIL, settings.ORGANIZER_NAME),
        attendee=Party(person.email, person.full_name),
        created=invitation.created_at,
        last_modified=meeting.changed_at,
        role=_ROLE.get(attendance.role, "REQ-PARTICIPANT"),
        conference=meeting.video_link if meeting.has_online and meeting.video_link else None,
    )


def page(meeting: Meeting) -> str:
    """The meeting's page, without a token: colleagues see calendars."""
    return urls_for.absolute(f"/sitzungen/{meeting.slug}/")


def _description(meeting: Meeting) -> str:
    lines = [meeting.title]
    if meeting.has_online and meeting.video_link:
        lines.append(f"Online: {meeting.video_link}")
    if meeting.venue and meeting.mode != MeetingMode.ONLINE and meeting.venue.bus_note:
        lines.append(meeting.venue.bus_sentence.rstrip("."))
    lines.append(f"Seite der Sitzung: {page(meeting)}")
    return "\n".join(lines)


def _before(invitation: Invitation, event: Event) -> Event:
    """The event as this person last heard of it."""
    if not invitation.last_start or not invitation.last_end:
        return event
    return replace(
        event, start=invitation.last_start, end=invitation.last_end, location=invitation.last_location or event.location
    )


def _last(invitation: Invitation) -> int | None:
    return invitation.sequence if invitation.last_method else None


def _last_method(invitation: Invitation) -> compose.Method:
    return "CANCEL" if invitation.last_method == CalendarMethod.CANCEL else "REQUEST"


def _made(meeting: Meeting, wanted: set[int], at: dt.datetime) -> dict[int, Invitation]:
    """The entries of these people by person, made where they are missing."""
    _make_missing(meeting, wanted, at)
    return {row.person_id: row for row in Invitation.objects.filter(meeting=meeting, person__in=wanted)}


def _make_missing(meeting: Meeting, wanted: set[int], at: dt.datetime) -> None:
    there = set(Invitation.objects.filter(meeting=meeting, person__in=wanted).values_list("person_id", flat=True))
    right = settings.ORGANIZER_EMAIL.rpartition("@")[2]
    Invitation.objects.bulk_create(
        [
            Invitation(
                meeting=meeting, person_id=key, uid=f"{meeting.pk}.{secrets.token_hex(16)}@{right}", created_at=at
            )
            for key in sorted(wanted - there)
        ],
        ignore_conflicts=True,
    )
