"""A person's calendar as a file that programs fetch again and again (RFC 5545, with the properties of RFC 7986).

No METHOD, ATTENDEE or ORGANIZER: it invites nobody, and some programs mail an answer to an ORGANIZER they find.
The same meetings give the same bytes, so that an unchanged calendar need not be sent twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from . import zones
from .compose import PRODID, about
from .content import line, text, utc
from .event import Entry, check_uid, check_web
from .text import one_line, paragraphs

_COLOR = "royalblue"  # a name of CSS (RFC 7986 section 5.9): of no alliance, since all are in it
_TTL = "PT6H"  # how often programs may ask; most have a rhythm of their own


@dataclass(frozen=True, kw_only=True)
class FeedEntry(Entry):
    """One meeting. `stamp` is when it last changed. `is_busy`: the person is expected there."""

    status: Literal["CONFIRMED", "CANCELLED"] = "CONFIRMED"
    is_busy: bool = True


@dataclass(frozen=True, kw_only=True)
class FeedDay:
    """Something for a whole day, such as a deadline: it takes no time. `stamp` is when it last changed, in UTC.

    `url` may be empty. Raises EventRefused.
    """

    uid: str
    sequence: int
    stamp: datetime
    day: date
    summary: str
    description: str
    url: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamp", self.stamp.astimezone(UTC).replace(microsecond=0))
        check_uid(self.uid)
        if self.url:
            check_web(self.url)

    @property
    def start(self) -> datetime:
        """For the order in the file."""
        return datetime.combine(self.day, time.min, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The calendar around the meetings. Raises EventRefused.

    `uid` stays when the address changes. `source` is the address it is fetched from, `url` the page about it for people.
    `last_modified`, in UTC, is left out of a calendar in which nothing ever changed.
    """

    uid: str
    name: str
    description: str
    source: str
    url: str
    last_modified: datetime | None = None

    def __post_init__(self) -> None:
        check_uid(self.uid)
        check_web(self.source)
        check_web(self.url)


def calendar(feed: Feed, entries: Iterable[FeedEntry | FeedDay]) -> bytes:
    """The file: entries by start and UID. Without any entry it is a valid, empty calendar."""
    name, description = text(one_line(feed.name)), text(paragraphs(feed.description))
    changed = feed.last_modified
    return _file(
        [
            line("UID", feed.uid),
            *([line("LAST-MODIFIED", utc(changed.astimezone(UTC)))] if changed else []),
            line("NAME", name),
            line("X-WR-CALNAME", name),
            line("DESCRIPTION", description),
            line("X-WR-CALDESC", description),
            line("COLOR", _COLOR),
            line("URL", feed.url),
            line("X-WR-TIMEZONE", zones.TZID),
            line("REFRESH-INTERVAL", _TTL, VALUE="DURATION"),
            line("X-PUBLISHED-TTL", _TTL),
            line("SOURCE", feed.source, VALUE="URI"),
        ],
        entries,
    )


def single(entry: FeedEntry) -> bytes:
    """One meeting to be saved once: a calendar without a name, which nobody fetches again."""
    return _file([], [entry])


def _file(around: list[bytes], entries: Iterable[FeedEntry | FeedDay]) -> bytes:
    lines = [
        line("BEGIN", "VCALENDAR"),
        line("PRODID", PRODID),
        line("VERSION", "2.0"),
        line("CALSCALE", "GREGORIAN"),
        *around,
        zones.VTIMEZONE,
    ]
    for entry in sorted(entries, key=lambda one: (one.start, one.uid)):
        shown = _day(entry) if isinstance(entry, FeedDay) else _meeting(entry)
        lines += [line("BEGIN", "VEVENT"), *shown, line("CLASS", "PUBLIC"), line("END", "VEVENT")]
    return b"".join([*lines, line("END", "VCALENDAR")])


def _meeting(entry: FeedEntry) -> list[bytes]:
    return [
        *about(entry),
        line("STATUS", entry.status),
        line("TRANSP", "OPAQUE" if entry.is_busy and entry.status == "CONFIRMED" else "TRANSPARENT"),
    ]


def _day(entry: FeedDay) -> list[bytes]:
    """DTEND is the day after: it is not part of the event (RFC 5545 section 3.6.1)."""
    description = paragraphs(entry.description)
    return [
        line("UID", entry.uid),
        line("SEQUENCE", str(entry.sequence)),
        line("DTSTAMP", utc(entry.stamp)),
        line("DTSTART", f"{entry.day:%Y%m%d}", VALUE="DATE"),
        line("DTEND", f"{entry.day + timedelta(days=1):%Y%m%d}", VALUE="DATE"),
        line("SUMMARY", text(one_line(entry.summary))),
        *([line("DESCRIPTION", text(description))] if description else []),
        *([line("URL", entry.url)] if entry.url else []),
        line("LAST-MODIFIED", utc(entry.stamp)),
        line("STATUS", "CONFIRMED"),
        line("TRANSP", "TRANSPARENT"),
    ]
