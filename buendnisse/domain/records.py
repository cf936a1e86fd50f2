"""Rows of the Verwaltung: written on top of what was read, told to the journal field by field, ended and never deleted.

Each noun (organisations, venues, topics, contacts, units, bodies) checks its own rules and writes through here.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.models import Body, Person

Kept = TypeVar("Kept", bound=models.Model)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"})
_LONGEST_SLUG = 44  # leaves room for "-12345" in the shortest column
_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


class RecordRefused(Exception):
    """It cannot be kept like this; `str()` is a German sentence, `field` the field of a form it belongs to."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class StaleRecord(Exception):
    """Somebody else changed the row first. `current` is what is stored now."""

    def __init__(self, current: Any) -> None:
        super().__init__(_("Inzwischen hat jemand anderes das geändert. Bitte vergleichen Sie."))
        self.current = current


def scoped(rows: Any, scope: str, *, at: dt.datetime) -> Any:
    """Of a list: what has "ended", "all" of it, else what holds today."""
    if scope == "all":
        return rows
    today = local_date(at)
    held = rows.valid_on(today)
    return rows.exclude(pk__in=held.values("pk")) if scope == "ended" else held


def with_words(rows: Any, words: str, *columns: str) -> Any:
    """The rows in which each word stands in one of the columns."""
    for word in words.split():
        hit = Q()
        for column in columns:
            hit |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(hit)
    return rows


def add(row: Kept, *, noun: str, links: Mapping[str, Sequence[Any]] | None = None, by: Person, at: dt.datetime) -> Kept:
    """Store a new row, and what it is linked with. Its `form_key` again gives the row that stands. Raises RecordRefused."""
    rows: Any = type(row)._default_manager
    key = getattr(row, "form_key", None)
    made: Kept | None = rows.filter(form_key=key).first() if key else None
    if made is not None:
        return made
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            for name, chosen in (links or {}).items():
                getattr(row, name).set(chosen)
            journal.record(f"{noun}.added", row, at=at, by=by, body=row if isinstance(row, Body) else None)
    except IntegrityError as error:
        twin: Kept | None = rows.filter(form_key=key).first() if key else None
        if twin is not None:
            return twin
        raise RecordRefused(_("Das gibt es schon.")) from error
    return row


def change(row: models.Model, said: Mapping[str, Any], *, version: int, noun: str, by: Person, at: dt.datetime) -> bool:
    """Write what was `said` on top of `version`; False where all of it stands there already, so a second tap is no conflict.

    A list is what the row is linked with. Raises StaleRecord, RecordRefused.
    """
    rows: Any = type(row)._default_manager
    try:
        with transaction.atomic():
            stored = rows.select_for_update().get(pk=row.pk)
            changed = [name for name, value in said.items() if not _is_so(stored, name, value)]
            if not changed:
                return False
            if stored.version != version:
                raise StaleRecord(stored)
            columns = [name for name in changed if not _is_linked(stored, name)]
            for name in columns:
                setattr(stored, name, said[name])
            stored.version = version + 1
            stored.save(update_fields=[*columns, "version"])
            for name in changed:
                if name not in columns:
                    getattr(stored, name).set(said[name])
            body = stored if isinstance(stored, Body) else None
            journal.record(f"{noun}.changed", row, at=at, by=by, body=body, data={"fields": changed})
    except IntegrityError as error:
        raise RecordRefused(_("Das gibt es schon.")) from error
    row.refresh_from_db()
    return True


def end(row: Any, last: dt.date | None, *, noun: str, by: Person, at: dt.datetime, column: str = "ended_on") -> bool:
    """Set the last day, or take it back (None). False where it is so already; the last one who says it is right."""
    rows: Any = type(row)._default_manager
    with transaction.atomic():
        stored = rows.select_for_update().get(pk=row.pk)
        if getattr(stored, column) == last:
            return False
        setattr(stored, column, last)
        stored.version += 1
        stored.save(update_fields=[column, "version"])
        body = stored if isinstance(stored, Body) else None
        data = {"last": last.isoformat()} if last else {}
        journal.record(f"{noun}.{'ended' if last else 'resumed'}", row, at=at, by=by, body=body, data=data)
    row.refresh_from_db()
    return True


def require_name(rows: models.QuerySet[Any], name: str, *, besides: models.Model | None = None) -> None:
    """Two of one name in a list cannot be told apart. Raises RecordRefused."""
    others = rows.filter(name__iexact=name)
    if others.exclude(pk=besides.pk if besides else 0).exists():
        raise RecordRefused(_("„%s“ gibt es schon.") % name, field="name")


def require_slug(rows: models.QuerySet[Any], slug: str, *, besides: models.Model | None = None) -> None:
    """The last part of an address: small letters, digits, hyphens, and nobody else's. Raises RecordRefused."""
    if not _SLUG.match(slug):
        raise RecordRefused(_("Bitte nur kleine Buchstaben, Ziffern und Bindestriche: steuerungsgruppe."), field="slug")
    if rows.filter(slug=slug).exclude(pk=besides.pk if besides else 0).exists():
        raise RecordRefused(_("Die Adresse „%s“ hat schon jemand anderes.") % slug, field="slug")


def slug_of(name: str) -> str:
    """ "Fachbereich Jugend & Soziales" → fachbereich-jugend-soziales; empty where nothing is left."""
    return slugify(name.translate(_UMLAUTS))[:_LONGEST_SLUG].strip("-")


def free_slug(rows: models.QuerySet[Any], name: str) -> str:
    """One that nobody has yet."""
    wanted = slug_of(name) or uuid.uuid4().hex[:8]
    taken = set(rows.filter(slug__startswith=wanted).values_list("slug", flat=True))
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def require_end_after(begin: dt.date | None, last: dt.date | None) -> None:
    """Raises RecordRefused."""
    if begin is not None and last is not None and last <= begin:
        raise RecordRefused(
            _("Der letzte Tag muss nach dem ersten liegen. Der erste ist der %s.") % german.day(begin), field="last"
        )


def _is_linked(row: models.Model, name: str) -> bool:
    return bool(row._meta.get_field(name).many_to_many)


def _is_so(row: models.Model, name: str, value: Any) -> bool:
    if _is_linked(row, name):
        return {one.pk for one in getattr(row, name).all()} == {one.pk for one in value}
    return bool(getattr(row, name) == value)
