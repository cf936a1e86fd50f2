"""Content lines of RFC 5545, read: the other direction of `content`.

By hand, as they are written: a calendar object of a stranger is only looked at. Its rules of recurrence, time zones and
repeated alarms, with which a library can be kept busy for ever, are never worked out.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_MOST_LINES = 20_000
_LONGEST_LINE = 20_000  # characters; the rest of a longer one is left out
_DEEPEST = 8
_FOLD = re.compile(r"\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
# Possessive throughout: nothing a line contains makes it look twice.
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,64})=((?:"[^"]*+"|[^";:,]*+)(?:,(?:"[^"]*+"|[^";:,]*+))*+)')
_ESCAPED = re.compile(r"\\(.)")
#: Codecs of Python and no charsets of any mail: for names of hosts, and slow with more than that.
_NO_CHARSETS = frozenset({"punycode", "idna"})


class CalendarUnreadable(ValueError):
    """The bytes hold no calendar object that can be made out."""


@dataclass(frozen=True)
class Line:
    """One property. Names of parameters in capitals, values without their quotes; `value` as it stands."""

    name: str
    value: str
    parameters: Mapping[str, str]


def text_of(data: bytes, charset: str = "", *, unfold: bool = True) -> str:
    """The characters; what cannot be decoded is marked, never refused. Line ends become one kind, folds are undone."""
    for one in (charset, "utf-8-sig"):
        try:
            codec = codecs.lookup(one or "utf-8-sig").name
            text = data.decode("utf-8-sig" if codec in _NO_CHARSETS else codec)
            break
        except (LookupError, UnicodeError, ValueError):
            continue
    else:
        text = data.decode("cp1252", errors="replace")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _FOLD.sub("", text) if unfold else text


def components(text: str) -> Iterator[tuple[tuple[str, ...], Line]]:
    """Each property with the components around it, outermost first: (("VCALENDAR", "VEVENT"), UID…).

    "BEGIN" comes as a property of the component it opens. What is no property is left out, as all readers do.
    Raises CalendarUnreadable where BEGIN and END do not match, or the text is far too long.
    """
    around: tuple[str, ...] = ()
    for number, written in enumerate(text.split("\n")):
        if number > _MOST_LINES:
            raise CalendarUnreadable("too many lines")
        line = read(written[:_LONGEST_LINE].strip())
        if line is None:
            continue
        if line.name == "END":
            if not around or line.value.strip().upper() != around[-1]:
                raise CalendarUnreadable("END without BEGIN")
            around = around[:-1]
            continue
        if line.name == "BEGIN":
            around = (*around, line.value.strip().upper())
            if len(around) > _DEEPEST:
                raise CalendarUnreadable("too deep")
        yield around, line
    if around:
        raise CalendarUnreadable("BEGIN without END")


def read(written: str) -> Line | None:
    """One unfolded line; None where it is none."""
    name = _NAME.match(written)
    if name is None:
        return None
    at, parameters = name.end(), dict[str, str]()
    while found := _PARAMETER.match(written, at):
        parameters.setdefault(found[1].upper(), found[2].replace('"', ""))
        at = found.end()
    if written[at : at + 1] != ":":
        return None
    return Line(name[0].upper(), written[at + 1 :], parameters)


def plain(value: str) -> str:
    r"""TEXT of section 3.3.11, its escapes undone."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
