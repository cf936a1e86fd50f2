"""Who speaks for a body: whom others turn to, and whom reminders name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from django.db.models import F, Q

from buendnisse.enums import MEETS, BodyKind, Role
from buendnisse.models import Body, Membership, Person
from buendnisse.models.membership import MembershipQuerySet
from buendnisse.models.person import PersonQuerySet
from buendnisse.models.prepared import Prepared

#: Who speaks before whom.
_ORDER = {Role.CHAIR: 0, Role.DEPUTY_CHAIR: 1, Role.MEMBER: 2}


class Speaker(NamedTuple):
    """Of a person, what a sentence needs."""

    pk: int
    full_name: str


def of(bodies: Collection[Body], *, day: dt.date) -> dict[int, Person]:
    """The chair of each body; where there is none the deputy chair, for a unit its member or who works there."""
    found: dict[int, Person] = {}
    rows = _speaking(day).filter(body__in=[body.pk for body in bodies]).select_related("person")
    for row in sorted(rows, key=lambda row: _precedence(row.role, row.since, row.pk)):
        found.setdefault(row.body_id, row.person)
    if units := _without_a_member(bodies, found):
        for person in _working(day).filter(organisation__unit__in=units).annotate(unit=F("organisation__unit")):
            found.setdefault(vars(person)["unit"], person)
    return found


def named(bodies: Collection[Body], *, day: dt.date) -> dict[int, Speaker]:
    """The same people by their names only, for sentences: at most two queries, whose SQL is worked out once."""
    wanted, found = {body.pk for body in bodies}, dict[int, Speaker]()
    for _role, _since, _pk, body, person, *name in sorted(
        _asking_who_speaks().fetch(day=day), key=lambda row: _precedence(*row[:3])
    ):
        if body in wanted:
            found.setdefault(body, Speaker(person, " ".join(name)))
    if units := _without_a_member(bodies, found):
        for unit, person, *name in _asking_who_works().fetch(day=day):
            if unit in units:
                found.setdefault(unit, Speaker(person, " ".join(name)))
    return found


def _precedence(role: str, since: dt.date, pk: int) -> tuple[int, dt.date, int]:
    """The chair first, then who has been there longest."""
    return _ORDER[Role(role)], since, pk


def _without_a_member(bodies: Collection[Body], found: Collection[int]) -> set[int]:
    """The units for which somebody of their staff speaks. Nothing is asked where every unit has a member."""
    return {body.pk for body in bodies if body.kind == BodyKind.UNIT and body.pk not in found}


def _speaking(day: dt.date) -> MembershipQuerySet:
    """Seats that speak for their body: a lead, and where nobody meets any member."""
    leads, small = Q(role__in=[Role.CHAIR, Role.DEPUTY_CHAIR]), Q(role=Role.MEMBER) & ~Q(body__kind__in=MEETS)
    return Membership.objects.active_on(day).filter(leads | small)


def _working(day: dt.date) -> PersonQuerySet:
    """The staff of units, in the order in which they are asked."""
    staff: PersonQuerySet = Person.objects.active_on(day).filter(organisation__unit__isnull=False)
    return staff.order_by("pk")


@cache
def _asking_who_speaks() -> Prepared:
    columns = ("role", "since", "pk", "body", "person", "person__first_name", "person__last_name")
    return Prepared(lambda day: _speaking(day).values_list(*columns), day=dt.date)


@cache
def _asking_who_works() -> Prepared:
    columns = ("organisation__unit", "pk", "first_name", "last_name")
    return Prepared(lambda day: _working(day).values_list(*columns), day=dt.date)
