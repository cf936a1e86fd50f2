"""How header lines are written: where the standard library's way breaks links, threads or names, ours."""

from email.header import Header
from email.policy import SMTP
from functools import lru_cache

from .event import Party
from .text import one_line

_LONGEST_LINE = 998  # octets without CRLF, RFC 5322 section 2.1.1
_GOOD_LINE = 76  # octets, RFC 2047 section 2
_LONGEST_NAME = 60  # octets that fit on a line as they are, beside the header's name


def whole(name: str, value: str) -> str:
    """An ASCII value on one line, however long.

    The standard library encodes a token over 76 octets as RFC 2047 words, which kills an unsubscribe link and a
    thread; and relays were seen to break DKIM over a folded List-Unsubscribe.
    """
    if len(name) + 2 + len(value) > _LONGEST_LINE or not value.isascii():
        raise ValueError(f"{name} does not fit on a line")
    return f"{name}: {value}\r\n"


def address(name: str, party: Party) -> str:
    """One address with its name."""
    line = f"{name}: {_phrase(name, one_line(party.name))}<{party.address}>"
    return (line if len(line) <= _GOOD_LINE else "\r\n <".join(line.rsplit(" <", 1))) + "\r\n"


@lru_cache(maxsize=256)
def text(name: str, value: str) -> str:
    """What people wrote, of any length and script; white space is made one space each."""
    value = one_line(value)
    if not _plain(value):
        return f"{name}: {_words(name, value)}\r\n"
    line = f"{name}: {value}"
    return f"{line}\r\n" if len(line) <= _GOOD_LINE else str(SMTP.fold(name, value))


def _plain(value: str) -> bool:
    return value.isascii() and "=?" not in value


def _words(name: str, value: str) -> str:
    """The whole value as RFC 2047 words: where the standard library encodes word by word, it loses spaces."""
    return Header(value, "utf-8", maxlinelen=76, header_name=name).encode(linesep="\r\n")


def _phrase(name: str, value: str) -> str:
    if not value:
        return ""
    if _plain(value) and len(value) <= _LONGEST_NAME:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '" '
    return _words(name, value) + " "
