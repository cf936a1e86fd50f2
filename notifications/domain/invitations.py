"""One calendar entry for each meeting and person: its UID, its SEQUENCE, and what the next message about it says.

RFC 5546 §2.1.4: SEQUENCE belongs to one copy, only we raise it, it never falls. It rises only over what was
really frozen before, so nothing here is stored until the bytes of a message are (`Letter.on_frozen`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from buendnisse.enums import Role
from buendnisse.models import Change, Person
from buendnisse.models.at_once import Swap, insert_new, swap_all
from meetings.domain import asking
from meetings.enums import Answer, Happened, MeetingMode, MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import batch, returns, told, urls_for
from notifications.domain.letter import CalendarPart, NothingToSay, Overtaken
from notifications.domain.told import Heard
from notifications.enums import CalendarMethod
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
#: After these a meeting may be at another place.
_ASKS_AGAIN = (Happened.MEETING_MOVED, Happened.MEETING_EDITED)
_COMPARED = ("sequence", "last_method", "last_frozen_at")
_CHANGED = (*_COMPARED, "last_start", "last_end", "last_location", "first_message_id")
_waiting: ContextVar[list[Swap] | None] = ContextVar("entries to be stored", default=None)
_ROLE: dict[str, PartRole] = {Role.CHAIR: "CHAIR", Role.GUEST: "OPT-PARTICIPANT"}


@dataclass(frozen=True)
class Part:
    """The calendar object of one letter, what to store once its bytes are frozen, and what the person knew before.

    `calendar` None: words alone, since the invitation is still to come (`comes_later`). `heard` None: nothing reached
    this person yet, the letter is a first one whatever its occasion was.
    """

    calendar: CalendarPart | None
    on_frozen: Callable[[str], None]
    heard: Heard | None


def matter(meeting_id: int) -> str:
    """What all messages about one calendar entry share: a later one replaces one that still waits."""
    return f"invite:{meeting_id}"


def of(meeting: Meeting, person: Person, *, at: dt.datetime) -> Invitation:
    """The entry of this person, made if it is missing; made and loaded once a batch for all.

    `Part.on_frozen` compares and sets.
    """
    known = _entries(meeting.pk, person.pk)
    if person.pk not in known:
        missing = ({person.pk} | set(batch.people(meeting_id=meeting.pk))) - set(known)
        known.update(_made(meeting, missing, at))
    found = known[person.pk]
    found.person = person
    return found


def comes_later(meeting: Meeting) -> bool:
    """As `asking.comes_later`, looked up once a batch.

    Until then members are told in words: a year's dates are one mail, and a mail holds one calendar entry at most.
    """
    return batch.once(("comes later", meeting.pk), lambda: asking.comes_later(meeting))


def request(message: OutboxMessage, meeting: Meeting, attendance: Attendance, *, at: dt.datetime) -> Part:
    """The REQUEST this person should have now, or words in its place. Raises NothingToSay where meeting or person is out.

    Who stands in for somebody has to decide now and gets the REQUEST at once.
    """
    if meeting.state in {MeetingState.PLANNED, MeetingState.CANCELLED} or not attendance.is_asked:
        raise NothingToSay
    if at >= meeting.start or has_deputy(attendance):
        raise NothingToSay
    heard = _heard(meeting, message)
    knows_the_entry = heard is not None and heard.in_calendar
    if not knows_the_entry and attendance.stands_in_for_id is None and comes_later(meeting):
        return _in_words(told.as_it_stands(meeting), meeting, message, heard=heard)
    invitation = of(meeting, message.person, at=at)
    event = _event(invitation, meeting, attendance, at)
    material = bool(invitation.last_method) and rules.is_material(_before(invitation, event), event)
    sequence = rules.next_sequence(
        _last(invitation), method="REQUEST", last_method=_last_method(invitation), material=material
    )
    answered = None if attendance.answer_is_for_earlier_date else invitation.sequence
    partstat = rules.next_partstat(_PARTSTAT[attendance.answer], answered_sequence=answered, sequence=sequence)
    event = replace(event, sequence=sequence, partstat=partstat)
    return _part("REQUEST", compose.request(event), event, invitation, message, heard=heard)


def cancel(message: OutboxMessage, meeting: Meeting, attendance: Attendance, *, whole: bool, at: dt.datetime) -> Part:
    """The CANCEL of the meeting (`whole`) or of this person's part in it. Raises NothingToSay if there is none to cancel.

    A CANCEL whose REQUEST never left drops both: who heard nothing, in whichever mail, needs no cancellation. One whose
    REQUEST may have arrived goes, with the date of the last one that may have. Who heard of it in words is told in words.
    """
    heard = _heard(meeting, message)
    if heard is None or not heard.may_be_expected:
        raise NothingToSay
    if not heard.in_calendar:
        return _in_words(replace(heard, method=CalendarMethod.CANCEL), meeting, message, heard=heard)
    invitation = of(meeting, message.person, at=at)
    event = _event(invitation, meeting, attendance, at)
    sequence = rules.next_sequence(_last(invitation), method="CANCEL", last_method="REQUEST")
    event = replace(event, sequence=sequence, start=heard.start, end=heard.end, location=heard.location)
    return _part("CANCEL", compose.cancel(event, whole=whole), event, invitation, message, heard=heard)


def was_moved(invitation: Invitation, meeting: Meeting) -> bool:
    """Day, hour or place are others than the last mail about this entry said, and the next one has not left.

    A place that got another name is the same place. One query where the name differs, none else.
    """
    if (invitation.last_start, invitation.last_end) != (meeting.start, meeting.end):
        return True
    if invitation.last_location == told.location(meeting) or invitation.last_frozen_at is None:
        return False
    since = Change.objects.of(meeting).filter(at__gte=invitation.last_frozen_at)
    return any(
        verb == Happened.MEETING_MOVED or "mode" in data["fields"]
        for verb, data in since.filter(verb__in=_ASKS_AGAIN).values_list("verb", "data")
    )


def uid(meeting_id: int, person_id: int) -> str:
    """The UID a new entry gets: 128 bits nobody can guess. Once made it is stored, so it outlives the key.

    Derived, so that the feed names a meeting as its first mail will, without writing anything.
    """
    secret = hmac.digest(settings.LINK_KEY.encode(), f"uid:{meeting_id}:{person_id}".encode(), hashlib.sha256)[:16]
    return f"{meeting_id}.{secret.hex()}@{returns.domain()}"


def has_deputy(attendance: Attendance) -> bool:
    """Whether somebody stands in for this person. Free where `deputy` was loaded along."""
    return getattr(attendance, "deputy", None) is not None


def _in_words(said: Heard, meeting: Meeting, message: OutboxMessage, *, heard: Heard | None) -> Part:
    return Part(None, lambda _message_id: _keep(said, meeting.pk, message), heard)


def _keep(said: Heard, meeting_id: int, message: OutboxMessage) -> None:
    told.keep(message, {meeting_id: said})
    _told(meeting_id, message)[message.person_id, meeting_id] = said  # a later message of this batch goes on from here


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
        before = tuple(getattr(invitation, name) for name in _COMPARED)
        first = invitation.first_message_id or message_id
        after = (event.sequence, method, event.stamp, event.start, event.end, event.location, first)
        _swap(Swap(invitation.pk, before, after))
        for name, value in zip(_CHANGED, after, strict=True):  # a later message of this batch goes on from here
            setattr(invitation, name, value)
        said = Heard(method, event.start, event.end, event.location, event.conference)
        _keep(said, invitation.meeting_id, message)

    calendar = CalendarPart(method, data, event.sequence, invitation.first_message_id)
    return Part(calendar, store, heard)


@contextmanager
def storing_together() -> Iterator[None]:
    """What is stored in the block about entries is stored at its end, for all at once. Raises Overtaken there.

    Needs a transaction.
    """
    swaps: list[Swap] = []
    token = _waiting.set(swaps)
    try:
        yield
    finally:
        _waiting.reset(token)
    _store(swaps)


def _swap(swap: Swap) -> None:
    if (waiting := _waiting.get()) is not None:
        waiting.append(swap)
    else:
        _store([swap])


def _store(swaps: Sequence[Swap]) -> None:
    """Raises Overtaken where somebody else has frozen something about one of these entries."""
    if swap_all(Invitation, swaps, compare=_COMPARED, change=_CHANGED) != len(swaps):
        raise Overtaken


def _heard(meeting: Meeting, message: OutboxMessage) -> Heard | None:
    pair = (message.person_id, meeting.pk)
    heard = _told(meeting.pk, message)
    if pair in heard:
        return heard[pair]
    entry = _entries(meeting.pk, message.person_id).get(message.person_id)
    return told.by_entry(entry) if entry else None


def _told(meeting_id: int, message: OutboxMessage) -> dict[tuple[int, int], Heard | None]:
    """What everybody of this batch was told; loaded once."""
    people = set(batch.people(meeting_id=meeting_id)) or {message.person_id}
    return batch.once(("told", meeting_id), lambda: told.last(people, [meeting_id], besides=message))


def _event(invitation: Invitation, meeting: Meeting, attendance: Attendance, at: dt.datetime) -> Event:
    person = invitation.person
    return Event(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamp=at,
        start=meeting.start,
        end=meeting.end,
        summary=summary(meeting),
        location=told.location(meeting),
        description=description(meeting, with_link=True),
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


def summary(meeting: Meeting) -> str:
    """What a calendar shows of it."""
    return _("%s: Sitzung") % meeting.alliance.name


def description(meeting: Meeting, *, with_link: bool) -> str:
    """Title, way to take part online where that is told, last bus, page."""
    lines = [meeting.title]
    if with_link and meeting.has_online and meeting.video_link:
        lines.append(_("Online: %s") % meeting.video_link)
    if meeting.venue and meeting.mode != MeetingMode.ONLINE and meeting.venue.bus_note:
        lines.append(meeting.venue.bus_sentence.rstrip("."))
    lines.append(_("Seite der Sitzung: %s") % page(meeting))
    return "\n".join(lines)


def _before(invitation: Invitation, event: Event) -> Event:
    """The event as this person last heard of it."""
    if not invitation.last_start or not invitation.last_end:
        return event
    return replace(event, start=invitation.last_start, end=invitation.last_end, location=invitation.last_location)


def _last(invitation: Invitation) -> int | None:
    return invitation.sequence if invitation.last_method else None


def _last_method(invitation: Invitation) -> compose.Method:
    return "CANCEL" if invitation.last_method == CalendarMethod.CANCEL else "REQUEST"


def _entries(meeting_id: int, person_id: int) -> dict[int, Invitation]:
    """The entries there are, by person; loaded once for everybody of this batch."""
    people = {person_id} | set(batch.people(meeting_id=meeting_id))
    return batch.once(("invitations", meeting_id), lambda: _load(meeting_id, people))


def _load(meeting_id: int, people: set[int]) -> dict[int, Invitation]:
    rows = Invitation.objects.filter(meeting=meeting_id, person__in=people)
    return {row.person_id: row for row in rows}


def _made(meeting: Meeting, people: set[int], at: dt.datetime) -> dict[int, Invitation]:
    entries = [
        Invitation(meeting=meeting, person_id=key, uid=uid(meeting.pk, key), created_at=at) for key in sorted(people)
    ]
    insert_new(Invitation, entries, known_by=("meeting", "person"))
    if all(entry.pk for entry in entries):
        return {entry.person_id: entry for entry in entries}
    return _load(meeting.pk, people)  # another worker made the same
