"""Where meetings can be held."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet

from buendnisse.domain import records
from buendnisse.models import Person, Venue

NOUN = "venue"


def found(words: str, *, scope: str, at: dt.datetime) -> QuerySet[Venue]:
    """By place, those in whose name, place or notes the words stand; `scope` as `records.scoped` knows it."""
    rows = records.with_words(Venue.objects.all(), words, "name", "place", "note", "bus_note")
    return records.scoped(rows, scope, at=at).order_by("place", "name", "pk")  # type: ignore[no-any-return]


def add(*, form_key: uuid.UUID, by: Person, at: dt.datetime, **facts: Any) -> Venue:
    """Raises RecordRefused."""
    if made := Venue.objects.filter(form_key=form_key).first():
        return made
    records.require_name(Venue.objects.all(), facts["name"])
    row = Venue(slug=records.free_slug(Venue.objects.all(), facts["name"]), form_key=form_key, **facts)
    return records.add(row, noun=NOUN, by=by, at=at)


def change(row: Venue, *, version: int, by: Person, at: dt.datetime, **facts: Any) -> bool:
    """Invitations that left keep what they say; later ones say the new. Raises RecordRefused, StaleRecord."""
    records.require_name(Venue.objects.all(), facts["name"], besides=row)
    return records.change(row, facts, version=version, noun=NOUN, by=by, at=at)


def end(row: Venue, last: dt.date | None, *, by: Person, at: dt.datetime) -> bool:
    """Nobody is offered it after `last`; meetings that are planned there stay. None brings it back."""
    return records.end(row, last, noun=NOUN, by=by, at=at)
