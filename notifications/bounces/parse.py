"""From the bytes of a mail to a report: delivery status by RFC 3464 first, then complaints, then what flufl.bounce knows.

The mail is read by the standard library's older rules, which raise nothing at whatever is malformed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email.message import Message

from flufl.bounce import all_failures

from notifications.imip import mime
from notifications.imip.errors import UNREADABLE
from notifications.imip.text import one_line, paragraphs

from . import status
from .report import Kind, Report

_MOST_PARTS = 50
_DIAGNOSTIC = 250
#: Reports say what they have to say at their beginning. flufl.bounce looks at a line again and again.
_LONGEST_TEXT = 50_000
_MOST_LINES, _LONGEST_LINE = 1000, 250
_TYPE = re.compile(r"^[\w.-]{1,30}\s*;\s*")  # "smtp; 550 …"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,180}@[!-;=?-~]{1,180}>")
_QUOTED_ID = re.compile(r"^[> \t]*Message-I[Dd]:\s*(<[^<>\s]{1,360}>)", re.MULTILINE)
_QUOTED = re.compile(
    r"^.{0,20}(original message|ursprüngliche nachricht|below this line is a copy|return-path:)",
    re.IGNORECASE | re.MULTILINE,
)
_UNDELIVERED = re.compile(
    r"(could ?n.t|cannot|could not|can ?n.t|not) be delivered|did not reach|delivery (has |to the following .{0,40})?failed"
    r"|undeliverable|nicht zugestellt|unzustellbar",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"mailer-?daemon|postmaster|mail delivery|microsoftexchange|mail.?system", re.IGNORECASE)
_RETURNED_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-RCPT-TO")
_SENT_ON = {"delivered", "relayed", "expanded"}  # RFC 3464 section 2.3.3: no failure
_REFUSED = {"reject", "policy"}  # RFC 6591 section 3.2.2: all else arrived, or nobody says
_COMPLAINTS = {"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "miscategorized"}


def read(raw: bytes) -> Report | None:
    """What this mail reports about one of ours; None where it is no report, or good news.

    Raises nothing, whatever the bytes are.
    """
    try:
        message = mime.parse(raw)
    except mime.TooNested:
        message = mime.headers_alone(raw)
    parts = _parts(message)
    return _status(message, parts) or _complaint(message, parts) or _for_people(raw, message, parts)


def _parts(message: Message) -> list[Message]:
    """This one and its parts. Messages among them are not gone into: what they quote is not ours."""
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) < _MOST_PARTS:
        part = waiting.pop(0)
        found.append(part)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(_inside(part))
    return found


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _status(message: Message, parts: list[Message]) -> Report | None:
    """RFC 3464. We write to one recipient at a time, so the first one that failed is the one."""
    blocks = [
        block for part in parts if part.get_content_type() == "message/delivery-status" for block in _inside(part)
    ]
    told = [(block, _field(block, "Action").lower()) for block in blocks]
    failed = [(block, action) for block, action in told if action in {"failed", "delayed"}]
    # Some leave the action out; the class of the code says the same.
    failed += [(block, "failed") for block, action in told if not action and _field(block, "Status")[:1] in {"4", "5"}]
    if not failed:
        return None
    block, action = min(failed, key=lambda one: one[1] != "failed")
    words = _TYPE.sub("", _field(block, "Diagnostic-Code"))
    code = status.code_in(_field(block, "Status"))
    if not code or code.endswith(".0.0") or code.split(".")[1] == "0":
        code = status.code_in(words) or code
    kind = Kind.DELAYED if action == "delayed" else status.kind_of(code, words, _said(parts))
    recipient = _typed_address(_field(block, "Original-Recipient")) or _typed_address(_field(block, "Final-Recipient"))
    return _report(kind, message, parts, code=code, words=words or _said(parts), recipient=recipient)


def _complaint(message: Message, parts: list[Message]) -> Report | None:
    """RFC 5965. Providers often take the recipient out; the envelope sender or the Message-ID tells then."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":  # Hotmail's, older than the standard
            reporter = [_address(_field(inner, "X-HmXmrOriginalRecipient")) for inner in _inside(part)]
            if any(reporter):
                return _report(Kind.COMPLAINT, message, parts, words="X-HmXmrOriginalRecipient", recipient=reporter[0])
        if part.get_content_type() != "message/feedback-report":
            continue
        fields = next(iter(_inside(part)), part)
        of = _field(fields, "Feedback-Type").lower()
        if of == "auth-failure":
            was_refused = _field(fields, "Delivery-Result").lower() in _REFUSED
            kind = Kind.POLICY if was_refused else Kind.UNCHECKED
        elif of in _COMPLAINTS:
            kind = Kind.COMPLAINT
        else:
            return None
        recipient = _address(_field(fields, "Original-Rcpt-To")) or _address(_field(fields, "Removal-Recipient"))
        return _report(kind, message, parts, words=f"Feedback-Type: {of}", recipient=recipient)
    return None


