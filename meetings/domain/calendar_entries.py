"""Writing down what the Fachstelle knows of days: by hand, one by one, or from a file, which can be taken back whole."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.domain import calendar_days, calendar_files
from meetings.domain.calendar_lines import FileDay, Unread, figure
from meetings.domain.quarter import FIRST_YEAR, LAST_YEAR
from meetings.enums import CalendarEntryKind, ConflictWeight, Happened
from meetings.models import CalendarEntry

LONGEST = 366  # days
MOST = 2000  # entries of an installation: all of them are read for every plan


class EntryRefused(Exception):
    """The entry cannot be kept like this; `str()` is a German sentence, `field` the field of a form it belongs to."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class StaleEntry(Exception):
    """Somebody else changed the entry first. `current` is what holds now, None where it was deleted."""

    def __init__(self, current: CalendarEntry | None) -> None:
        super().__init__(_("Inzwischen hat jemand anderes diesen Eintrag geändert. Bitte vergleichen Sie."))
        self.current = current


@dataclass
class FileRead:
    """What became of a file: rows of it that are entries now, how many were there before, and what was left out."""

    file_key: uuid.UUID
    new: list[CalendarEntry] = field(default_factory=list)
    known: int = 0
    unread: list[Unread] = field(default_factory=list)


def enter(
    *,
    kind: str,
    name: str,
    first: dt.date,
    last: dt.date,
    weight: str = ConflictWeight.WEAK,
    from_hour: dt.time | None = None,
    until_hour: dt.time | None = None,
    form_key: uuid.UUID,
    by: Person,
    at: dt.datetime,
) -> CalendarEntry:
    """A new entry. The same `form_key` again gives the same entry (a finger that tapped twice). Raises EntryRefused."""
    if made := CalendarEntry.objects.filter(form_key=form_key).first():
        return made
    facts = _facts(
        kind=kind, name=name, first=first, last=last, weight=weight, from_hour=from_hour, until_hour=until_hour
    )
    _refuse_known(facts)
    if CalendarEntry.objects.count() >= MOST:
        raise EntryRefused(_full())
    try:
        with transaction.atomic():
            entry = CalendarEntry.objects.create(**facts, form_key=form_key)
            _record(Happened.DAY_ENTERED, entry, by=by, at=at)
    except IntegrityError:  # the other tap was faster
        return CalendarEntry.objects.get(form_key=form_key)
    return entry


def change(
    entry: CalendarEntry,
    *,
    version: int,
    kind: str,
    name: str,
    first: dt.date,
    last: dt.date,
    weight: str = ConflictWeight.WEAK,
    from_hour: dt.time | None = None,
    until_hour: dt.time | None = None,
    by: Person,
    at: dt.datetime,
) -> bool:
    """Write all facts over the entry's; False where all is as it was. Raises StaleEntry, EntryRefused."""
    facts = _facts(
        kind=kind, name=name, first=first, last=last, weight=weight, from_hour=from_hour, until_hour=until_hour
    )
    changed = sorted(name for name, value in facts.items() if getattr(entry, name) != value)
    if not changed:
        return False
    _refuse_known(facts, besides=entry)
    with transaction.atomic():
        rows = CalendarEntry.objects.filter(pk=entry.pk, version=version)
        if rows.update(version=F("version") + 1, **facts) != 1:
            raise StaleEntry(CalendarEntry.objects.filter(pk=entry.pk).first())
        for fact, value in facts.items():
            setattr(entry, fact, value)
        entry.version = version + 1
        _record(Happened.DAY_CHANGED, entry, by=by, at=at, fields=changed)
    return True


def remove(entry: CalendarEntry, *, version: int, by: Person, at: dt.datetime) -> bool:
    """Delete an entry; what the package says of its days holds again. False where it was gone. Raises StaleEntry."""
    with transaction.atomic():
        deleted, _of = CalendarEntry.objects.filter(pk=entry.pk, version=version).delete()
        if not deleted:
            if current := CalendarEntry.objects.filter(pk=entry.pk).first():
                raise StaleEntry(current)
            return False
        _record(Happened.DAY_REMOVED, entry, by=by, at=at)
    return True


def read_file(file: File[bytes], *, kind: str, file_key: uuid.UUID, by: Person, at: dt.datetime) -> FileRead:
    """Read a calendar or a table of days of one kind; what has hours becomes a hint. Raises DaysFileRefused, EntryRefused.

    What is there already, with the same kind, name, days and hours, is left as it is: reading a file twice adds
    nothing. The same `file_key` again (a double tap) gives the same outcome.
    """
    found = calendar_files.read(file)
    outcome = FileRead(file_key, unread=found.unread)
    with transaction.atomic():
        known = {_identity(entry): entry for entry in CalendarEntry.objects.all()}
        fresh: list[CalendarEntry] = []
        for day in found.days:
            try:
                facts = _facts_of(day, kind)
            except EntryRefused as refused:
                outcome.unread.append(Unread(day.line, day.name, str(refused)))
                continue
            entry = CalendarEntry(**facts, file_key=file_key)
            there = known.setdefault(_identity(entry), entry)
            if there is entry:
                entry.form_key = uuid.uuid5(file_key, repr(_identity(entry)))  # the other tap's row is the same one
                fresh.append(entry)
            elif there.file_key == file_key and there.pk:
                outcome.new.append(there)
            else:
                outcome.known += 1
        if len(known) > MOST:
            raise EntryRefused(_full())
        CalendarEntry.objects.bulk_create(fresh, ignore_conflicts=True)
        outcome.new += CalendarEntry.objects.filter(form_key__in=[entry.form_key for entry in fresh])
        outcome.new.sort(key=lambda entry: (entry.first, entry.pk))
        if fresh:
            _record_file(Happened.DAY_FILE_READ, outcome.new, file_key, by=by, at=at)
    outcome.unread.sort(key=lambda unread: unread.line)
    return outcome


