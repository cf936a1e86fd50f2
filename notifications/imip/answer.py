"""What a calendar object that came in says: whose answer to what, and nothing else.

Read for REPLY, COUNTER and REFRESH (RFC 5546 section 3.2). Title, place and links of a reply are the client's and are
left where they are: nobody's answer changes a meeting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from . import lines, moments
from .addresses import comparable
from .lines import CalendarUnreadable, Line
from .text import one_line, paragraphs

_LONGEST_UID = 200
_LONGEST_NAME = 160
_LONGEST_COMMENT = 2000
_MOST_ATTENDEES = 50
_HIGHEST_SEQUENCE = 2**31 - 1
_EVENT = ("VCALENDAR", "VEVENT")


class SeveralEvents(CalendarUnreadable):
    """More than one calendar, or different events in one."""


@dataclass(frozen=True)
class Attendee:
    """One person of the object. Addresses are comparable ones; `partstat` in capitals, empty where it is missing."""

    address: str
    name: str = ""
    partstat: str = ""
    delegated_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One iTIP object. `organizer` is None where the property is missing, as in every reply of Exchange.

    `start` and `end` matter for a COUNTER only: they are what it proposes.
    """

    method: str
    uid: str
    organizer: str | None
    attendees: tuple[Attendee, ...]
    sequence: int
    stamp: datetime | None
    comment: str
    start: datetime | None
    end: datetime | None
    is_recurring: bool


@dataclass
class _Event:
    """The properties of one VEVENT: the first of each name, and all of the two that may come several times."""

    first: dict[str, Line] = field(default_factory=dict)
    attendees: list[Line] = field(default_factory=list)
    comments: list[Line] = field(default_factory=list)

    def value(self, name: str) -> str:
        return self.first[name].value.strip() if name in self.first else ""


def read(data: bytes, *, charset: str = "") -> Answer:
    """Raises CalendarUnreadable, SeveralEvents."""
    method, events, calendars = "", list[_Event](), 0
    for around, line in lines.components(lines.text_of(data, charset)):
        if around == ("VCALENDAR",):
            calendars += line.name == "BEGIN"
            if line.name == "METHOD":
                method = one_line(line.value).upper()[:20]
        elif around == _EVENT and line.name == "BEGIN":
            events.append(_Event())
        elif around == _EVENT:
            _keep(events[-1], line)
    if not events:
        raise CalendarUnreadable("no event")
    if calendars > 1 or len({event.value("UID") for event in events}) > 1:
        raise SeveralEvents("several events")
    return _answer(method, events)


def _keep(event: _Event, line: Line) -> None:
    if line.name == "ATTENDEE":
        if len(event.attendees) < _MOST_ATTENDEES:
            event.attendees.append(line)
    elif line.name == "COMMENT":
        event.comments.append(line)
    else:
        event.first.setdefault(line.name, line)


def _answer(method: str, events: list[_Event]) -> Answer:
    """Of the first event. Further ones of the same UID are exceptions of a series."""
    event = events[0]
    comments = [lines.plain(line.value) for line in event.comments]
    if len(event.attendees) == 1 and not any(one.strip() for one in comments):  # as Google says it
        comments = [event.attendees[0].parameters.get("X-RESPONSE-COMMENT", "")]
    comment = "\n".join(paragraphs(one).strip() for one in comments)
    start = moments.moment(event.first.get("DTSTART"))
    end = moments.moment(event.first.get("DTEND"))
    length = moments.duration(event.first.get("DURATION"))
    if end is None and start is not None and length is not None:
        end = start + length
    return Answer(
        method=method,
        uid=one_line(event.value("UID"))[:_LONGEST_UID],
        organizer=comparable(event.value("ORGANIZER")) if "ORGANIZER" in event.first else None,
        attendees=tuple(_attendee(line) for line in event.attendees),
        sequence=_number(event.value("SEQUENCE")),
        stamp=moments.moment(event.first.get("DTSTAMP"), default_zone="UTC"),
        comment=comment.strip()[:_LONGEST_COMMENT],
        start=start,
        end=end,
        is_recurring=len(events) > 1 or any("RECURRENCE-ID" in one.first for one in events),
    )


def _attendee(line: Line) -> Attendee:
    said: Mapping[str, str] = line.parameters
    delegated = [comparable(one) for one in said.get("DELEGATED-TO", "").split(",")]
    return Attendee(
        address=comparable(line.value),
        name=one_line(said.get("CN", ""))[:_LONGEST_NAME],
        partstat=said.get("PARTSTAT", "").strip().upper()[:40],
        delegated_to=tuple(one for one in delegated if one),
    )


def _number(text: str) -> int:
    """SEQUENCE; 0 where it is missing or none."""
    return min(int(text), _HIGHEST_SEQUENCE) if text.isascii() and text.isdecimal() and len(text) < 20 else 0  # noqa: PLR2004 -- digits
