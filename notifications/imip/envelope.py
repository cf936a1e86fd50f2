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
from email.headerregistry import Address
from email.message import MIMEPart
from email.policy import SMTP
from urllib.parse import unquote

from .compose import Method
from .event import Party
from .text import one_line, paragraphs
from .wire import WIRE

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,120}@[!-;=?-~]{1,120}>")
# RFC 8058 section 3.1 wants https; plain http is for trying it out on one machine only.
_ONE_CLICK = re.compile(r"(https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/])[!-+\--;=?-~]{1,600}")
_LIST_ID = re.compile(r"(?=.{1,200}$)[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)+")
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
    root = _body(mail)
    headers = _headers(mail)
    # Headers people and filters look at come before those of the MIME structure.
    structure = [(name, value) for name, value in root.items() if name.lower() != "mime-version"]
    for name in list(root.keys()):
        del root[name]
    for name, value in [*headers, ("MIME-Version", "1.0"), *structure]:
        root[name] = value
    return root.as_bytes(policy=WIRE)


def _headers(mail: Mail) -> list[tuple[str, object]]:
    headers: list[tuple[str, object]] = [
        ("From", _address(mail.sender)),
        ("To", _address(mail.to)),
        ("Subject", one_line(mail.subject)),
        ("Date", mail.date.astimezone(UTC).replace(microsecond=0)),
        ("Message-ID", mail.message_id),
    ]
    if mail.reply_to:
        headers.append(("Reply-To", _address(mail.reply_to)))
    if mail.in_reply_to:
        headers.append(("In-Reply-To", mail.in_reply_to))
        headers.append(("References", " ".join(mail.references or (mail.in_reply_to,))))
    # RFC 3834 section 5. "All" or "NDR" in the second would keep back the bounces we need (MS-OXCMAIL 2.1.3.2.20).
    headers.append(("Auto-Submitted", mail.auto_submitted))
    headers.append(("X-Auto-Response-Suppress", "OOF, AutoReply"))
    if mail.list_id:
        headers.append(("List-Id", f"<{mail.list_id}>"))
    if mail.list_unsubscribe:
        ways = [f"<{mail.list_unsubscribe.url}>"]
        if mail.list_unsubscribe.mailto:
            ways.append(f"<mailto:{Party(mail.list_unsubscribe.mailto).address}>")
        headers.append(("List-Unsubscribe", ", ".join(ways)))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    headers.extend((name, one_line(value)) for name, value in mail.extra)
    return headers


def _address(party: Party) -> Address:
    return Address(display_name=one_line(party.name), addr_spec=party.address)


def _body(mail: Mail) -> MIMEPart:
    parts = [_text(mail.text, "plain")]
    if mail.html is not None:
        parts.append(_text(mail.html, "html"))
    files = [_file(name, kind, data) for name, kind, data in mail.attachments]
    if mail.calendar is not None:
        parts.append(_calendar(mail.calendar, str(mail.calendar_method)))
        files.insert(0, _file("invite.ics", "application/ics", mail.calendar))
    content = parts[0] if len(parts) == 1 else _multipart("alternative", parts, mail.message_id)
    return _multipart("mixed", [content, *files], mail.message_id) if files else content


def _multipart(kind: str, parts: list[MIMEPart], message_id: str) -> MIMEPart:
    # "=_" occurs in neither base64 nor quoted-printable, so the boundary cannot occur in a part.
    digest = hashlib.sha256(f"{kind} {message_id}".encode()).hexdigest()[:32]
    whole = MIMEPart(policy=SMTP)
    whole["Content-Type"] = f'multipart/{kind}; boundary="=_{digest}"'
    for part in parts:
        whole.attach(part)
    return whole


def _text(value: str, subtype: str) -> MIMEPart:
    part = MIMEPart(policy=SMTP)
    part.set_content(paragraphs(value), subtype=subtype, charset="utf-8", cte="quoted-printable")
    return part


def _calendar(data: bytes, method: str) -> MIMEPart:
    # From bytes, not text: the standard library would turn CRLF into LF on some paths. No Content-Disposition:
    # with one, Thunderbird shows a file instead of the buttons.
    part = MIMEPart(policy=SMTP)
    part.set_content(data, maintype="text", subtype="calendar", cte="base64")
    part.replace_header("Content-Type", f"text/calendar; method={method}; charset=utf-8; component=VEVENT")
    return part


def _file(name: str, kind: str, data: bytes) -> MIMEPart:
    maintype, _, subtype = kind.partition("/")
    part = MIMEPart(policy=SMTP)
    part.set_content(
        data, maintype=maintype, subtype=subtype, cte="base64", disposition="attachment", filename=one_line(name)
    )
    return part


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
    lines = calendar.replace(b"\r\n ", b"").decode().split("\r\n")
    if f"METHOD:{mail.calendar_method}" not in lines:
        raise MailRefused("calendar_method differs from METHOD")
    # RFC 6047 section 2.3: clients act only when sender and organizer are one.
    for name, party in (("ORGANIZER", mail.sender), ("ATTENDEE", mail.to)):
        found = [line.rpartition("mailto:")[2] for line in lines if re.match(name + "[;:]", line)]
        if [unquote(address).lower() for address in found] != [party.address.lower()]:
            raise MailRefused(f"{party.address} is not the {name}")