def take_file_back(file_key: uuid.UUID, *, by: Person, at: dt.datetime) -> int:
    """Delete every entry that was read from this file; how many there were. A second time it is 0."""
    with transaction.atomic():
        entries = list(CalendarEntry.objects.filter(file_key=file_key).order_by("first", "pk"))
        if entries:
            _record_file(Happened.DAY_FILE_TAKEN_BACK, entries, file_key, by=by, at=at)
            CalendarEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    return len(entries)


def _facts_of(day: FileDay, kind: str) -> dict[str, Any]:
    return _facts(
        kind=CalendarEntryKind.HINT if day.is_timed else kind,
        name=day.name,
        first=day.first,
        last=day.last,
        weight=ConflictWeight.WEAK,
        from_hour=day.from_hour,
        until_hour=day.until_hour,
    )


def _facts(
    *,
    kind: str,
    name: str,
    first: dt.date,
    last: dt.date,
    weight: str,
    from_hour: dt.time | None,
    until_hour: dt.time | None,
) -> dict[str, Any]:
    """The columns of an entry that may be kept. Raises EntryRefused."""
    name = name.strip()
    if not name:
        raise EntryRefused(_("Der Name fehlt."), field="name")
    for day, of in ((first, "first"), (last, "last")):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            sentence = _("Wir kennen nur Tage von %(first)s bis %(last)s.")
            raise EntryRefused(sentence % {"first": FIRST_YEAR, "last": LAST_YEAR}, field=of)
    if last < first:
        raise EntryRefused(_("Der letzte Tag liegt vor dem ersten."), field="last")
    if (last - first).days >= LONGEST:
        raise EntryRefused(_("Ein Eintrag darf höchstens %s Tage lang sein.") % LONGEST, field="last")
    if kind != CalendarEntryKind.HINT:
        weight = ConflictWeight.WEAK
        if from_hour or until_hour:
            sentence = _("Uhrzeiten gibt es nur bei Hinweisen. Bitte lassen Sie sie leer oder wählen Sie „Hinweis“.")
            raise EntryRefused(sentence, field="from_hour")
    _check_hours(from_hour, until_hour)
    return {
        "kind": kind,
        "name": name,
        "first": first,
        "last": last,
        "weight": weight,
        "from_hour": from_hour,
        "until_hour": until_hour,
    }


def _check_hours(from_hour: dt.time | None, until_hour: dt.time | None) -> None:
    if (from_hour is None) != (until_hour is None):
        missing = "from_hour" if from_hour is None else "until_hour"
        raise EntryRefused(_("Bitte schreiben Sie beide Uhrzeiten, oder keine für den ganzen Tag."), field=missing)
    if from_hour is not None and until_hour is not None and until_hour <= from_hour:
        raise EntryRefused(_("Das Ende liegt nicht nach dem Beginn."), field="until_hour")


def _refuse_known(facts: Mapping[str, Any], *, besides: CalendarEntry | None = None) -> None:
    """Nobody means the same days twice. Raises EntryRefused."""
    same = {name: facts[name] for name in ("kind", "name", "first", "last", "from_hour", "until_hour")}
    rows = CalendarEntry.objects.filter(**same)
    if (rows.exclude(pk=besides.pk) if besides else rows).exists():
        sentence = _("„%(name)s“ am %(day)s steht schon im Kalender.")
        raise EntryRefused(sentence % {"name": facts["name"], "day": german.day(facts["first"])}, field="name")


def _identity(entry: CalendarEntry) -> tuple[object, ...]:
    """Two entries with the same are one and the same day."""
    return (str(entry.kind), entry.name, entry.first, entry.last, entry.from_hour, entry.until_hour)


def _full() -> str:
    sentence = _("Im Kalender ist Platz für %s eigene Einträge. Bitte löschen Sie zuerst alte.")
    return sentence % figure(MOST)


def _record(verb: str, entry: CalendarEntry, *, by: Person, at: dt.datetime, **more: Any) -> None:
    data = {"kind": str(entry.kind), "first": entry.first.isoformat(), "last": entry.last.isoformat(), **more}
    journal.record(verb, entry, at=at, by=by, data=data)
    transaction.on_commit(calendar_days.forget)


def _record_file(
    verb: str, entries: Iterable[CalendarEntry], file_key: uuid.UUID, *, by: Person, at: dt.datetime
) -> None:
    """One Change a file: its subject is the first entry."""
    rows = list(entries)
    journal.record(verb, rows[0], at=at, by=by, data={"file": str(file_key), "entries": len(rows)})
    transaction.on_commit(calendar_days.forget)
