"""iTIP messages of the organizer as bytes: REQUEST (first invitation and update) and CANCEL.

One VCALENDAR, one VEVENT, one ATTENDEE: the recipient alone, so that nobody reads who else is invited.
CRLF line ends, lines of at most 75 octets, folded between characters (RFC 5545 section 3.1).

Written by hand: one shape of object, five hundred times a batch. The tests hold it to what icalendar writes.
"""

from datetime import datetime
from typing import Literal
from urllib.parse import quote

from . import zones
from .content import line, local, text, utc
from .event import Entry, Event, Party
from .text import one_line, paragraphs

Method = Literal["REQUEST", "CANCEL"]

PRODID = "-//buendnisse//Sitzungen//DE"


def request(event: Event) -> bytes:
    """The invitation or its update (RFC 5546 section 3.2.2): same UID, and SEQUENCE by `rules.next_sequence`."""
    lines = [
        *_invited(event),
        line("STATUS", event.status),
        line("TRANSP", "OPAQUE"),
        line("CLASS", "PUBLIC"),
    ]
    if event.conference:
        # RFC 7986 section 5.11. Few clients show it, so the link belongs into location or description too.
        lines.append(line("CONFERENCE", event.conference, VALUE="URI", FEATURE="VIDEO", LABEL="Videokonferenz"))
    # RSVP stays TRUE after an answer: without it Outlook takes the buttons away, and minds change.
    lines.append(_attendee(event, RSVP="TRUE"))
    return _calendar("REQUEST", lines)


def cancel(event: Event, *, whole: bool) -> bytes:
    """The CANCEL for one copy; its SEQUENCE must be above the last one sent (RFC 5546 section 2.1.4).

    `whole`: the meeting does not take place, STATUS:CANCELLED. Otherwise only this attendee is no longer invited,
    and STATUS must not be there (section 3.2.5).
    """
    status = [line("STATUS", "CANCELLED")] if whole else []
    return _calendar("CANCEL", [*_invited(event), *status, _attendee(event)])


def _calendar(method: Method, vevent: list[bytes]) -> bytes:
    return b"".join(
        (
            line("BEGIN", "VCALENDAR"),
            line("PRODID", PRODID),
            line("VERSION", "2.0"),
            line("CALSCALE", "GREGORIAN"),
            line("METHOD", method),
            zones.VTIMEZONE,
            line("BEGIN", "VEVENT"),
            *vevent,
            line("END", "VEVENT"),
            line("END", "VCALENDAR"),
        )
    )


def _invited(event: Event) -> list[bytes]:
    """What every message about a copy says."""
    return [*about(event), line("ORGANIZER", _mailto(event.organizer), **_name(event.organizer))]


def about(event: Entry) -> list[bytes]:
    """What invitations and feeds say alike of a meeting."""
    return [
        line("UID", event.uid),
        line("SEQUENCE", str(event.sequence)),
        line("DTSTAMP", utc(event.stamp)),
        _moment("DTSTART", event.start),
        _moment("DTEND", event.end),
        # libical takes a property without a value for a fault.
        *_text("SUMMARY", one_line(event.summary)),
        *_text("LOCATION", paragraphs(event.location)),
        *_text("DESCRIPTION", paragraphs(event.description)),
        line("URL", event.url),
        line("CREATED", utc(event.created)),
        line("LAST-MODIFIED", utc(event.last_modified)),
    ]


def _text(name: str, value: str) -> list[bytes]:
    return [line(name, text(value))] if value else []


def _moment(name: str, moment: datetime) -> bytes:
    there = zones.local(moment)
    return line(name, utc(moment)) if there is None else line(name, local(there), TZID=zones.TZID)


def _attendee(event: Event, **more: str) -> bytes:
    params = {**_name(event.attendee), "CUTYPE": "INDIVIDUAL", "ROLE": event.role, "PARTSTAT": event.partstat, **more}
    return line("ATTENDEE", _mailto(event.attendee), **params)


def _mailto(party: Party) -> str:
    # RFC 6068 section 2: of the characters an address may have, these mean something else in a URI.
    return "mailto:" + quote(party.address, safe="@!$'*+-/=_~^`{|}")


def _name(party: Party) -> dict[str, str]:
    # A double quote would need RFC 6868, which Outlook shows as ^'; a backslash hides the next separator from
    # readers that undo escapes in parameters too.
    name = one_line(party.name).replace('"', "'").replace("\\", "/")
    return {"CN": name} if name else {}
