"""Days from a table: one row a day or period, with a header that names the columns."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from buendnisse import german
from meetings.domain.calendar_lines import (
    MOST_LINES,
    DaysFileRefused,
    FileDay,
    FileDays,
    NotUnderstood,
    Unread,
    clean_name,
    figure,
    too_many,
)

#: What a column may be called; the first name is the one we write.
_NAME = ("name", "bezeichnung", "titel")
_FIRST = ("von", "beginn", "start", "datum", "tag")
_LAST = ("bis", "ende")
_SEPARATORS = ";,\t"
_WRITTEN = ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y")
_LONGEST_SHOWN = 40

#: Shown on the page and to be downloaded, filled in and read.
SAMPLE = "Name;von;bis\nHerbstferien;14.10.2030;25.10.2030\nBrückentag;2030-10-04;\n"


def read(text: str) -> FileDays:
    """Every row under the header. Raises DaysFileRefused."""
    rows = _rows(text)
    _line, header = next(rows, (0, []))
    places = _places(header)
    found = FileDays()
    for number, (line, row) in enumerate(rows, start=1):
        if number > MOST_LINES:
            raise too_many(_("mehr als %s") % figure(MOST_LINES))
        name = clean_name(_cell(row, places[0]))
        try:
            found.days.append(_day(line, name, _cell(row, places[1]), _cell(row, places[2])))
        except NotUnderstood as why:
            found.unread.append(Unread(line, name, str(why)))
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the number of its last line."""
    header = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        sentence = _("Ab Zeile %s passen die Anführungszeichen nicht zusammen. Bitte prüfen Sie die Datei.")
        raise DaysFileRefused(sentence % figure(reader.line_num)) from error


def _places(header: Sequence[str]) -> tuple[int, int, int | None]:
    names = [cell.strip().casefold() for cell in header]
    name, first, last = (
        next((names.index(one) for one in known if one in names), None) for known in (_NAME, _FIRST, _LAST)
    )
    if name is None or first is None:
        sentence = _("In der ersten Zeile fehlen die Überschriften „Name“ und „von“. Gefunden haben wir: %s.")
        raise DaysFileRefused(sentence % (german.listing([f"„{_shown(cell)}“" for cell in header[:5]]) or _("nichts")))
    return name, first, last


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _day(line: int, name: str, first: str, last: str) -> FileDay:
    if not name:
        raise NotUnderstood(_("Der Name fehlt."))
    begin = _date(first)
    return FileDay(line, name, begin, _date(last) if last else begin)


def _date(text: str) -> dt.date:
    if not text:
        raise NotUnderstood(_("Der erste Tag fehlt."))
    for written in _WRITTEN:
        try:
            return dt.datetime.strptime(text, written).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    sentence = _("„%s“ ist kein Tag. Bitte schreiben Sie ihn so: 24.12.2030.")
    raise NotUnderstood(sentence % _shown(text))


def _shown(text: str) -> str:
    """A cell as a sentence can quote it."""
    clean = clean_name(text)
    return clean if len(clean) <= _LONGEST_SHOWN else f"{clean[:_LONGEST_SHOWN]}…"
