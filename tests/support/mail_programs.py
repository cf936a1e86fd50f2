"""Answers to an invitation, as the mail programs people use compose them: the shapes and the oddities of each.

Made by hand from what is known of each program; nobody's real mail. All of them say the same thing in other ways.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import quopri
from collections.abc import Callable
from dataclasses import dataclass, replace

ORGANIZER = "buendnisse@fachstelle.example"
#: As `AUTHSERV_ID` in these tests: our own mail server.
OUR_SERVER = "mx.fachstelle.example"
STAMP = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Reply:
    """What is said. `sender` is the From line, by default who answers; `proven`: our server wrote dmarc=pass."""

    uid: str
    attendee: str
    partstat: str = "ACCEPTED"
    sequence: int = 0
    stamp: dt.datetime = STAMP
    comment: str = ""
    name: str = "Susanne Overhage"
    sender: str = ""
    proven: bool = True
    number: int = 1
    method: str = "REPLY"
    start: dt.datetime = dt.datetime(2027, 2, 11, 9, 0, tzinfo=dt.UTC)
    end: dt.datetime = dt.datetime(2027, 2, 11, 11, 0, tzinfo=dt.UTC)
    headers: tuple[str, ...] = ()

    @property
    def from_address(self) -> str:
        return self.sender or self.attendee

    def but(self, **changes: object) -> Reply:
        return replace(self, **changes)  # type: ignore[arg-type]


def outlook(said: Reply) -> bytes:
    """Exchange: no ORGANIZER, MAILTO in capitals, a Windows zone, SUMMARY with a word before it, base64, no file."""
    calendar = _folded(
        [
            "BEGIN:VCALENDAR",
            f"METHOD:{said.method}",
            "PRODID:Microsoft Exchange Server 2010",
            "VERSION:2.0",
            "BEGIN:VTIMEZONE",
            "TZID:W. Europe Standard Time",
            "BEGIN:STANDARD",
            "DTSTART:16010101T030000",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:16010101T020000",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
            "BEGIN:VEVENT",
            f"ATTENDEE;PARTSTAT={said.partstat};CN={said.name}:MAILTO:{said.attendee}",
            f"COMMENT;LANGUAGE=de-DE:{_text(said.comment)}\\n",
            f"UID:{said.uid}",
            "SUMMARY;LANGUAGE=de-DE:Zugesagt: Arbeitsbündnis Arbeit: Sitzung",
            f"DTSTART;TZID=W. Europe Standard Time:{_berlin(said.start)}",
            f"DTEND;TZID=W. Europe Standard Time:{_berlin(said.end)}",
            "CLASS:PUBLIC",
            "PRIORITY:5",
            f"DTSTAMP:{_utc(said.stamp)}",
            "TRANSP:OPAQUE",
            "STATUS:CONFIRMED",
            f"SEQUENCE:{said.sequence}",
            "LOCATION;LANGUAGE=de-DE:Kreishaus",
            f"X-MICROSOFT-CDO-APPT-SEQUENCE:{said.sequence}",
            "X-MICROSOFT-CDO-OWNERAPPTID:0",
            "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
            "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE",
            "X-MICROSOFT-CDO-IMPORTANCE:1",
            "X-MICROSOFT-CDO-INSTTYPE:0",
            "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    parts = [
        _part('text/plain; charset="utf-8"', _base64(said.comment.encode() or b"\r\n"), "base64"),
        _part(f'text/calendar; charset="utf-8"; method={said.method}', _base64(calendar), "base64"),
    ]
    return _message(said, "Zugesagt: Arbeitsbündnis Arbeit: Sitzung", _multipart("alternative", parts, "_000_"))


def gmail(said: Reply) -> bytes:
    """Google: ORGANIZER, guests counted, a note beside the answer, the same object once more as invite.ics."""
    calendar = _folded(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
            "VERSION:2.0",
            "CALSCALE:GREGORIAN",
            f"METHOD:{said.method}",
            "BEGIN:VEVENT",
            f"DTSTART:{_utc(said.start)}",
            f"DTEND:{_utc(said.end)}",
            f"DTSTAMP:{_utc(said.stamp)}",
            f"ORGANIZER;CN=Fachstelle Integration:mailto:{ORGANIZER}",
            f"UID:{said.uid}",
            (
                f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said.partstat};"
                f"CN={said.attendee};X-NUM-GUESTS=0{_response(said)}:mailto:{said.attendee}"
            ),
            "CREATED:20261120T080000Z",
            "DESCRIPTION:",
            "LAST-MODIFIED:20261123T100000Z",
            "LOCATION:Kreishaus",
            f"SEQUENCE:{said.sequence}",
            "STATUS:CONFIRMED",
            "SUMMARY:Arbeitsbündnis Arbeit: Sitzung",
            "TRANSP:OPAQUE",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    shown = [
        _part('text/plain; charset="UTF-8"', b"Susanne Overhage has accepted this invitation.\r\n", "7bit"),
        _part('text/html; charset="UTF-8"', b"<p>Susanne Overhage has accepted this invitation.</p>\r\n", "7bit"),
        _part(f'text/calendar; charset="UTF-8"; method={said.method}', _quoted(calendar), "quoted-printable"),
    ]
    file = _part('application/ics; name="invite.ics"', _base64(calendar), "base64", attached="invite.ics")
    return _message(
        said, "Accepted: Arbeitsbündnis Arbeit", _multipart("mixed", [_multipart("alternative", shown, "a"), file], "b")
    )


def apple(said: Reply) -> bytes:
    """Apple Mail: the object is an attachment without `method=` and charset, quoted-printable with =0D=0A."""
    calendar = _folded(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Apple Inc.//Mac OS X 10.15//EN",
            "CALSCALE:GREGORIAN",
            "VERSION:2.0",
            f"METHOD:{said.method}",
            "BEGIN:VEVENT",
            f"SEQUENCE:{said.sequence}",
            f"DTSTART:{_utc(said.start)}",
            f"UID:{said.uid}",
            f'ORGANIZER;CN="Fachstelle Integration":mailto:{ORGANIZER}',
            f"DTSTAMP:{_utc(said.stamp)}",
            "SUMMARY:Arbeitsbündnis Arbeit: Sitzung",
            (
                f'ATTENDEE;CN="{said.name}";CUTYPE=INDIVIDUAL;PARTSTAT={said.partstat};ROLE=REQ-PARTICIPANT:'
                f"mailto:{said.attendee}"
            ),
            *([f"COMMENT:{_text(said.comment)}"] if said.comment else []),
            f"DTEND:{_utc(said.end)}",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    quoted = binascii.b2a_qp(calendar, istext=False)  # its soft breaks are CRLF where the data has some
    html = _part("text/html; charset=US-ASCII", b"<html><body>hat die Einladung angenommen</body></html>\r\n", "7bit")
    file = _part(
        'text/calendar; x-unix-mode=0644; name="iCal-20261123-110000.ics"',
        quoted,
        "quoted-printable",
        attached="iCal-20261123-110000.ics",
    )
    inner = _multipart("mixed", [html, file], "apple-2")
    plain = _part("text/plain; charset=US-ASCII; format=flowed", b"hat die Einladung angenommen\r\n", "7bit")
    return _message(said, "Event accepted: Sitzung", _multipart("alternative", [plain, inner], "apple-1"))


def thunderbird(said: Reply) -> bytes:
    """Thunderbird: the whole event comes back, only the one ATTENDEE stays; invite.ics beside it."""
    calendar = _folded(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
            "VERSION:2.0",
            f"METHOD:{said.method}",
            "BEGIN:VEVENT",
            "CREATED:20261120T080000Z",
            "LAST-MODIFIED:20261123T100000Z",
            f"DTSTAMP:{_utc(said.stamp)}",
            f"UID:{said.uid}",
            "SUMMARY:Arbeitsbündnis Arbeit: Sitzung",
            "STATUS:CONFIRMED",
            f"ORGANIZER;CN=Fachstelle Integration:mailto:{ORGANIZER}",
            (
                f"ATTENDEE;RSVP=TRUE;CN={said.name};PARTSTAT={said.partstat};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT:"
                f"mailto:{said.attendee}"
            ),
            f"DTSTART;TZID=Europe/Berlin:{_berlin(said.start)}",
            f"DTEND;TZID=Europe/Berlin:{_berlin(said.end)}",
            f"SEQUENCE:{said.sequence}",
            *([f"COMMENT:{_text(said.comment)}"] if said.comment else []),
            "LOCATION:Kreishaus",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    shown = [
        _part("text/plain; charset=UTF-8", b"hat Ihre Einladung angenommen.\r\n", "8bit"),
        _part(f"text/calendar; method={said.method}; charset=UTF-8", calendar, "8bit"),
    ]
    file = _part("application/ics; name=invite.ics", _base64(calendar), "base64", attached="invite.ics")
    inner = _multipart("alternative", shown, "tb-1")
    return _message(said, "Einladung zu einem Termin: angenommen", _multipart("mixed", [inner, file], "tb-2"))


def nextcloud(said: Reply) -> bytes:
    """Nextcloud: the server writes, from an address of its own, with the person as Reply-To."""
    whole = said.but(sender=said.sender or "cloud@cloud.example", headers=(*said.headers, f"Reply-To: {said.attendee}"))
    return thunderbird(whole)


def words(
    text: str,
    *,
    sender: str = "susanne@verein.example",
    name: str = "Susanne Overhage",
    subject: str = "Re: Sitzung",
    answers_to: str = "",
    headers: tuple[str, ...] = (),
    number: int = 1,
) -> bytes:
    """An ordinary mail, written by a human."""
    said = Reply(uid="", attendee=sender, name=name, number=number, headers=headers)
    if answers_to:
        said = said.but(headers=(*headers, f"In-Reply-To: {answers_to}", f"References: {answers_to}"))
    return _message(said, subject, _part("text/plain; charset=utf-8", text.encode(), "8bit"))


PROGRAMS: dict[str, Callable[[Reply], bytes]] = {
    "outlook": outlook,
    "gmail": gmail,
    "apple": apple,
    "thunderbird": thunderbird,
}


def _message(said: Reply, subject: str, body: bytes) -> bytes:
    domain = said.from_address.rpartition("@")[2]
    lines = [*said.headers, f"Return-Path: <{said.from_address}>"]
    if said.proven:
        lines.append(
            f"Authentication-Results: {OUR_SERVER}; spf=pass smtp.mailfrom={said.from_address};\r\n"
            f" dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
        )
    lines += [
        f'From: "{said.name}" <{said.from_address}>',
        f"To: {ORGANIZER}",
        f"Subject: {subject}",
        "Date: Mon, 23 Nov 2026 11:00:00 +0100",
        f"Message-ID: <antwort-{said.number}-{said.partstat.lower()}@{domain}>",
        "MIME-Version: 1.0",
    ]
    return ("\r\n".join(lines) + "\r\n").encode() + body


def _multipart(kind: str, parts: list[bytes], boundary: str) -> bytes:
    rule = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(rule + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def _part(kind: str, body: bytes, encoding: str, *, attached: str = "") -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    if attached:
        head += f'Content-Disposition: attachment; filename="{attached}"\r\n'
    return head.encode() + b"\r\n" + body


def _folded(lines: list[str]) -> bytes:
    """At 75 octets, never inside a character."""
    found = []
    for line in lines:
        piece = b""
        for character in line:
            if len(piece) + len(character.encode()) > 74:
                found.append(piece)
                piece = b" "
            piece += character.encode()
        found.append(piece)
    return b"\r\n".join(found) + b"\r\n"


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _quoted(data: bytes) -> bytes:
    return quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _response(said: Reply) -> str:
    return f';X-RESPONSE-COMMENT="{said.comment}"' if said.comment else ""


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _berlin(moment: dt.datetime) -> str:
    return (moment + dt.timedelta(hours=1)).strftime("%Y%m%dT%H%M%S")  # winter, as all dates here
