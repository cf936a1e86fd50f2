"""What a mail that came in is: an answer of a calendar, a report of a server, a program's words or a human's.

`read` never raises, whatever the bytes are, and looks at a bounded part of them.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from typing import Literal

from . import answer, mime, origin, plain
from .answer import Answer, SeveralEvents
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

    `is_automatic`: a program wrote it, and nobody answers it, also where it carries an answer.
    """

    kind: Kind = "human"
    fault: Fault = ""
    answer: Answer | None = None
    calendar: bytes = b""
    is_automatic: bool = False
    is_cut: bool = False
    sender: mime.Party = field(default_factory=mime.Party)
    has_one_sender: bool = False
    reply_to: str = ""
    subject: str = ""
    message_id: str = ""
    answers_to: tuple[str, ...] = ()
    date: datetime | None = None
    results: tuple[str, ...] = ()
    text: str = ""
    files: tuple[File, ...] = ()

    def is_from_its_sender(self, server: str) -> bool:
        """Whether our own mail server vouches for the From line."""
        return self.has_one_sender and origin.is_proven(self.results, server=server, sender=self.sender.address)


def read(raw: bytes) -> Incoming:
    """The mail, as far as it can be read."""
    try:
        return _read(raw)
    except Exception:  # a stranger wrote these bytes: none of them may stop the reading of the next mail
        logger.info("a mail that came in could not be read", exc_info=True)
        return Incoming(fault="unreadable", is_cut=len(raw) > mime.LONGEST)


def _read(raw: bytes) -> Incoming:
    message = mime.parse(raw)
    found = _headers(message)
    try:
        parts = list(mime.leaves(message))
    except mime.TooNested:
        return replace(found, fault="too_nested", kind="automatic" if found.is_automatic else "human")
    found = replace(found, text=_text(parts), files=_files(parts))
    if _is_report(message, found):
        return replace(found, kind="report", is_automatic=True, is_cut=len(raw) > mime.LONGEST)
    if len(raw) > mime.LONGEST:
        kind: Kind = "automatic" if found.is_automatic else "human"
        return replace(found, kind=kind, fault="too_large", is_cut=True)
    return _with_calendar(found, parts)


def _headers(message: Message) -> Incoming:
    senders = mime.parties(message, "From")
    answers_to = mime.parties(message, "Reply-To")
    return Incoming(
        is_automatic=_is_automatic(message),
        sender=senders[0] if senders else mime.Party(),
        has_one_sender=len(senders) == 1 and len(mime.raw_headers(message, "From")) == 1,
        reply_to=answers_to[0].address if answers_to else "",
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


def _is_report(message: Message, found: Incoming) -> bool:
    """A delivery or complaint report (RFC 3462, RFC 5965), or what a mail server wrote in words of its own."""
    if message.get_content_type() == "multipart/report":
        return mime.parameter(message, "report-type").lower() != "disposition-notification"
    return found.sender.address.partition("@")[0] in _SERVERS


def _with_calendar(found: Incoming, parts: Sequence[Message]) -> Incoming:
    """A calendar part decides what the mail is, also in an automatic one: rooms and many programs answer by themselves."""
    otherwise: Kind = "automatic" if found.is_automatic else "human"
    objects: list[tuple[Answer, bytes]] = []
    broken = b""
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
        if one not in [known for known, _data in objects]:
            objects.append((one, data))
    if len(objects) > 1:
        return replace(found, kind="calendar", fault="several_calendars", calendar=objects[0][1])
    if objects:
        return replace(found, kind="calendar", answer=objects[0][0], calendar=objects[0][1])
    return replace(found, kind="calendar", fault=fault, calendar=broken) if fault else replace(found, kind=otherwise)


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
