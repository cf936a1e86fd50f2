"""Bodies of a message as ready bytes: text, files, and several of them together (RFC 2045 and 2046).

The standard library builds the same through an object for every part and header, and reads each of them several times.
"""

import binascii
from collections.abc import Sequence
from email.message import MIMEPart
from email.policy import SMTP
from functools import lru_cache

MESSAGE = "message/rfc822"
_LONGEST_LINE = 998  # octets without CRLF, RFC 5322 section 2.1.1


def text(value: str, subtype: str) -> bytes:
    r"""A text/… part in quoted-printable. `value` has "\n" as its only line end."""
    data = value.encode().replace(b"\n", b"\r\n")
    if not value.endswith("\n"):
        data += b"\r\n"
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + b"".join([_quoted(line) for line in data.splitlines(keepends=True)])


@lru_cache(maxsize=1024)
def _quoted(line: bytes) -> bytes:
    """One line in quoted-printable, which knows nothing of its neighbours; most are the same in every letter of a batch."""
    return binascii.b2a_qp(line)


def base64(data: bytes) -> bytes:
    """Lines of at most 76 characters."""
    whole = binascii.b2a_base64(data, newline=False)
    return b"".join([whole[at : at + 76] + b"\r\n" for at in range(0, len(whole), 76)])


def calendar(encoded: bytes, method: str) -> bytes:
    """The text/calendar part of what `base64` made.

    No quotes around the method: clients that look for method=REQUEST stumble over them. No Content-Disposition:
    with one, Thunderbird shows a file instead of the buttons.
    """
    head = (
        f"Content-Type: text/calendar; method={method}; charset=utf-8; component=VEVENT\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + encoded


def file(name: str, kind: str, encoded: bytes) -> bytes:
    """An attachment of what `base64` made."""
    return _file_head(name, kind) + encoded


def is_seven_bit(data: bytes) -> bool:
    """Whether a message can hang on another as it is: a message may not be encoded (RFC 2046 section 5.2.1)."""
    return data.isascii() and b"\0" not in data and max(map(len, data.splitlines()), default=0) <= _LONGEST_LINE


def message(data: bytes) -> bytes:
    """A whole message as an attachment; the caller asked `is_seven_bit`."""
    head = f"Content-Type: {MESSAGE}\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    return head.encode() + b"\r\n".join(data.splitlines()) + b"\r\n"


def multipart(kind: str, parts: Sequence[bytes], boundary: str) -> bytes:
    """Parts in a row. The boundary must not occur in them."""
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    rule = f"--{boundary}\r\n".encode()
    # The line end before a boundary belongs to it (RFC 2046 section 5.1.1).
    return head + b"".join(rule + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


@lru_cache(maxsize=64)
def _file_head(name: str, kind: str) -> bytes:
    """By the standard library, which knows how names that are not ASCII are written (RFC 2231)."""
    maintype, _, subtype = kind.partition("/")
    part = MIMEPart(policy=SMTP)
    part.set_content(b"", maintype=maintype, subtype=subtype, cte="base64", disposition="attachment", filename=name)
    return part.as_bytes()
