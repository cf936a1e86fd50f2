"""What a file of days says, line by line, whatever its format."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

#: More entries than these are not read: the calendar of a district has some dozens.
MOST_LINES = 1000
_LONGEST_NAME = 120
_BLANKS = "\t\r\n"


class DaysFileRefused(Exception):
    """Nothing of the file is read. `str()` is a German sentence that says why and what would help."""


class NotUnderstood(Exception):
    """One line cannot be read. `str()` is a German sentence."""


@dataclass(frozen=True)
class FileDay:
    """A day or a period. With hours, or `is_timed`, it can only be a hint: holidays have no hours."""

    line: int
    name: str
    first: dt.date
    last: dt.date
    from_hour: dt.time | None = None
    until_hour: dt.time | None = None
    is_timed: bool = False


@dataclass(frozen=True)
class Unread:
    """A line that was left out, and why. `name` is empty where not even that could be read."""

    line: int
    name: str
    why: str


@dataclass
class FileDays:
    """Everything that was read, and everything that was not."""

    days: list[FileDay] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def clean_name(text: str) -> str:
    """One line without anything invisible, at most as long as a name may be."""
    visible = (sign for sign in text if sign in _BLANKS or unicodedata.category(sign)[0] != "C")
    name = " ".join("".join(visible).split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def too_many(number: str) -> DaysFileRefused:
    """The refusal of a file with `number` entries, in words or figures."""
    sentence = _(
        "In der Datei stehen %(number)s Einträge. Auf einmal lesen wir höchstens %(most)s. "
        "Bitte teilen Sie die Datei, zum Beispiel nach Jahren."
    )
    return DaysFileRefused(sentence % {"number": number, "most": figure(MOST_LINES)})


def figure(number: int) -> str:
    """1.000.000"""
    return f"{number:,}".replace(",", ".")
