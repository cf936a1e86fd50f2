"""Mails as accidents and strangers make them, for tests of everything that reads mail."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

#: Pieces that mean something to a reader, thrown in where they do not belong.
PIECES = [
    b"\r\n",
    b"\r\n\r\n",
    b"\x00",
    b"\xff\xfe",
    b"=?utf-8?b?",
    b"?=",
    b'"',
    b";",
    b":",
    b"--",
    b"BEGIN:VCALENDAR\r\n",
    b"END:VEVENT\r\n",
    b"BEGIN:VEVENT\r\n",
    b"Content-Type: multipart/mixed; boundary=x\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n",
    b"charset=utf-7",
    b"DTSTAMP:99999999T999999Z\r\n",
    b"DTSTART;TZID=../../etc/passwd:20260101T000000\r\n",
    b"RRULE:FREQ=SECONDLY\r\n",
    b"SEQUENCE:99999999999999999999\r\n",
    b"ATTENDEE;CN=" + b'"' * 9 + b":mailto:%00%ff@%\r\n",
    b"(" * 300,
    b"Date: Mon, 99 Foo 99999 99:99\r\n",
    b"filename*0*=utf-8''%ff; filename*1*=%",
    b"Content-Type: multipart/mixed; boundary*0=x; boundary*1*=''y\r\n",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n",
    b"Content-Type: text/html\r\n\r\n<![x mso]><a '",
    b"<!--",
    b"&#" + b"9" * 5000,
    b"Action: failed\r\nStatus: 5.1.1\r\n",
    b"could not be delivered\r\n",
    b"From: MAILER-DAEMON@mx.example\r\n",
    b"Auto-Submitted: auto-replied\r\n",
    b"a%00b",
    b"\xed\xa0\x80",
    b"\xc4\xb0" * 130,
]


def mangled(seed: int, whole: Sequence[bytes]) -> bytes:
    """One of the whole mails with a few accidents; the same for the same seed."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(whole))
    for _accident in range(chance.randrange(1, 9)):
        at = _place(data, chance)
        match chance.randrange(7):
            case 0:
                del data[at : at + chance.randrange(1, 60)]
            case 1:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                end = at + chance.randrange(1, 200)
                data[at:at] = data[at:end] * chance.randrange(1, 4)
            case 3:
                other = chance.choice(whole)
                data[at:at] = other[: chance.randrange(len(other))]
            case _:
                data[at:at] = chance.choice(PIECES)
    return bytes(data)


def _place(data: bytes, chance: random.Random) -> int:
    """Anywhere, or in every other case at a place where something begins: a line, a value, the name of a host."""
    if chance.randrange(2):
        return chance.randrange(len(data) + 1)
    sign = chance.choice([b"@", b":", b";", b"=", b"\n", b"From: ", b"mailto:"])
    places = [found.start() for found in re.finditer(re.escape(sign), data, re.IGNORECASE)]
    return chance.choice(places) + chance.choice([0, len(sign)]) if places else 0
