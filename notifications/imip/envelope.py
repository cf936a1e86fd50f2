"""A message to one person as ready bytes, the same bytes every time (a resend must not differ).

Structure of a calendar mail: multipart/mixed > ( multipart/alternative > text/plain, text/html, text/calendar last )
+ application/ics with the same bytes, which is what Gmail, Outlook, Apple Mail and Thunderbird agree on.
RFC 6047 section 2.4: the method parameter equals METHOD; only one part carries it.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import unquote

from . import parts, wire
from .compose import Method
from .event import Party
from .text import one_line, paragraphs

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,120}@[!-;=?-~]{1,120}>")
# RFC 8058 section 3.1 wants https; plain http is for trying it out on one machine only.
_ONE_CLICK = re.compile(r"(https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/])[!-+\--;=?-~]{1,600}")
_LIST_ID = re.compile(r"(?=.{1,200}$)[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)+")
_PARTIES = re.compile(r"^(ORGANIZER|ATTENDEE)[;:].*mailto:([^\r\n]*)", re.MULTILINE)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


class MailRefused(ValueError):
    """The values do not make a message that arrives as it should."""


@dataclass(frozen=True)
class Unsubscribe:
    """How to leave a list: `url` takes the POST of RFC 8058, `mailto` is an address that takes an empty mail."""

    url: str
    mailto: str | None = None


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One message to one person. `message_id`, `in_reply_to` and `references` are given with their <>.

    `html` None: text only. `calendar` is what `compose` made; such a mail is no list mail and takes no
    `list_unsubscribe`. `attachments` are (filename, type such as "application/pdf", bytes). `list_id` is bare
    ("wochenbrief.example.org"). `extra` are further header lines as (name, value).
    """

    sender: Party
    to: Party
    subject: str
    text: str
    message_id: str
    date: datetime
    html: str | None = None
    calendar: bytes | None = None
    calendar_method: Method | None = None
    attachments: Sequence[tuple[str, str, bytes]] = ()
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    reply_to: Party | None = None
    list_unsubscribe: Unsubscribe | None = None
    list_id: str | None = None
    auto_submitted: str = "auto-generated"
    extra: Sequence[tuple[str, str]] = ()


def to_bytes(mail: Mail) -> bytes:
    """The message as it goes over the wire: CRLF, seven bits, the same bytes for the same mail.

    Raises MailRefused if a header value is malformed, or if the calendar contradicts the mail around it.
    """
    _check(mail)
    # Headers people and filters look at come before those of the MIME structure, which begin the body.
    return "".join([*_headers(mail), "MIME-Version: 1.0\r\n"]).encode("ascii") + _body(mail)


def _headers(mail: Mail) -> list[str]:
    lines = [
        wire.address("From", mail.sender),
        wire.address("To", mail.to),
        wire.text("Subject", mail.subject),
        wire.whole("Date", format_datetime(mail.date.astimezone(UTC))),
        wire.whole("Message-ID", mail.message_id),
    ]
    if mail.reply_to:
        lines.append(wire.address("Reply-To", mail.reply_to))
    if mail.in_reply_to:
        lines.append(wire.whole("In-Reply-To", mail.in_reply_to))
        lines.append(wire.whole("References", " ".join(mail.references or (mail.in_reply_to,))))
    # RFC 3834 section 5. "All" or "NDR" in the second would keep back the bounces we need (MS-OXCMAIL 2.1.3.2.20).
    lines.append(wire.text("Auto-Submitted", mail.auto_submitted))
    lines.append(wire.whole("X-Auto-Response-Suppress", "OOF, AutoReply"))
    if mail.list_id:
        lines.append(wire.whole("List-Id", f"<{mail.list_id}>"))
    if mail.list_unsubscribe:
        ways = [f"<{mail.list_unsubscribe.url}>"]
        if mail.list_unsubscribe.mailto:
            ways.append(f"<mailto:{Party(mail.list_unsubscribe.mailto).address}>")
        lines.append(wire.whole("List-Unsubscribe", ", ".join(ways)))
        lines.append(wire.whole("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    lines.extend(wire.text(name, value) for name, value in mail.extra)
    return lines


def _body(mail: Mail) -> bytes:
    shown = [parts.text(paragraphs(mail.text), "plain")]
    if mail.html is not None:
        shown.append(parts.text(paragraphs(mail.html), "html"))
    files = [
        parts.message(data) if kind == parts.MESSAGE else parts.file(one_line(name), kind, parts.base64(data))
        for name, kind, data in mail.attachments
    ]
    if mail.calendar is not None:
        encoded = parts.base64(mail.calendar)
        shown.append(parts.calendar(encoded, str(mail.calendar_method)))
        files.insert(0, parts.file("invite.ics", "application/ics", encoded))
    content = shown[0] if len(shown) == 1 else _multipart("alternative", shown, mail.message_id)
    return _multipart("mixed", [content, *files], mail.message_id) if files else content


def _multipart(kind: str, inner: list[bytes], message_id: str) -> bytes:
    # "=_" occurs in neither base64 nor quoted-printable, so the boundary cannot occur in a part.
    digest = hashlib.sha256(f"{kind} {message_id}".encode()).hexdigest()[:32]
    return parts.multipart(kind, inner, f"=_{digest}")


def _check(mail: Mail) -> None:
    if mail.date.tzinfo is None:
        raise MailRefused("date has no time zone")
    for message_id in (mail.message_id, mail.in_reply_to, *mail.references):
        if message_id is not None and not _MESSAGE_ID.fullmatch(message_id):
            raise MailRefused(f"no message id: {message_id!r}")
    if mail.list_id is not None and not _LIST_ID.fullmatch(mail.list_id):
        raise MailRefused(f"no list id: {mail.list_id!r}")
    if mail.list_unsubscribe and not _ONE_CLICK.fullmatch(mail.list_unsubscribe.url):
        raise MailRefused(f"no one-click address: {mail.list_unsubscribe.url!r}")
    for name, _ in mail.extra:
        if not _HEADER.fullmatch(name):
            raise MailRefused(f"no header name: {name!r}")
    if (mail.calendar is None) != (mail.calendar_method is None):
        raise MailRefused("calendar and calendar_method go together")
    if mail.calendar is not None:
        _check_calendar(mail, mail.calendar)


def _check_calendar(mail: Mail, calendar: bytes) -> None:
    if mail.list_unsubscribe:
        raise MailRefused("an invitation is no list mail")
    unfolded = calendar.replace(b"\r\n ", b"").decode()
    if f"\r\nMETHOD:{mail.calendar_method}\r\n" not in unfolded:
        raise MailRefused("calendar_method differs from METHOD")
    # RFC 6047 section 2.3: clients act only when sender and organizer are one.
    found = [(name, unquote(address).lower()) for name, address in _PARTIES.findall(unfolded)]
    wanted = [("ORGANIZER", mail.sender.address.lower()), ("ATTENDEE", mail.to.address.lower())]
    if sorted(found) != sorted(wanted):
        raise MailRefused(f"{found} are not {wanted}")
