"""Mail addresses as they come in, made comparable."""

import re
from urllib.parse import unquote

_LONGEST = 254
_PLUS = re.compile(r"\+[^@]*(?=@)")


def comparable(text: str) -> str:
    """The address in one spelling: without "mailto:", percent signs undone, domain in ASCII, in lower case.

    Empty for what is no address, or none that can be stored. RFC 5321 lets a local part tell "A" from "a"; no server of today does.
    """
    address = text.strip().strip("<>").strip()
    if address[:7].lower() == "mailto:":
        address = unquote(address[7:].partition("?")[0]).strip()
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or len(address) > _LONGEST:
        return ""
    if not address.isprintable() or any(sign in address for sign in ' <>,;"'):
        return ""
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    address = f"{local}@{domain.rstrip('.')}".lower()
    return address if len(address) <= _LONGEST else ""  # a domain is longer in ASCII, and so is an "İ" in lower case


def without_tag(address: str) -> str:
    """ "susanne+arbeit@bbs.example" → "susanne@bbs.example": one mailbox, and what is behind the plus sorts its mail."""
    return _PLUS.sub("", address)


def is_one_mailbox(one: str, other: str) -> bool:
    """Whether two comparable addresses are read by the same person; an empty one is nobody's."""
    return bool(one) and without_tag(one) == without_tag(other)
