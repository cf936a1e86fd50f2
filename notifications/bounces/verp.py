"""Envelope senders that tell which message a report is about (variable envelope return path).

What a report quotes of our mail differs from server to server; where it is sent to is the one thing all of them keep.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from functools import lru_cache

TOKEN = "{token}"  # noqa: S105 -- the place of the token in the pattern
_MAC_BYTES = 8  # nobody may report a message they did not get; trying 2**64 mails is no way


def sender(pattern: str, number: int, *, key: str) -> str:
    """The envelope sender of message `number`. A pattern without a place for the token is an address for all."""
    return pattern.replace(TOKEN, f"{number:x}-{_mac(number, key)}")


def number(pattern: str, addresses: Iterable[str], *, key: str) -> int | None:
    """The message whose envelope sender is among the addresses; None where none is, or the token is not ours."""
    if TOKEN not in pattern:
        return None
    for address in addresses:
        found = _form(pattern).fullmatch(address)
        if found and hmac.compare_digest(found["mac"].lower(), _mac(int(found["number"], 16), key)):
            return int(found["number"], 16)
    return None


@lru_cache(maxsize=4)
def _form(pattern: str) -> re.Pattern[str]:
    before, _, after = pattern.partition(TOKEN)
    token = rf"(?P<number>[0-9a-f]{{1,15}})-(?P<mac>[0-9a-f]{{{2 * _MAC_BYTES}}})"
    return re.compile(re.escape(before) + token + re.escape(after), re.IGNORECASE)


def _mac(number: int, key: str) -> str:
    return hmac.digest(key.encode(), f"bounce:{number}".encode(), hashlib.sha256)[:_MAC_BYTES].hex()
