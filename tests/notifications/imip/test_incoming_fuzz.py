"""Whatever the bytes are, reading them raises nothing and stays within bounds.

`FUZZ_INPUTS=100000` runs as many inputs as are wanted; by itself the suite runs a few.
"""

from __future__ import annotations

import os
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.imip import incoming
from notifications.imip.incoming import Incoming
from tests.support import mail_programs
from tests.support.mail_programs import PROGRAMS, Reply

INPUTS = int(os.environ.get("FUZZ_INPUTS", "300"))
_SAID = Reply(uid="7.abc@fachstelle.example", attendee="susanne@verein.example", comment="Ja; später")
_WHOLE = [
    *(compose(_SAID) for compose in PROGRAMS.values()),
    mail_programs.nextcloud(_SAID),
    mail_programs.words("Guten Tag", headers=("Content-Language: de",)),
]
#: Pieces that mean something to a reader, thrown in where they do not belong.
_PIECES = [
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
]


def mangled(seed: int) -> bytes:
    """A real-looking mail with a few accidents; the same for the same seed."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(_WHOLE))
    for _accident in range(chance.randrange(1, 9)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at:at] = chance.choice(_PIECES)
            case 1:
                del data[at : at + chance.randrange(1, 60)]
            case 2:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 3:
                end = at + chance.randrange(1, 200)
                data[at:at] = data[at:end] * chance.randrange(1, 4)
            case _:
                other = chance.choice(_WHOLE)
                data[at:at] = other[: chance.randrange(len(other))]
    return bytes(data)


def bounded(mail: Incoming) -> bool:
    words = [mail.subject, mail.sender.name, mail.message_id, mail.sender.address]
    said = mail.answer
    return (
        mail.kind in {"calendar", "report", "automatic", "human"}
        and mail.fault != "unreadable"  # that is, nothing was raised inside either
        and max(map(len, words)) <= 254
        and len(mail.text) <= 50_000
        and (said is None or (len(said.comment) <= 2000 and len(said.uid) <= 200 and 0 <= said.sequence < 2**31))
    )


@settings(max_examples=INPUTS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.integers(min_value=0, max_value=2**63))
def test_mail_with_accidents(seed: int) -> None:
    assert bounded(incoming.read(mangled(seed)))


@settings(max_examples=INPUTS // 3 + 1, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.binary(max_size=2000))
def test_any_bytes(raw: bytes) -> None:
    assert bounded(incoming.read(raw))


@settings(max_examples=INPUTS // 3 + 1, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(st.sampled_from(_PIECES) | st.binary(max_size=20), max_size=60))
def test_pieces_in_any_order(pieces: list[bytes]) -> None:
    assert bounded(incoming.read(b"".join(pieces)))
