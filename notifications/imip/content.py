"""Content lines of RFC 5545, as bytes: the writer for the one shape of calendar object this product sends."""

import re
from datetime import datetime
from functools import lru_cache

_FIRST = 74  # octets of a line before it is folded; the space of the next one makes 75 (section 3.1)
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_NEEDS_QUOTES = re.compile(r"[ ',;:’]")


@lru_cache(maxsize=256)
def line(name: str, value: str, **params: str) -> bytes:
    """One property, folded, with its line end. `params` in the order given; "_" in their names stands for a hyphen."""
    head = "".join(f";{key.replace('_', '-')}={_parameter(text)}" for key, text in params.items())
    return fold(f"{name}{head}:{value}".encode()) + b"\r\n"


def text(value: str) -> str:
    """TEXT of section 3.3.11."""
    return value.translate(_ESCAPES)


def utc(moment: datetime) -> str:
    """DATE-TIME of section 3.3.5, form 2, of a moment in UTC."""
    return local(moment) + "Z"


def local(moment: datetime) -> str:
    """DATE-TIME of section 3.3.5, form 1: the moment as its own clock shows it."""
    return f"{moment.year:04}{moment.month:02}{moment.day:02}T{moment.hour:02}{moment.minute:02}{moment.second:02}"


def fold(whole: bytes) -> bytes:
    r"""The line in pieces of at most 75 octets, cut between characters.

    Never behind a backslash or a circumflex: some readers undo escapes before they unfold.
    """
    if len(whole) <= _FIRST:
        return whole
    pieces = []
    start, end = 0, len(whole)
    while end - start > _FIRST:
        cut = start + _FIRST
        while whole[cut] & 0xC0 == 0x80:  # noqa: PLR2004 -- inside a character of UTF-8
            cut -= 1
        if whole[cut - 1] in b"\\^" and cut - 1 > start:
            cut -= 1
        pieces.append(whole[start:cut])
        start = cut
    return b"\r\n ".join([*pieces, whole[start:]])


def _parameter(value: str) -> str:
    """A parameter value without double quotes in it (section 3.2), its circumflexes doubled (RFC 6868)."""
    value = value.replace("^", "^^")
    return f'"{value}"' if _NEEDS_QUOTES.search(value) else value
