"""Topics (fields of action): renamed, merged, ended. What carries one keeps it; what comes new gets only today's."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal, records
from buendnisse.domain.records import RecordRefused, StaleRecord
from buendnisse.models import Contact, Person, Topic

NOUN = "topic"


def found(words: str, *, scope: str, at: dt.datetime) -> QuerySet[Topic]:
    """In the order they were entered."""
    rows = records.with_words(Topic.objects.select_related("merged_into"), words, "name")
    return records.scoped(rows, scope, at=at).order_by("pk")  # type: ignore[no-any-return]


def add(name: str, *, form_key: uuid.UUID, by: Person, at: dt.datetime) -> Topic:
    """Raises RecordRefused."""
    if made := Topic.objects.filter(form_key=form_key).first():
        return made
    records.require_name(Topic.objects.all(), name)
    slug = records.free_slug(Topic.objects.all(), name)
    return records.add(Topic(slug=slug, name=name, form_key=form_key), noun=NOUN, by=by, at=at)


def rename(row: Topic, name: str, *, version: int, by: Person, at: dt.datetime) -> bool:
    """Its address stays, so that links go on. Raises RecordRefused, StaleRecord."""
    records.require_name(Topic.objects.all(), name, besides=row)
    return records.change(row, {"name": name}, version=version, noun=NOUN, by=by, at=at)


def end(row: Topic, last: dt.date | None, *, by: Person, at: dt.datetime) -> bool:
    """None brings it back. Raises RecordRefused where it became another."""
    if row.merged_into_id is not None:
        raise RecordRefused(_("Dieses Themenfeld ist in einem anderen aufgegangen und bleibt beendet."), field="last")
    return records.end(row, last, noun=NOUN, by=by, at=at)


def uses(row: Topic) -> int:
    """How many things carry it: items, decisions, units, contacts, people, papers."""
    return sum(model._base_manager.filter(**{column: row.pk}).count() for model, column, _other in _places())


def merge(row: Topic, into: Topic, *, version: int, by: Person, at: dt.datetime) -> int:
    """Whatever carries `row` carries `into` from now on, each once; `row` ends today. How many things were moved.

    Whatever points at topics is found by itself, so that no floor above is forgotten. Raises RecordRefused, StaleRecord.
    """
    if row.pk == into.pk:
        raise RecordRefused(_("Ein Themenfeld kann nicht mit sich selbst zusammengelegt werden."), field="into")
    if into.ended_on is not None:
        raise RecordRefused(_("„%s“ ist beendet. Bitte wählen Sie ein anderes.") % into.name, field="into")
    moved = 0
    with transaction.atomic():
        held = {
            one.pk: one for one in Topic.objects.select_for_update().filter(pk__in=[row.pk, into.pk]).order_by("pk")
        }
        if held[row.pk].merged_into_id == into.pk:
            return 0
        if held[row.pk].version != version or held[into.pk].ended_on is not None:
            raise StaleRecord(held[row.pk])
        _end_twice_named(row, into, at=at)
        for model, column, other in _places():
            rows = model._base_manager.filter(**{column: row.pk})
            if other:
                there = model._base_manager.filter(**{column: into.pk}).values(other)
                moved += rows.filter(**{f"{other}__in": list(there.values_list(other, flat=True))}).delete()[0]
            moved += rows.update(**{column: into.pk})
        Topic.objects.filter(merged_into=row).update(merged_into=into)
        Topic.objects.filter(pk=row.pk).update(
            merged_into=into, ended_on=local_date(at) - dt.timedelta(days=1), version=version + 1
        )
        journal.record(f"{NOUN}.merged", row, at=at, by=by, data={"into": into.pk, "things": moved})
    row.refresh_from_db()
    return moved


def _end_twice_named(row: Topic, into: Topic, *, at: dt.datetime) -> None:
    """Who answers for both in one area is named once."""
    today = local_date(at)
    named = set(Contact.objects.valid_on(today).filter(topic=into).values_list("person", "area"))
    for one in Contact.objects.valid_on(today).filter(topic=row):
        if (one.person_id, one.area_id) in named:
            Contact.objects.filter(pk=one.pk).update(ended_on=today - dt.timedelta(days=1), version=one.version + 1)


def _places() -> Iterator[tuple[Any, str, str]]:
    """Each table with a column for topics; with the other column of a pair where the table is one of pairs."""
    for relation in Topic._meta.related_objects:
        field = relation.field
        if isinstance(field, ManyToManyField):
            through = field.remote_field.through
            yield through, field.m2m_reverse_name(), field.m2m_column_name()
        elif isinstance(field, ForeignKey) and field.model is not Topic:
            yield field.model, field.attname, ""
