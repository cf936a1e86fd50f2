"""Tasks whose owner has left: found by the dates of people and memberships, with somebody who could take over.

Owner is a person *and* an organisation, so that a task survives a change of staff: the successor on record first,
then whoever sits in the alliance for the same organisation, then for the organisation that took over its work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, When

from buendnisse.clock import local_date
from buendnisse.enums import Role
from buendnisse.models import Membership, Organisation, Person
from meetings.enums import ActionItemState
from meetings.models import ActionItem
from meetings.models.action_item import ActionItemQuerySet

#: Who of several is asked first.
_ORDER = (Role.MEMBER, Role.CHAIR, Role.DEPUTY_CHAIR, Role.DEPUTY, Role.MINUTE_TAKER, Role.SECRETARIAT)


@dataclass(frozen=True)
class Orphan:
    """An open task whose owner has left; `heir` is None where nobody on record fits."""

    action: ActionItem
    heir: Person | None


def marked(rows: ActionItemQuerySet, *, at: dt.datetime) -> ActionItemQuerySet:
    """Each with `is_orphan`: open, and its owner has left altogether or does no longer belong to the alliance."""
    return rows.annotate(is_orphan=Case(When(is_orphan(at=at), then=True), default=False))


def is_orphan(*, at: dt.datetime) -> Q:
    """As a condition for tasks."""
    today = local_date(at)
    own = Membership.objects.filter(person=OuterRef("owner"), body=OuterRef("alliance"))
    ended = Q(Exists(own.filter(until__lt=today))) & ~Q(Exists(own.active_on(today)))
    left = Q(owner__active_until__isnull=False, owner__active_until__lt=today) | ended
    return Q(state__in=[ActionItemState.OPEN, ActionItemState.IN_PROGRESS]) & left


def of(actions: Iterable[ActionItem], *, at: dt.datetime) -> dict[int, Orphan]:
    """Those of `actions`, read by `marked`, whose owner has left, by id; no query where there is none."""
    orphans = [one for one in actions if one.is_orphan]  # type: ignore[attr-defined]
    return {one.pk: Orphan(one, heir) for one, heir in zip(orphans, _heirs(orphans, at), strict=True)}


def _heirs(actions: Sequence[ActionItem], at: dt.datetime) -> list[Person | None]:
    if not actions:
        return []
    today = local_date(at)
    ended = Membership.objects.filter(person__in={one.owner_id for one in actions}, successor__isnull=False)
    named = dict(ended.order_by("until", "pk").values_list("person_id", "successor_id"))  # the latest stays
    ended_units = Organisation.objects.filter(pk__in={one.organisation_id for one in actions})
    next_ones = dict(ended_units.filter(unit__successor__isnull=False).values_list("pk", "unit__successor"))
    members = _members({one.alliance_id for one in actions}, today)
    people = Person.objects.active_on(today).select_related("organisation").in_bulk(named.values())
    found = []
    for one in actions:
        here = [member for member in members if member.body_id == one.alliance_id and member.person_id != one.owner_id]
        successor = people.get(named.get(one.owner_id, 0))
        if successor is not None and not _fits(successor, one, here):
            successor = None
        heir = successor or _of(one.organisation_id, here) or _of(next_ones.get(one.organisation_id), here)
        found.append(heir)
    return found


def _members(alliances: set[int], today: dt.date) -> list[Membership]:
    rows = Membership.objects.filter(body__in=alliances, person__in=Person.objects.active_on(today))
    rows = rows.active_on(today).exclude(role=Role.GUEST).select_related("person__organisation")
    return sorted(rows, key=lambda row: (_ORDER.index(Role(row.role)), row.person.last_name, row.person_id))


def _fits(person: Person, action: ActionItem, members: list[Membership]) -> bool:
    """As `task_list.heirs` asks the database."""
    return person.organisation_id == action.organisation_id or person.pk in {member.person_id for member in members}


def _of(organisation: int | None, members: list[Membership]) -> Person | None:
    return next((member.person for member in members if member.organisation_id == organisation), None)
