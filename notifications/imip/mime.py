"""A message of a stranger taken apart, within bounds: so many bytes, lines, parts and levels, and no header too long.

The library's parser looks at every line once for each level it is in, and at every header again and again: within these
bounds that takes a moment, whatever the bytes are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Policy
from email.utils import getaddresses, parsedate_to_datetime
from itertools import count

from .addresses import comparable
from .lines import text_of
from .text import one_line

#: Of a larger message only the beginning is read (design: 1 MB, 50 parts).
LONGEST = 1_000_000
_MOST_LINES = 50_000  # of 20 characters each: base64 has 76
_MOST_PARTS = 50
_DEEPEST = 10
#: The same with what lies in messages that were forwarded or returned.
_MOST_PARTS_INSIDE = 250
_DEEPEST_INSIDE = 24
_LONGEST_HEADER = 4000
_MOST_OF_A_NAME = 100
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
_YEARS = range(1980, 2200)


class TooNested(ValueError):
    """More parts or levels than any mail program makes."""


@dataclass(frozen=True)
class Party:
    """Who wrote, as the header says. `address` is a comparable one, empty where there is none."""

    address: str = ""
    name: str = ""


class _Part(Message):
    """A message or a part of one. It knows how deep it lies, and keeps no header longer than is read."""

    depth = 0

    def attach(self, payload: Message) -> None:  # type: ignore[override]
        """Called by the parser for what opens inside, before it is read. Raises TooNested."""
        if isinstance(payload, _Part):
            payload.depth = self.depth + 1
            if payload.depth > _DEEPEST_INSIDE:
                raise TooNested
        super().attach(payload)

    def set_raw(self, name: str, value: str) -> None:
        super().set_raw(name, value[:_LONGEST_HEADER])


def beginning(raw: bytes) -> bytes:
    """As much of it as is read."""
    start = raw[:LONGEST]
    lines = start.splitlines(keepends=True)
    return start if len(lines) <= _MOST_LINES else b"".join(lines[:_MOST_LINES])


def parse(raw: bytes) -> Message:
    """The message. Raises TooNested."""
    try:
        return BytesParser(_factory()).parsebytes(beginning(raw))
    except RecursionError:
        raise TooNested from None


def headers_alone(raw: bytes) -> Message:
    """The headers, with a text that is empty."""
    head = re.split(rb"\r?\n\r?\n", beginning(raw), maxsplit=1)[0]
    kept = [line for line in head.splitlines() if not line.lower().startswith((b"content-", b"mime-version"))]
    return BytesParser(_factory()).parsebytes(b"\r\n".join(kept) + b"\r\n\r\n")


def _factory() -> Callable[..., Message]:
    """Makes the parts of one message. Raises TooNested at one too many."""
    made = count()

    def make(policy: Policy[Message]) -> Message:
        if next(made) > _MOST_PARTS_INSIDE:
            raise TooNested
        return _Part(policy)

    return make


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in their order. What was forwarded inside is not looked into. Raises TooNested."""
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if seen > _MOST_PARTS or depth > _DEEPEST:
            raise TooNested
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            inner = part.get_payload()
            waiting[:0] = [(one, depth + 1) for one in inner if isinstance(one, Message)]
        else:
            yield part


def header(message: Message, name: str) -> str:
    """The first header of this name in readable characters, on one line."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    """All headers of this name."""
    return [_readable(value) for value in raw_headers(message, name)]


def raw_headers(message: Message, name: str) -> list[str]:
    """As they stand, encoded words not undone: what an address or a check is read from."""
    found = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    return [_unfolded(value) for value in found[:20]]


def parties(message: Message, name: str) -> list[Party]:
    """The addresses of a header. Taken apart before names are decoded: an encoded name can contain an address."""
    return [
        Party(comparable(address), _readable(words)[:160]) for words, address in addresses(raw_headers(message, name))
    ]


def addresses(values: Sequence[str]) -> list[tuple[str, str]]:
    """(name, address) of the first ones in these headers; none where they are nested beyond reading."""
    try:
        return getaddresses(list(values))[:20]
    except RecursionError:
        return []


def message_ids(message: Message, *names: str) -> tuple[str, ...]:
    """The identifiers in these headers, each once, with their <>."""
    found = [one for name in names for value in raw_headers(message, name) for one in _MESSAGE_ID.findall(value)]
    return tuple(dict.fromkeys(found))[:50]


def date(message: Message) -> datetime | None:
    """The Date header in UTC; None where it is none."""
    try:
        moment = parsedate_to_datetime(header(message, "Date"))
        if moment.year not in _YEARS:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def content(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone."""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return b""
    return found if isinstance(found, bytes) else b""


def parameter(part: Message, name: str) -> str:
    """A parameter of Content-Type; empty where it is missing."""
    found = part.get_param(name)
    value = found[2] if isinstance(found, tuple) else found
    return one_line(str(value or ""))[:_MOST_OF_A_NAME]


def text(part: Message) -> str:
    """The characters of a text part; its line ends are one kind."""
    return text_of(content(part), parameter(part, "charset"), unfold=False)


def file_name(part: Message) -> str:
    """As the sender named it; empty where it has no name."""
    return _readable(part.get_filename() or "")[:_MOST_OF_A_NAME]


def is_attached(part: Message) -> bool:
    return (part.get_content_disposition() or "") == "attachment"


def _unfolded(value: str) -> str:
    """8 bit headers are UTF-8 today; the library hands them on as surrogates."""
    bare = value[:_LONGEST_HEADER].encode("utf-8", "surrogateescape")
    return " ".join(bare.decode("utf-8", "replace").split())


def _readable(value: str) -> str:
    """Encoded words (RFC 2047) undone; what cannot be decoded is marked or stays as it is."""
    try:
        pieces = decode_header(value)
    except (ValueError, MessageError):
        return one_line(value)
    return one_line("".join(_decoded(piece, charset) for piece, charset in pieces))


def _decoded(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    try:
        return piece.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return piece.decode("utf-8", "replace")
