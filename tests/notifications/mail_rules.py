"""What holds for every mail on the wire: RFC 5322, 2045, 8058 and 3834; for calendar mail RFC 5545, 5546 and 6047.

By itself and by hand: neither our writer nor our reader is asked.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

_ONCE = ("From", "To", "Subject", "Date", "Message-ID")
_WEB = rb"<(?:https://|http://127\.0\.0\.1[:/])"
_LOADS = re.compile(r"<(?:img|script|link|iframe)\b[^>]*\b(?:src|href)=[\"']?https?:", re.IGNORECASE)
_MUST = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "ORGANIZER", "ATTENDEE")
_STATUS = {"REQUEST": {"CONFIRMED", "TENTATIVE"}, "CANCEL": {"CANCELLED", ""}}
_SHAPE = ["text/plain", "text/html", "text/calendar"]


def faults(raw: bytes) -> list[str]:
    """What is wrong with a message as it was sent; empty where all holds."""
    message = message_from_bytes(raw, policy=SMTP)
    assert isinstance(message, EmailMessage)
    parts = [part for part in message.walk() if not part.is_multipart()]
    found = [*_envelope(raw, message), *_texts(parts), *_lists(raw, message)]
    if any(part.get_content_type() == "text/calendar" for part in parts):
        found += _calendar_mail(message, parts)
    return found


def calendar_of(raw: bytes) -> bytes | None:
    """The calendar object of a message."""
    for part in message_from_bytes(raw, policy=SMTP).walk():
        if part.get_content_type() == "text/calendar":
            return bytes(part.get_payload(decode=True) or b"")
    return None


def _envelope(raw: bytes, message: EmailMessage) -> list[str]:
    found = ["a bare CR or LF"] if re.search(rb"(?<!\r)\n|\r(?!\n)", raw) else []
    found += [f"a line of {len(line)} octets" for line in raw.split(b"\r\n") if len(line) > 998]
    found += [f"not one {name}" for name in _ONCE if len(message.get_all(name, [])) != 1]
    if message["Auto-Submitted"] not in {"auto-generated", "auto-replied"}:
        found.append("not Auto-Submitted")
    if re.search(r"\b(?:all|ndr|dr)\b", message["X-Auto-Response-Suppress"] or "", re.IGNORECASE):
        found.append("X-Auto-Response-Suppress keeps bounces back")
    if len(getaddresses([str(one) for one in message.get_all("To", [])])) != 1 or message["Cc"] or message["Bcc"]:
        found.append("not one recipient")
    return found


def _texts(parts: list[EmailMessage]) -> list[str]:
    found = [] if any(part.get_content_type() == "text/plain" for part in parts) else ["no text/plain part"]
    for part in parts:
        if part.get_content_type() == "text/html":
            page = part.get_content()
            found += [] if re.search(r"<html[^>]* lang=", page) else ["an html part without lang"]
            found += ["an html part loads something"] if _LOADS.search(page) else []
        if part["Content-Transfer-Encoding"] == "base64":
            lines = str(part.get_payload()).splitlines()
            found += [f"base64 line of {len(line)}" for line in lines if len(line) > 76]
    return found


def _lists(raw: bytes, message: EmailMessage) -> list[str]:
    if message["List-Unsubscribe"] is None:
        return []
    found = []
    head = raw.partition(b"\r\n\r\n")[0] + b"\r\n"
    # One line, or mail programs see an empty or an encoded one and show no button.
    if not re.search(rb"^List-Unsubscribe: " + _WEB + rb"[^\r\n=?]*>[^\r\n]*\r\n(?![ \t])", head, re.MULTILINE):
        found.append("List-Unsubscribe is not one line that begins with <https")
    if message["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        found.append("no one-click unsubscribing")
    return found


def _calendar_mail(message: EmailMessage, parts: list[EmailMessage]) -> list[str]:
    calendars = [part for part in parts if part.get_content_type() == "text/calendar"]
    files = [part for part in parts if part.get_content_type() == "application/ics"]
    part = calendars[0]
    data = bytes(part.get_payload(decode=True) or b"")
    found = [] if len(calendars) == 1 else ["not one text/calendar part"]
    if [bytes(one.get_payload(decode=True) or b"") for one in files] != [data]:
        found.append("the file is not the calendar part")
    if part["Content-Disposition"] or part["Content-ID"]:
        found.append("the calendar part is shown as a file")
    shapes = [[one.get_content_type() for one in inner.iter_parts()] for inner in message.walk() if _is_choice(inner)]
    if shapes != [_SHAPE] or message.get_content_type() != "multipart/mixed":
        found.append(f"the parts are {shapes}")
    if message["List-Unsubscribe"]:
        found.append("an invitation is no list mail")
    lines = data.replace(b"\r\n ", b"").decode().split("\r\n")
    kind = str(part["Content-Type"])
    if f"METHOD:{part.get_param('method')}" not in lines or kind.lower().count("charset=") != 1:
        found.append(f"Content-Type {kind}")
    for name, header in (("ORGANIZER", "From"), ("ATTENDEE", "To")):
        address = message[header].addresses[0].addr_spec
        if [value.lower() for value in _values(lines, name)] != [f"mailto:{address}".lower()]:
            found.append(f"{name} is not {header}")
    return [*found, *_object(data, lines)]


def _object(data: bytes, lines: list[str]) -> list[str]:
    found = [f"a calendar line of {len(line)} octets" for line in data.split(b"\r\n") if len(line) > 75]
    if re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f]", data):
        found.append("a control character in the calendar")
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    found += [f"not one {name}" for name in _MUST if len(_values(event, name)) != 1]
    (method,) = _values(lines, "METHOD")
    if (_values(event, "STATUS") or [""])[0] not in _STATUS.get(method, set()):
        found.append(f"{method} with STATUS {_values(event, 'STATUS')}")
    if lines.count("BEGIN:VEVENT") != 1 or "BEGIN:VALARM" in lines:
        found.append("not one event without an alarm")
    if {zone for line in event for zone in re.findall(r";TZID=([^;:]*)", line)} - set(_values(lines, "TZID")):
        found.append("a TZID without its VTIMEZONE")
    for part in ("DAYLIGHT", "STANDARD"):
        if lines.count(f"BEGIN:{part}") != 1:
            found.append(f"not one {part}")
    return found


def _is_choice(part: object) -> bool:
    return isinstance(part, EmailMessage) and part.get_content_type() == "multipart/alternative"


def _values(lines: list[str], name: str) -> list[str]:
    """Values of a property; colons inside quoted parameters are none."""
    found = re.compile(rf'{name}(?:;(?:"[^"]*"|[^":])*)?:(.*)')
    return [match[1] for line in lines if (match := found.fullmatch(line))]
