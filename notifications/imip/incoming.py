"""What a mail that came in is: an answer of a calendar, a report of a server, a program's words or a human's.

`read` raises nothing for what the bytes are, looks at a bounded part of them, and is through with it in a moment.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from typing import Literal

from . import answer, mime, origin, plain
from .answer import Answer, SeveralEvents
from .errors import UNREADABLE
from .lines import CalendarUnreadable
from .text import one_line, paragraphs

logger = logging.getLogger(__name__)

Kind = Literal["calendar", "report", "automatic", "human"]
#: Why nothing can be applied, whatever the mail says.
Fault = Literal[
    "",
    "too_large",
    "too_nested",
    "unreadable",
    "unreadable_calendar",
    "several_calendars",
    "methods_differ",
]

_LONGEST_TEXT = 50_000
#: What is said to an organizer (RFC 5546 section 1.4).
_ANSWERS = frozenset({"REPLY", "COUNTER", "REFRESH"})
_SERVERS = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_BY_PROGRAMS = (
    "X-Auto-Response-Suppress",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply-From",
    "List-Id",
    "List-Unsubscribe",
)


@dataclass(frozen=True)
class File:
    """What hangs on a mail: only its name and size are shown."""

    name: str
    size: int


@dataclass(frozen=True)
class Incoming:
    """One mail. `text` are its words, `results` what mail servers found out about its sender.

    `is_automatic`: a program wrote it, and nobody answers it, also where it carries an answer. `is_enclosed`: the calendar
    object only hangs on it as a file, without the `method=` that makes it a message (RFC 6047 section 2.4).
    """

    kind: Kind = "human"
    fault: Fault = ""
    answer: Answer | None = None
    calendar: bytes = b""
    is_enclosed: bool = False
    is_automatic: bool = False
    is_cut: bool = False
    sender: mime.Party = field(default_factory=mime.Party)
    has_one_sender: bool = False
    subject: str = ""
    message_id: str = ""
    answers_to: tuple[str, ...] = ()
    date: datetime | None = None
    results: tuple[str, ...] = ()
    text: str = ""
    files: tuple[File, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing stands in it that somebody could read."""
        has_content = self.subject.strip() or self.text.strip() or self.files or self.calendar
        return not has_content and not self.fault

    def is_from_its_sender(self, server: str) -> bool:
        """Whether our own mail server vouches for the From line."""
        return self.has_one_sender and origin.is_proven(self.results, server=server, sender=self.sender.address)


def read(raw: bytes) -> Incoming:
    """The mail, as far as it can be read."""
    try:
        return _read(raw)
    except UNREADABLE:  # a stranger wrote these bytes: none of them may stop the reading of the next mail
        logger.info("a mail that came in could not be read", exc_info=True)
        return Incoming(fault="unreadable", is_cut=_is_cut(raw))


def _read(raw: bytes) -> Incoming:
    is_cut = _is_cut(raw)
    message = None
    try:
        message = mime.parse(raw)
        parts = list(mime.leaves(message))
    except mime.TooNested:
        found = _headers(mime.headers_alone(raw) if message is None else message)
        return replace(found, fault="too_nested", kind=_otherwise(found), is_cut=is_cut)
    found = replace(_headers(message), text=_text(parts), files=_files(parts), is_cut=is_cut)
    if _is_report(message):
        return replace(found, kind="report", is_automatic=True)
    is_of_server = found.sender.address.partition("@")[0] in _SERVERS
    if not is_cut:
        found = _with_calendar(found, parts)
    if is_of_server and not (found.answer is not None and found.answer.method in _ANSWERS):
        # A server may send our own invitation back, or its postmaster may be invited.
        return replace(found, kind="report", is_automatic=True, fault="", answer=None, calendar=b"")
    return replace(found, kind=_otherwise(found), fault="too_large") if is_cut else found


def _is_cut(raw: bytes) -> bool:
    return len(mime.beginning(raw)) < len(raw)


def _otherwise(found: Incoming) -> Kind:
    """What a mail is that carries no calendar's message."""
    return "automatic" if found.is_automatic else "human"


