"""How headers are written: where the standard library's way breaks links, threads or names, ours."""

from email.header import Header
from email.headerregistry import UniqueAddressHeader, UnstructuredHeader
from email.policy import SMTP, EmailPolicy

_LONGEST_LINE = 998  # octets without CRLF, RFC 5322 section 2.1.1
_GOOD_LINE = 76  # octets, RFC 2047 section 2
_LONGEST_NAME = 60  # octets that fit on a line as they are, beside the header's name

# The standard library encodes a token over 76 octets as RFC 2047 words, which kills an unsubscribe link and a
# thread; and relays were seen to break DKIM over a folded List-Unsubscribe. These stay on one line.
_UNFOLDED = frozenset(
    {"message-id", "in-reply-to", "references", "list-id", "list-unsubscribe", "list-unsubscribe-post"}
)


class _Wire(EmailPolicy):
    """SMTP's policy, except that some headers are never folded.

    Only for writing out: parts built under a policy of long lines would get base64 lines of 996 octets.
    """

    def fold(self, name: str, value: str) -> str:
        if value.startswith("text/calendar;"):
            # The standard library puts quotes around REQUEST; clients that look for method=REQUEST stumble over them.
            return f"{name}: {value}{self.linesep}".replace('"', "")
        if isinstance(value, UniqueAddressHeader):
            (address,) = value.addresses
            line = f"{name}: {_phrase(name, address.display_name)}<{address.addr_spec}>"
            return (line if len(line) <= _GOOD_LINE else "\r\n <".join(line.rsplit(" <", 1))) + self.linesep
        if isinstance(value, UnstructuredHeader) and not _plain(value):
            return f"{name}: {_words(name, value)}{self.linesep}"
        long = name.lower() in _UNFOLDED
        return str((SMTP.clone(max_line_length=_LONGEST_LINE) if long else SMTP).fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


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


WIRE = _Wire(linesep="\r\n", cte_type="7bit")
