"""Organisations: who sends people into the alliances."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import records
from buendnisse.domain.records import RecordRefused
from buendnisse.models import Membership, Organisation, Person

NOUN = "organisation"
_NAMED = 3


def found(words: str, *, kind: str, scope: str, at: dt.datetime) -> QuerySet[Organisation]:
    """By name, each with the number of its people who have not left (`people_today`); one query."""
    rows = records.with_words(Organisation.objects.all(), words, "name", "short_name", "place")
    if kind:
        rows = rows.filter(kind=kind)
    stays = Q(people__active_until__isnull=True) | Q(people__active_until__gte=local_date(at))
    counted = records.scoped(rows, scope, at=at).annotate(people_today=Count("people", filter=stays))
    return counted.order_by("name", "pk")  # type: ignore[no-any-return]


def add(*, form_key: uuid.UUID, by: Person, at: dt.datetime, **facts: Any) -> Organisation:
    """Raises RecordRefused."""
    if made := Organisation.objects.filter(form_key=form_key).first():
        return made
    records.require_name(Organisation.objects.all(), facts["name"])
    slug = records.free_slug(Organisation.objects.all(), facts["short_name"])
    return records.add(Organisation(slug=slug, form_key=form_key, **facts), noun=NOUN, by=by, at=at)


def change(row: Organisation, *, version: int, by: Person, at: dt.datetime, **facts: Any) -> bool:
    """Raises RecordRefused, StaleRecord."""
    records.require_name(Organisation.objects.all(), facts["name"], besides=row)
    if (parent := facts.get("parent")) is not None:
        _require_above(parent, row)
    return records.change(row, facts, version=version, noun=NOUN, by=by, at=at)


def end(row: Organisation, last: dt.date | None, *, by: Person, at: dt.datetime) -> bool:
    """It sends nobody after `last`. Raises RecordRefused while people still sit somewhere for it."""
    if last is not None:
        later = Membership.objects.filter(organisation=row).filter(Q(until__isnull=True) | Q(until__gt=last))
        people = list(dict.fromkeys(one.person.full_name for one in later.select_related("person").order_by("pk")))
        if people:
            named = german.listing(people[:_NAMED]) + (" …" if len(people) > _NAMED else "")
            raise RecordRefused(
                _("Dann sitzen noch Menschen für %(name)s in einem Gremium: %(people)s. Bitte beenden Sie das zuerst.")
                % {"name": row.short_name, "people": named},
                field="last",
            )
    return records.end(row, last, noun=NOUN, by=by, at=at)


def _require_above(parent: Organisation, row: Organisation) -> None:
    above: Organisation | None = parent
    while above is not None:
        if above.pk == row.pk:
            raise RecordRefused(_("Eine Organisation kann nicht zu sich selbst gehören."), field="parent")
        above = above.parent
