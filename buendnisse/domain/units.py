"""Units and programmes: organisations assigned to the Fachstelle, mostly for a programme's time. Ended ones stay readable."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal, records
from buendnisse.domain.records import RecordRefused, StaleRecord
from buendnisse.enums import BodyKind, OrganisationKind
from buendnisse.models import Body, Organisation, Person, Unit, UnitHandover

NOUN = "unit"
MOST_HANDOVERS = 12


def found(words: str, *, scope: str, at: dt.datetime) -> QuerySet[Unit]:
    """By name; three queries, since topics are listed with each."""
    rows = records.with_words(
        Unit.objects.select_related("successor").prefetch_related("topics"),
        words,
        "name",
        "short_name",
        "programme",
        "funder",
    )
    return records.scoped(rows, scope, at=at).order_by("name", "pk")  # type: ignore[no-any-return]


def add(
    *,
    form_key: uuid.UUID,
    by: Person,
    at: dt.datetime,
    organisation: Organisation | None,
    topics: Sequence[Any],
    **facts: Any,
) -> Unit:
    """A unit, and its organisation where there is none yet. Raises RecordRefused."""
    if made := Unit.objects.filter(form_key=form_key).first():
        return made
    _check(facts, besides=None)
    with transaction.atomic():
        if organisation is None:
            records.require_name(Organisation.objects.all(), facts["name"])
            organisation = records.add(
                Organisation(
                    slug=records.free_slug(Organisation.objects.all(), facts["short_name"]),
                    name=facts["name"],
                    short_name=facts["short_name"],
                    kind=OrganisationKind.UNIT,
                    parent=by.organisation,
                ),
                noun="organisation",
                by=by,
                at=at,
            )
        elif Unit.objects.filter(organisation=organisation).exists():
            raise RecordRefused(_("%s ist schon eine Stelle.") % organisation.short_name, field="organisation")
        slug = records.free_slug(Body.objects.all(), facts["short_name"])
        row = Unit(slug=slug, kind=BodyKind.UNIT, organisation=organisation, form_key=form_key, **facts)
        return records.add(row, noun=NOUN, links={"topics": topics}, by=by, at=at)


def change(row: Unit, *, version: int, by: Person, at: dt.datetime, **facts: Any) -> bool:
    """Raises RecordRefused, StaleRecord."""
    _check(facts, besides=row)
    return records.change(row, facts, version=version, noun=NOUN, by=by, at=at)


def end(
    row: Unit,
    last: dt.date | None,
    *,
    successor: Organisation | None = None,
    handovers: Sequence[tuple[str, Organisation]] = (),
    version: int,
    by: Person,
    at: dt.datetime,
) -> bool:
    """The programme ends on `last`; who goes on, and who takes over which task. None brings the unit back: nobody does.

    Written on top of `version`; False where it is so already. Raises RecordRefused, StaleRecord.
    """
    if last is None:
        successor, handovers = None, ()
    records.require_end_after(row.valid_from, last)
    if successor is not None and successor.pk == row.organisation_id:
        raise RecordRefused(_("Eine Stelle kann nicht ihre eigene Nachfolgerin sein."), field="successor")
    if len(handovers) > MOST_HANDOVERS:
        raise RecordRefused(_("Bitte höchstens %s Aufgaben.") % MOST_HANDOVERS, field="handovers")
    with transaction.atomic():
        held = Unit.objects.select_for_update(of=("self",)).get(pk=row.pk)
        was = [(one.task, one.organisation_id) for one in held.handovers.order_by("pk")]
        wanted = [(task, taker.pk) for task, taker in handovers]
        same = held.successor_id == (successor.pk if successor else None) and was == wanted
        if same and held.valid_until == last:
            return False
        if held.version != version:
            raise StaleRecord(held)
        if not same:
            Unit.objects.filter(pk=row.pk).update(successor=successor, version=F("version") + 1)
            held.handovers.all().delete()
            UnitHandover.objects.bulk_create(
                UnitHandover(unit=held, task=task, organisation=taker) for task, taker in handovers
            )
            data = {"successor": successor.pk if successor else None, "takers": [taker for _task, taker in wanted]}
            journal.record(f"{NOUN}.handed_over", row, at=at, by=by, body=row, data=data)
        records.end(row, last, noun=NOUN, by=by, at=at, column="valid_until")
    row.refresh_from_db()
    return True


def is_over(row: Unit, *, at: dt.datetime) -> bool:
    """Whether its last day has passed."""
    return row.valid_until is not None and row.valid_until < local_date(at)


def _check(facts: dict[str, Any], *, besides: Unit | None) -> None:
    records.require_name(Unit.objects.all(), facts["name"], besides=besides)
    records.require_end_after(facts.get("valid_from"), besides.valid_until if besides else None)