def _headers(message: Message) -> Incoming:
    senders = mime.parties(message, "From")
    return Incoming(
        is_automatic=_is_automatic(message),
        sender=senders[0] if senders else mime.Party(),
        has_one_sender=len(senders) == 1 and len(mime.raw_headers(message, "From")) == 1,
        subject=mime.header(message, "Subject")[:250],
        message_id=next(iter(mime.message_ids(message, "Message-ID")), ""),
        answers_to=mime.message_ids(message, "In-Reply-To", "References"),
        date=mime.date(message),
        results=tuple(mime.raw_headers(message, "Authentication-Results")),
    )


def _is_automatic(message: Message) -> bool:
    """RFC 3834 section 2, and what came before it."""
    auto = mime.header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    bulk = mime.header(message, "Precedence").strip().lower() in _BULK
    bounced = mime.raw_headers(message, "Return-Path")[:1] == ["<>"]
    bounced = bounced or message.get_content_type() == "multipart/report"
    return auto not in {"", "no"} or bulk or bounced or any(mime.raw_headers(message, name) for name in _BY_PROGRAMS)


def _is_report(message: Message) -> bool:
    """A delivery or complaint report (RFC 3462, RFC 5965)."""
    if message.get_content_type() != "multipart/report":
        return False
    return mime.parameter(message, "report-type").lower() != "disposition-notification"


def _with_calendar(found: Incoming, parts: Sequence[Message]) -> Incoming:
    """A calendar part decides what the mail is, also in an automatic one: rooms and many programs answer by themselves."""
    objects: list[tuple[Answer, bytes]] = []
    broken, is_enclosed = b"", True
    fault: Fault = ""
    for part in parts:
        if not _is_calendar(part):
            continue
        data = mime.content(part)
        try:
            one = answer.read(data, charset=mime.parameter(part, "charset"))
        except SeveralEvents:
            broken, fault = data, "several_calendars"
            continue
        except CalendarUnreadable:
            broken, fault = broken or data, fault or "unreadable_calendar"
            continue
        if not one.method:
            continue  # somebody's own calendar file, no message about ours
        outside = mime.parameter(part, "method").upper()
        if outside and outside != one.method:
            return replace(found, kind="calendar", fault="methods_differ", calendar=data, answer=one)
        is_enclosed = is_enclosed and not outside
        if one not in [known for known, _data in objects]:
            objects.append((one, data))
    if len(objects) > 1 or fault == "several_calendars":
        data = objects[0][1] if objects else broken
        return replace(found, kind="calendar", fault="several_calendars", calendar=data)
    if objects:
        said, data = objects[0]
        return replace(found, kind="calendar", answer=said, calendar=data, is_enclosed=is_enclosed)
    return (
        replace(found, kind="calendar", fault=fault, calendar=broken)
        if fault
        else replace(found, kind=_otherwise(found))
    )


def _is_calendar(part: Message) -> bool:
    """By its type or its name (RFC 6047 sections 2.4 and 2.6)."""
    by_type = part.get_content_type() in {"text/calendar", "application/ics"}
    return by_type or mime.file_name(part).lower().endswith(".ics")


def _text(parts: Sequence[Message]) -> str:
    """The first plain text that is not attached, else the words of the first HTML."""
    shown = [part for part in parts if part.get_content_maintype() == "text" and not mime.is_attached(part)]
    for part in shown:
        if part.get_content_subtype() == "plain" and (words := paragraphs(mime.text(part)).strip()):
            return words[:_LONGEST_TEXT]
    for part in shown:
        if part.get_content_subtype() == "html":
            return paragraphs(plain.of_html(mime.text(part)[: 4 * _LONGEST_TEXT]))[:_LONGEST_TEXT]
    return ""


def _files(parts: Sequence[Message]) -> tuple[File, ...]:
    """What has a name, calendar objects left out."""
    named = [(mime.file_name(part), part) for part in parts if not _is_calendar(part)]
    return tuple(File(one_line(name), len(mime.content(part))) for name, part in named if name)
