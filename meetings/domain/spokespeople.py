"""Who speaks for a body: whom others turn to, and whom reminders name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import F, Q

from buendnisse.enums import MEETS, BodyKind, Role
from buendnisse.models import Body, Membership, Person
from buendnisse.models.membership import MembershipQuerySet

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
    """The same people by their names only, for sentences."""
    names = ("person__first_name", "person__last_name")
    rows = _speaking(bodies, day).values_list("role", "since", "pk", "body", *names)
    found: dict[int, str] = {}
    for _role, _since, _pk, body, *name in sorted(rows, key=lambda row: (_ORDER[Role(row[0])], *row[1:3])):
        found.setdefault(body, " ".join(name))
    for person in _staff(bodies, found, day):
        found.setdefault(vars(person)["unit"], person.full_name)
    return found


def _speaking(bodies: Collection[Body], day: dt.date) -> MembershipQuerySet:
    wanted = Q(body__in=[body.pk for body in bodies], role__in=[Role.CHAIR, Role.DEPUTY_CHAIR])
    if small := [body.pk for body in bodies if body.kind not in MEETS]:
        wanted |= Q(body__in=small, role=Role.MEMBER)
    return Membership.objects.active_on(day).filter(wanted)


def _staff(bodies: Collection[Body], found: Collection[int], day: dt.date) -> Iterable[Person]:
    """Who works in a unit that has no member, each with the unit's id. No query where every unit has one."""
    units = [body.pk for body in bodies if body.pk not in found and body.kind == BodyKind.UNIT]
    staff = Person.objects.active_on(day).filter(organisation__unit__in=units)
    return staff.annotate(unit=F("organisation__unit")).order_by("pk") if units else ()
