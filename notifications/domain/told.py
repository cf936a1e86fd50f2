"""What a person was told about the date of a meeting, in a calendar object or in words alone.

Kept with each message once its bytes are frozen, for as long as the message: a year's dates are told many months
before the next mail about one of them. Whether a message was heard is known only later, by what became of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from meetings.enums import MeetingMode
from meetings.models import Meeting
from notifications.enums import MAY_HAVE_ARRIVED, CalendarMethod, MailKind
from notifications.models import Invitation, OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

#: Kinds of mail that tell a person a date. All but the year's dates and the welcome are about one meeting.
TELLING = frozenset(
    {
        MailKind.SAVE_THE_DATE,
        MailKind.INVITATION,
        MailKind.AGENDA,
        MailKind.MOVED,
        MailKind.CANCELLED,
        MailKind.UNINVITED,
        MailKind.WELCOME,
        MailKind.REQUEST_AGAIN,
    }
)
#: Those that tell of several.
_OF_SEVERAL = (MailKind.SAVE_THE_DATE, MailKind.WELCOME)
#: Matter of an agenda that somebody gets to read only: it tells no date, whatever else is known of that person.
TO_READ = "agenda:"


@dataclass(frozen=True)
class Heard:
    """What the last mail that may have reached a person said.

    `method` REQUEST: the meeting is then and there; CANCEL: it is not, or not for this person. `in_calendar`: by a
    calendar object. `link` None: not known (taken over). Not `is_certain`: the connection ended at it, so it may not
    have arrived either, and what it said is to be said again.
    """

    method: str
    start: dt.datetime
    end: dt.datetime
    location: str
    link: str | None = None
    in_calendar: bool = True
    is_certain: bool = True

    @property
    def is_expected(self) -> bool:
        """The person knows of a meeting to come."""
        return self.method == CalendarMethod.REQUEST

    @property
    def may_be_expected(self) -> bool:
        """The person knows of it, or knew and may not have heard that it is off."""
        return self.is_expected or not self.is_certain


def location(meeting: Meeting) -> str:
    """The place alone: a change of it asks everybody again."""
    if meeting.mode == MeetingMode.ONLINE:
        return _("Videokonferenz")
    return meeting.venue.name if meeting.venue else ""


def as_it_stands(meeting: Meeting) -> Heard:
    """The date in words, as a mail tells it now."""
    link = meeting.video_link if meeting.has_online else ""
    return Heard(CalendarMethod.REQUEST, meeting.start, meeting.end, location(meeting), link, in_calendar=False)


def keep(message: OutboxMessage, said: Mapping[int, Heard]) -> None:
    """Note in the message what it tells about which meeting; stored with its bytes."""
    notes = {
        str(number): {
            "method": one.method,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "location": one.location,
            "link": one.link or "",
            "in_calendar": one.in_calendar,
        }
        for number, one in said.items()
    }
    message.data = {**message.data, "told": notes}


def telling() -> OutboxMessageQuerySet:
    """The frozen mails that tell their reader a date, the latest first; whatever became of them."""
    rows: OutboxMessageQuerySet = OutboxMessage.objects.filter(kind__in=TELLING)
    return rows.exclude(message_id="").exclude(matter__startswith=TO_READ).order_by("-pk")


def last(
    people: Collection[int], meetings: Collection[int], *, besides: OutboxMessage | None = None
) -> dict[tuple[int, int], Heard | None]:
    """What each of these people last heard of each of these meetings, by person and meeting; one query.

    None: something was written, and nothing of it may have arrived. What was frozen and then waits for a relay, was
    held back or refused did not. Missing: no message knows; an entry that was taken over from elsewhere may.
    """
    rows = (
        telling()
        .filter(Q(meeting_id__in=meetings) | Q(kind__in=_OF_SEVERAL), person__in=people)
        .values_list("person_id", "meeting_id", "state", "may_have_arrived", "data")
    )
    if besides is not None and besides.pk is not None:
        rows = rows.exclude(pk=besides.pk)
    found: dict[tuple[int, int], Heard | None] = {}
    decided: set[tuple[int, int]] = set()
    for person, meeting, state, perhaps, data in rows:
        notes = data.get("told", {})
        numbers = {int(number) for number in notes} if meeting is None else {meeting}
        for pair in {(person, number) for number in numbers.intersection(meetings)} - decided:
            if state not in MAY_HAVE_ARRIVED and not perhaps:
                found.setdefault(pair, None)
                continue
            decided.add(pair)
            if (said := said_in(data, pair[1])) is not None:
                found[pair] = replace(said, is_certain=state in MAY_HAVE_ARRIVED)
            else:
                found.pop(pair, None)  # it came without notes: its calendar entry knows
    return found


def said_in(data: Mapping[str, Any], meeting: int) -> Heard | None:
    """What a message with this `data` told about a meeting."""
    note = data.get("told", {}).get(str(meeting))
    if note is None:
        return None
    moments = (dt.datetime.fromisoformat(note["start"]), dt.datetime.fromisoformat(note["end"]))
    return Heard(note["method"], *moments, note["location"], note["link"], note["in_calendar"])


def by_entry(entry: Invitation) -> Heard | None:
    """What a calendar entry without any message says: it was taken over from elsewhere and counts as known."""
    if not entry.last_method or entry.last_start is None or entry.last_end is None:
        return None
    return Heard(entry.last_method, entry.last_start, entry.last_end, entry.last_location)
