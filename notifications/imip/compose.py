"""iTIP messages of the organizer as bytes: REQUEST (first invitation and update) and CANCEL.

One VCALENDAR, one VEVENT, one ATTENDEE: the recipient alone, so that nobody reads who else is invited.
CRLF line ends, lines of at most 75 octets, folded between characters (RFC 5545 section 3.1).
"""

from datetime import datetime
from typing import Literal
from urllib.parse import quote

from icalendar import Calendar, vCalAddress, vDatetime, vText, vUri
from icalendar import Event as VEvent

from . import zones
from .event import Event, Party
from .text import one_line, paragraphs

Method = Literal["REQUEST", "CANCEL"]

PRODID = "-//buendnisse//Sitzungen//DE"


def request(event: Event) -> bytes:
    """The invitation or its update (RFC 5546 section 3.2.2): same UID, and SEQUENCE by `rules.next_sequence`."""
    vevent = _vevent(event)
    vevent.add("status", event.status)
    vevent.add("transp", "OPAQUE")
    vevent.add("class", "PUBLIC")
    if event.conference:
        # RFC 7986 section 5.11. Few clients show it, so the link belongs into location or description too.
        conference = vUri(event.conference)
        conference.params.update({"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Videokonferenz"})
        vevent.add("conference", conference, encode=False)
    # RSVP stays TRUE after an answer: without it Outlook takes the buttons away, and minds change.
    vevent.add("attendee", _attendee(event, rsvp=True), encode=False)
    return _calendar("REQUEST", vevent)


def cancel(event: Event, *, whole: bool) -> bytes:
    """The CANCEL for one copy; its SEQUENCE must be above the last one sent (RFC 5546 section 2.1.4).

    `whole`: the meeting does not take place, STATUS:CANCELLED. Otherwise only this attendee is no longer invited,
    and STATUS must not be there (section 3.2.5).
    """
    vevent = _vevent(event)
    if whole:
        vevent.add("status", "CANCELLED")
    vevent.add("attendee", _attendee(event, rsvp=False), encode=False)
    return _calendar("CANCEL", vevent)


def _calendar(method: Method, vevent: VEvent) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(zones.berlin())
    calendar.add_component(vevent)
    return bytes(calendar.to_ical(sorted=False))


def _vevent(event: Event) -> VEvent:
    vevent = VEvent()
    vevent.add("uid", event.uid)
    vevent.add("sequence", event.sequence)
    vevent.add("dtstamp", event.stamp)
    vevent.add("dtstart", _moment(event.start), encode=False)
    vevent.add("dtend", _moment(event.end), encode=False)
    vevent.add("summary", _Text(one_line(event.summary)), encode=False)
    vevent.add("location", _Text(paragraphs(event.location)), encode=False)
    vevent.add("description", _Text(paragraphs(event.description)), encode=False)
    vevent.add("url", vUri(event.url), encode=False)
    vevent.add("created", event.created)
    vevent.add("last-modified", event.last_modified)
    vevent.add("organizer", _address(event.organizer), encode=False)
    return vevent


def _moment(moment: datetime) -> vDatetime:
    local = zones.local(moment)
    if local is None:
        return vDatetime(moment)
    value = vDatetime(local)
    value.params["TZID"] = zones.TZID
    return value


def _attendee(event: Event, *, rsvp: bool) -> vCalAddress:
    address = _address(event.attendee)
    address.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": event.role, "PARTSTAT": event.partstat})
    if rsvp:
        address.params["RSVP"] = "TRUE"
    return address


def _address(party: Party) -> vCalAddress:
    # RFC 6068 section 2: of the characters an address may have, these mean something else in a URI.
    address = vCalAddress("mailto:" + quote(party.address, safe="@!$'*+-/=_~^`{|}"))
    # A double quote would need RFC 6868, which Outlook shows as ^'; a backslash hides the next separator from
    # readers that undo escapes in parameters too.
    name = one_line(party.name).replace('"', "'").replace("\\", "/")
    if name:
        address.params["CN"] = name
    return address


class _Text(vText):
    r"""TEXT of RFC 5545 section 3.3.11.

    icalendar takes a backslash before a capital N for a line break, so that "C:\Neu" would lose it.
    """

    def to_ical(self) -> bytes:
        escaped = str(self)
        for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
            escaped = escaped.replace(plain, written)
        return escaped.encode()
