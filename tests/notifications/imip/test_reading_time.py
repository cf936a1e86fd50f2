"""A mail is made to keep its reader busy: whatever its form, reading it takes a moment."""

from __future__ import annotations

import time

import pytest

from notifications import bounces
from notifications.imip import incoming, mime

#: Seconds of this process. Each form takes some tenths at most; unbounded, most of them take ten seconds to many minutes.
MOMENT = 3.0

_HEAD = "From: anna@verein.example\nMessage-ID: <1@verein.example>\n"
_DAEMON = "From: MAILER-DAEMON@mx.example\nMessage-ID: <1@mx.example>\n"
_HTML = f"{_HEAD}Content-Type: text/html\n\n"
_FLUFL = "failed addresses follow:\nYour message to:\nnot yet been delivered\n"


def full(start: str, again: str) -> bytes:
    """As large as a mail that is read may be."""
    return (start + again * (mime.LONGEST // len(again)))[: mime.LONGEST].encode()


def nested(levels: int, boundary: str) -> bytes:
    """Multiparts in each other, empty lines in the innermost."""
    opening = [f'Content-Type: multipart/mixed; {boundary}="b{n}"\n\n--b{n}\n' for n in range(levels)]
    return full(_HEAD + "".join(opening) + "Content-Type: text/plain\n\n", "\n")


LONG = {
    "900 levels": nested(900, "boundary"),
    "900 levels, continued": nested(900, "boundary*0"),
    "900 levels, encoded": nested(900, "boundary*"),
    "as many levels as are read": nested(20, "boundary"),
    "parts": full(f"{_HEAD}Content-Type: multipart/mixed; boundary=x\n\n", "--x\n\n"),
    "status blocks": full(f"{_HEAD}Content-Type: message/delivery-status\n\n", "a: b\n\n"),
    "parameters": full(f"{_HEAD}Content-Type: multipart/mixed; ", ";"),
    "parameters in quotes": full(f'{_HEAD}Content-Type: multipart/mixed; boundary="', ';\\"'),
    "headers": full(_HEAD, "Received: x\n"),
    "open tags": full(_HTML, "<a "),
    "open quotes": full(_HTML, "<a href='"),
    "open comments": full(_HTML, "<!"),
    "ends of scripts": full(f"{_HTML}<script>", "</script"),
    "empty lines of a report": full(f"{_DAEMON}\n", "\n"),
    "quoted lines of a report": full(f"{_DAEMON}\n", "\n> "),
    "long lines of a report": full(f"{_DAEMON}\n{_FLUFL}", "a" * 5000 + "\n"),
    "one line of a report": full(f"{_DAEMON}\n{_FLUFL}", " a"),
    "names of hosts": full(f"{_HEAD}Content-Type: text/plain; charset=idna\n\n", "xn--a."),
    "folds": full(f"{_HEAD}Content-Type: text/calendar\n\n", "\n "),
}


@pytest.mark.parametrize("form", LONG)
def test_reading_takes_a_moment(form: str) -> None:
    begun = time.process_time()
    incoming.read(LONG[form])
    bounces.read(LONG[form])
    assert time.process_time() - begun < MOMENT
