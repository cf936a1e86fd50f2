"""Days from a calendar file (RFC 5545): events of whole days, and hours of one day as hints.

The events are cut out line by line, and only the few properties we need of each are handed to the parser: a file
of a stranger then costs at most what 1,000 short events cost, and one broken event leaves the others readable.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Component, Event
from icalendar.prop import vBroken

from buendnisse.clock import local
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

_ONE_DAY = dt.timedelta(days=1)
_END_OF_DAY = dt.time(23, 59)
_LINE_END = re.compile(r"\r\n|\n|\r")
_BEGIN, _END = "BEGIN:VEVENT", "END:VEVENT"
_NEEDED = re.compile(r"(DTSTART|DTEND|DURATION|SUMMARY|RRULE|RDATE|STATUS)[;:]", re.IGNORECASE)
_LONGEST_LINE = 2000  # signs of one unfolded property
_MOST_PROPERTIES = 20  # of an event; each of those we need stands there once


@dataclass
class _Cut:
    """One event as it stands in the file, down to the properties we need."""

    line: int
    properties: list[list[str]] = field(default_factory=list)
    is_whole: bool = False

    @property
    def text(self) -> str:
        lines = ["".join(parts)[:_LONGEST_LINE] for parts in self.properties]
        return "\r\n".join([_BEGIN, *lines, _END, ""])


def read(text: str) -> FileDays:
    """Every event. Raises DaysFileRefused."""
    lines = _LINE_END.split(text)
    number = sum(_word(line) == _BEGIN for line in lines)
    if number > MOST_LINES:
        raise too_many(figure(number))
    if not number:
        raise DaysFileRefused(_("In der Datei steht kein einziger Termin. Bitte prüfen Sie, ob es die richtige ist."))
    found = FileDays()
    for cut in _events(lines):
        event: Component | None = None
        try:
            event = _parsed(cut)
            found.days.append(_day(cut.line, event))
        except NotUnderstood as why:
            found.unread.append(Unread(cut.line, _name(event), str(why)))
    return found


def _events(lines: Sequence[str]) -> Iterator[_Cut]:
    """Events with the number of their first line. Alarms inside an event are passed over."""
    cut: _Cut | None = None
    inside, is_kept = 0, False
    for number, line in enumerate(lines, start=1):
        word = _word(line)
        if cut is None:
            cut = _Cut(number) if word == _BEGIN else None
        elif line[:1] in (" ", "\t"):
            if is_kept:
                cut.properties[-1].append(line[1:])
        elif word == _END and not inside:
            cut.is_whole = True
            yield cut
            cut, is_kept = None, False
        else:
            inside += word.startswith("BEGIN:") - word.startswith("END:")
            is_kept = not inside and len(cut.properties) < _MOST_PROPERTIES and _NEEDED.match(line) is not None
            if is_kept:
                cut.properties.append([line])
    if cut is not None:
        yield cut


def _word(line: str) -> str:
    return line.rstrip().upper()


def _parsed(cut: _Cut) -> Component:
    if not cut.is_whole:
        raise NotUnderstood(_("Die Datei bricht mitten in diesem Termin ab."))
    try:
        return Event.from_ical(cut.text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise NotUnderstood(_("Dieser Termin ist nicht so geschrieben, wie es Kalender vorsehen.")) from error


def _name(event: Component | None) -> str:
    """Of two names the first."""
    found = event.get("SUMMARY", "") if event is not None else ""
    return clean_name(str(found[0] if isinstance(found, list) else found))


def _day(line: int, event: Component) -> FileDay:
    name = _name(event)
    if not name:
        raise NotUnderstood(_("Der Name fehlt."))
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise NotUnderstood(_("Dieser Termin ist abgesagt."))
    if "RRULE" in event or "RDATE" in event:
        raise NotUnderstood(_("Dieser Termin wiederholt sich. Bitte tragen Sie seine Tage einzeln ein."))
    start = _moment(event, "DTSTART")
    if start is None:
        raise NotUnderstood(_("Der Beginn fehlt oder ist kein Tag, den es gibt."))
    try:
        end = _end(event, start)
        return _timed(line, name, start, end) if isinstance(start, dt.datetime) else _whole(line, name, start, end)
    except OverflowError as error:
        raise NotUnderstood(_("Das Ende ist kein Tag, den es gibt.")) from error


def _end(event: Component, start: dt.date) -> dt.date | None:
    """As written, or from the duration; None where the event says nothing of its end (RFC 5545, 3.6.1)."""
    if "DTEND" in event:
        end = _moment(event, "DTEND")
        if end is None:
            raise NotUnderstood(_("Das Ende ist kein Tag, den es gibt."))
        if isinstance(end, dt.datetime) != isinstance(start, dt.datetime):
            raise NotUnderstood(_("Beginn und Ende passen nicht zusammen: nur eines hat eine Uhrzeit."))
        return end
    duration = _value(event, "DURATION")
    return start + duration if isinstance(duration, dt.timedelta) else None


def _whole(line: int, name: str, first: dt.date, after: dt.date | None) -> FileDay:
    """The end is the day after the last one; many programs write the first day again for a single one."""
    if after is None or after == first:
        return FileDay(line, name, first, first)
    return FileDay(line, name, first, after - _ONE_DAY)


def _timed(line: int, name: str, start: dt.datetime, end: dt.date | None) -> FileDay:
    """Hours of one day; without an end, or over midnight, whole days, since nobody knows when people are free again."""
    first = start.date()
    if not isinstance(end, dt.datetime) or end == start:
        return FileDay(line, name, first, first, is_timed=True)
    if end < start:
        raise NotUnderstood(_("Das Ende liegt vor dem Beginn."))
    last, until = end.date(), end.time()
    if until == dt.time(0) and last > first:
        last, until = last - _ONE_DAY, _END_OF_DAY
    if last != first:
        return FileDay(line, name, first, last, is_timed=True)
    return FileDay(line, name, first, last, start.time(), until, is_timed=True)


def _moment(event: Component, name: str) -> dt.date | None:
    """A day, or a local moment without its zone; None where it is neither."""
    value = _value(event, name)
    if not isinstance(value, dt.datetime):
        return value if isinstance(value, dt.date) else None
    try:
        value = local(value) if value.tzinfo else value
    except OverflowError:
        return None
    return value.replace(tzinfo=None, second=0, microsecond=0)


def _value(event: Component, name: str) -> Any:
    """What the parser made of a property; None for one it could not read, and for one written twice."""
    value = event.get(name)
    return None if isinstance(value, vBroken) else getattr(value, "dt", None)
