"""A meeting as calendars see it, and one member's copy of it: plain values, checked once when made."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

Partstat = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"]
Role = Literal["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"]
Status = Literal["CONFIRMED", "TENTATIVE"]

_ADDRESS = re.compile(r"[!#$%&'*+/=?^_`{|}~.0-9A-Za-z-]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*")
_LONGEST_ADDRESS = 254  # octets: a path of RFC 5321 section 4.5.3.1.3 without its <>
_UID = re.compile(r"[!-~]+@[!-~]+")
_WEB = re.compile(r"https?://[!-~]+")
# Letters on which the two standards for international domain names disagree: a guess could reach a stranger.
_AMBIGUOUS = frozenset("ßς\u200c\u200d")


class AddressRefused(ValueError):
    """The text is no single mail address that every mail server accepts."""


class EventRefused(ValueError):
    """The values do not make a calendar event."""


@dataclass(frozen=True)
class Party:
    """Somebody with one mail address. The domain is kept in its ASCII form; `name` may be empty.

    Raises AddressRefused if the address is none, or its part before the @ is not ASCII (few servers take that).
    """

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", _ascii(self.address))


@lru_cache(maxsize=256)
def _ascii(address: str) -> str:
    local, at, domain = address.rpartition("@")
    if not domain.isascii():
        if _AMBIGUOUS & set(domain):
            raise AddressRefused(f"ambiguous domain: {domain!r}; give it in its xn-- form")
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise AddressRefused(f"no domain: {domain!r}") from error
    wanted = f"{local}{at}{domain}"
    if len(wanted) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(wanted):
        raise AddressRefused(f"no mail address: {address!r}")
    return wanted


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every calendar object says of a meeting. All moments are aware and kept as UTC, whole seconds.

    `uid` belongs to this copy for ever (RFC 5546 section 2.1.5), `sequence` starts at 0 and never falls
    (section 2.1.4, see `rules`). Raises EventRefused.
    """

    uid: str
    sequence: int
    stamp: datetime
    start: datetime
    end: datetime
    summary: str
    location: str
    description: str
    url: str
    created: datetime
    last_modified: datetime

    def __post_init__(self) -> None:
        for name in ("stamp", "start", "end", "created", "last_modified"):
            object.__setattr__(self, name, _utc(name, getattr(self, name)))
        if self.end <= self.start:
            raise EventRefused("end is not after start")
        if not 0 <= self.sequence < 2**31:
            raise EventRefused(f"sequence {self.sequence} is not a 32 bit number from 0")
        check_uid(self.uid)
        check_web(self.url)


@dataclass(frozen=True, kw_only=True)
class Event(Entry):
    """What a REQUEST or CANCEL to one attendee says.

    `stamp` is when this message was made: newer on every mail, it breaks the tie between equal sequences.
    `conference` is a link to take part online. Raises EventRefused.
    """

    organizer: Party
    attendee: Party
    partstat: Partstat = "NEEDS-ACTION"
    role: Role = "REQ-PARTICIPANT"
    conference: str | None = None
    status: Status = "CONFIRMED"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.conference:
            check_web(self.conference)


def check_uid(uid: str) -> None:
    """Raises EventRefused for what is not ASCII with an @ inside."""
    if not _UID.fullmatch(uid):
        raise EventRefused(f"uid {uid!r} is not ASCII with an @")


def check_web(link: str) -> None:
    """Raises EventRefused for anything but an address of http or https in ASCII."""
    if not _WEB.fullmatch(link):
        raise EventRefused(f"no web address: {link!r}")


def _utc(name: str, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise EventRefused(f"{name} has no time zone")
    return moment.astimezone(UTC).replace(microsecond=0)
