"""A person's calendar as a file that programs fetch again and again (RFC 5545, with the properties of RFC 7986).

No METHOD, ATTENDEE or ORGANIZER: it invites nobody, and some programs mail an answer to an ORGANIZER they find.
The same meetings give the same bytes, so that an unchanged calendar need not be sent twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from . import zones
from .compose import PRODID, about
from .content import line, text
from .event import Entry, check_web
from .text import one_line, paragraphs

_TTL = "PT6H"  # how often programs may ask; most have a rhythm of their own


@dataclass(frozen=True, kw_only=True)
class FeedEntry(Entry):
    """One meeting. `stamp` is when it last changed. `is_busy`: the person is expected there."""

    status: Literal["CONFIRMED", "CANCELLED"] = "CONFIRMED"
    is_busy: bool = True


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The calendar around the meetings. `source` is the address it is fetched from. Raises EventRefused."""

    name: str
    description: str
    source: str

    def __post_init__(self) -> None:
        check_web(self.source)


def calendar(feed: Feed, entries: Iterable[FeedEntry]) -> bytes:
    """The file: entries by start and UID. Without any entry it is a valid, empty calendar."""
    name, description = text(one_line(feed.name)), text(paragraphs(feed.description))
    lines = [
        line("BEGIN", "VCALENDAR"),
        line("PRODID", PRODID),
        line("VERSION", "2.0"),
        line("CALSCALE", "GREGORIAN"),
        line("NAME", name),
        line("X-WR-CALNAME", name),
        line("DESCRIPTION", description),
        line("X-WR-CALDESC", description),
        line("X-WR-TIMEZONE", zones.TZID),
        line("REFRESH-INTERVAL", _TTL, VALUE="DURATION"),
        line("X-PUBLISHED-TTL", _TTL),
        line("SOURCE", feed.source, VALUE="URI"),
        zones.VTIMEZONE,
    ]
    for entry in sorted(entries, key=lambda one: (one.start, one.uid)):
        lines += [
            line("BEGIN", "VEVENT"),
            *about(entry),
            line("STATUS", entry.status),
            line("TRANSP", "OPAQUE" if entry.is_busy and entry.status == "CONFIRMED" else "TRANSPARENT"),
            line("CLASS", "PUBLIC"),
            line("END", "VEVENT"),
        ]
    return b"".join([*lines, line("END", "VCALENDAR")])