def _for_people(raw: bytes, message: Message, parts: list[Message]) -> Report | None:
    """What is written for people. Only asked where a machine wrote it: somebody may quote a report to us."""
    is_server = _is_from_a_server(message)
    if not is_server and not _is_from_a_machine(message, parts):
        return None
    if any(part.get_content_type() == "message/feedback-report" for part in parts):
        return None
    words = _said(parts)
    code = status.code_in(words)
    passing, final = _failures(raw)
    named = _address(_field(message, "X-Failed-Recipients")) or next(iter(sorted(final or passing)), "")
    if not named:
        # "Wird nicht zugestellt" stands in many an absence note: of others than servers more is asked than words.
        if not (is_server or code) or not _UNDELIVERED.search(" ".join(words.split())):
            return None
        named = _address(words)
    kind = Kind.DELAYED if passing and not final else status.kind_of(code, words)
    found = _report(kind, message, parts, code=code, words=_telling(words, code), recipient=named)
    senders = mime.parties(message, "From")
    return replace(found, said_by=senders[0].address if senders else "")


def _failures(raw: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Recipients that are still tried, and those that failed, as flufl.bounce reads it."""
    lines = [line[:_LONGEST_LINE] for line in mime.beginning(raw).splitlines()[:_MOST_LINES]]
    try:
        passing, final = all_failures(mime.parse(b"\n".join(lines)))
    except UNREADABLE:  # its readers meet mail no test has seen; then it is none they know
        return frozenset(), frozenset()
    return frozenset(map(_decoded, passing)), frozenset(map(_decoded, final))


def _report(
    kind: Kind, message: Message, parts: list[Message], *, words: str, recipient: str, code: str = ""
) -> Report:
    return Report(
        kind=kind,
        status=code,
        diagnostic=one_line(words)[:_DIAGNOSTIC],
        recipient=recipient,
        message_id=_original_id(parts),
        returned_to=tuple(dict.fromkeys(_returned_to(message))),
        thread_id=_id_in(f"{_field(message, 'In-Reply-To')} {_field(message, 'References')}"),
    )


def _original_id(parts: list[Message]) -> str:
    """Of the mail that is quoted."""
    for part in parts:
        if part.get_content_type() in {"message/rfc822", "message/global"}:
            for inner in _inside(part):
                if found := _id_in(_field(inner, "Message-ID")):
                    return found
        elif part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
            quoted = _body(part) or "".join(
                f"{name}: {value}\n" for one in _inside(part) for name, value in one.items()
            )
            if quoted_id := _QUOTED_ID.search(quoted):
                return quoted_id[1]
    quoted_id = _QUOTED_ID.search(_text(parts))
    return quoted_id[1] if quoted_id else ""


def _id_in(value: str) -> str:
    found = _MESSAGE_ID.search(value)
    return found[0] if found else ""


def _returned_to(message: Message) -> Iterator[str]:
    headers = [value for name in _RETURNED_TO for value in _fields(message, name)]
    for _name, address in mime.addresses(headers[:20]):
        if "@" in address:
            yield address.lower()


def _is_from_a_server(message: Message) -> bool:
    """By its form or its sender; not a receipt, which is a mail program's (RFC 8098)."""
    if message.get_content_type() == "multipart/report":
        return mime.parameter(message, "report-type").lower() != "disposition-notification"
    return bool(_field(message, "X-Failed-Recipients")) or bool(_DAEMON.search(_field(message, "From")))


def _is_from_a_machine(message: Message, parts: list[Message]) -> bool:
    """A program wrote it, and not in answer to a mail as an absence note is (RFC 3834 section 5.1).

    Some servers call their reports answers, too. Those have no sender to return to, and say what SMTP said.
    """
    automatic = _field(message, "Auto-Submitted").partition(";")[0].partition("(")[0].strip().lower()
    has_no_sender = _field(message, "Return-Path") == "<>"
    if automatic == "auto-replied":
        return has_no_sender and status.is_told_by_smtp(_said(parts))
    return has_no_sender or automatic not in {"", "no"}


def _text(parts: Iterable[Message]) -> str:
    return "\n".join(
        filter(None, (_body(part) for part in parts if part.get_content_type() in {"text/plain", "text/html"}))
    )


def _said(parts: Iterable[Message]) -> str:
    """What the other server says, without the mail of ours it quotes."""
    words = _text(parts)[:_LONGEST_TEXT]
    quoted = _QUOTED.search(words)
    return words[: quoted.start()] if quoted else words


def _body(part: Message) -> str:
    if part.is_multipart():
        return ""
    return paragraphs(mime.content(part).decode("utf-8", "replace"))


def _telling(words: str, code: str) -> str:
    """The lines from the one with the code on; a report begins with courtesies."""
    before, found, after = words.partition(code) if code else ("", "", "")
    return before.rpartition("\n")[2] + found + after if found else words


def _field(message: Message, name: str) -> str:
    return next(iter(_fields(message, name)), "")


def _fields(message: Message, name: str) -> list[str]:
    return [one_line(str(value)) for value in message.get_all(name, [])]


def _typed_address(value: str) -> str:
    """ "rfc822; anna@verein.example"."""
    return _address(value.rpartition(";")[2])


def _address(value: str) -> str:
    found = re.search(r"[^\s<>,;:\"]{1,120}@[^\s<>,;:\"]{1,180}", value)
    return found[0].lower() if found else ""


def _decoded(address: bytes | str) -> str:
    return (address.decode("utf-8", "replace") if isinstance(address, bytes) else str(address)).lower()
