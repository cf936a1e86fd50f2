"""Who speaks for a body: whom others turn to, and whom reminders name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.db.models import F, Q

from buendnisse.enums import MEETS, BodyKind, Role
from buendnisse.models import Body, Membership, Person
from buendnisse.models.membership import MembershipQuerySet
from buendnisse.models.prepared import Prepared, Row

#: Who speaks before whom.
_ORDER = {Role.CHAIR: 0, Role.DEPUTY_CHAIR: 1, Role.MEMBER: 2}


def of(bodies: Collection[Body], *, day: dt.date) -> dict[int, Person]:
    """The chair of each body; where there is none the deputy chair, for a unit its member or who works there."""
    rows = _speaking(bodies, day).select_related("person")
    found: dict[int, Person] = {}
    for row in sorted(rows, key=lambda row: (_ORDER[Role(row.role)], row.since, row.pk)):
        found.setdefault(row.body_id, row.person)
    for person in _staff(bodies, found, day):
        found.setdefault(vars(person)["unit"], person)
    return found


def names_of(bodies: Collection[Body], *, day: dt.date) -> dict[int, str]:
    """The same people by their names only, for sentences: at most two queries, whose SQL is worked out once."""
    wanted, found = {body.pk for body in bodies}, dict[int, str]()
    for _role, _since, _pk, body, *name in sorted(_speaking_anywhere().fetch(day=day), key=_precedence):
        if body in wanted:
            found.setdefault(body, " ".join(name))
    if any(body.kind == BodyKind.UNIT and body.pk not in found for body in bodies):
        for unit, *name in _working_anywhere().fetch(day=day):
            if unit in wanted:
                found.setdefault(unit, " ".join(name))
    return found


def _precedence(row: Row) -> tuple[Any, ...]:
    role, since, pk, *_rest = row
    return _ORDER[Role(role)], since, pk


def _speaking(bodies: Collection[Body], day: dt.date) -> MembershipQuerySet:
    wanted = Q(body__in=[body.pk for body in bodies], role__in=[Role.CHAIR, Role.DEPUTY_CHAIR])
    if small := [body.pk for body in bodies if body.kind not in MEETS]:
        wanted |= Q(body__in=small, role=Role.MEMBER)
    return Membership.objects.active_on(day).filter(wanted)


@cache
def _speaking_anywhere() -> Prepared:
    leads, small = Q(role__in=[Role.CHAIR, Role.DEPUTY_CHAIR]), Q(role=Role.MEMBER) & ~Q(body__kind__in=MEETS)
    columns = ("role", "since", "pk", "body", "person__first_name", "person__last_name")
    return Prepared(
        lambda day: Membership.objects.active_on(day).filter(leads | small).values_list(*columns), day=dt.date
    )


def _staff(bodies: Collection[Body], found: Collection[int], day: dt.date) -> Iterable[Person]:
    """Who works in a unit that has no member, each with the unit's id. No query where every unit has one."""
    units = [body.pk for body in bodies if body.pk not in found and body.kind == BodyKind.UNIT]
    staff = Person.objects.active_on(day).filter(organisation__unit__in=units)
    return staff.annotate(unit=F("organisation__unit")).order_by("pk") if units else ()


@cache
def _working_anywhere() -> Prepared:
    names = ("organisation__unit", "first_name", "last_name")
    staff = Person.objects.filter(organisation__unit__isnull=False).order_by("pk")
    return Prepared(lambda day: staff.active_on(day).values_list(*names), day=dt.date)
