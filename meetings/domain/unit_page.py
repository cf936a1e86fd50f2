"""A unit for a reader: programme, tasks, contact, what it reported, brought in and was asked. Ended ones stay readable.

Reports are the inside of the alliance they were written for, as its minutes are; topics and relays are read by all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from buendnisse.clock import local_date
from buendnisse.domain import units
from buendnisse.models import Contact, Person, Unit, UnitHandover
from buendnisse.models.sight import sight_of
from meetings.domain import spokespeople
from meetings.enums import BEGUN, AgendaItemState
from meetings.models import AgendaItem, Relay, UnitReport

_MOST = 12


@dataclass(frozen=True)
class Reach:
    """Whom to ask, and how; the telephone and address are empty where only the name is known."""

    person: Person
    phone: str
    email: str


@dataclass(frozen=True)
class UnitPage:
    unit: Unit
    is_over: bool
    reach: Reach | None
    handovers: list[UnitHandover]
    successor_unit: Unit | None
    reports: list[UnitReport]
    items: list[AgendaItem]
    relays: list[Relay]

    @property
    def tasks(self) -> list[str]:
        return self.unit.tasks.splitlines()


def listed(*, at: dt.datetime) -> tuple[list[Unit], list[Unit]]:
    """Those of today and those that have ended, by name. Two queries."""
    rows = list(Unit.objects.select_related("successor").prefetch_related("topics").order_by("name", "pk"))
    over = [row for row in rows if units.is_over(row, at=at)]
    return [row for row in rows if row not in over], over


def of(unit: Unit, reader: object, *, at: dt.datetime) -> UnitPage:
    """As `reader` may see it. A fixed number of queries."""
    sight = sight_of(reader, at=at)
    organisation = unit.organisation_id
    reports = UnitReport.objects.filter(unit=organisation).exclude(text="")
    if not sight.everything:
        out = Q(agenda_item__meeting__agenda_sent_at__isnull=False) | Q(agenda_item__meeting__state__in=BEGUN)
        seen = Q() if sight.all_bodies else Q(agenda_item__alliance__in=sight.inside)
        reports = reports.filter(out, seen)
    dealt_with = Q(state__in=[AgendaItemState.DISCUSSED, AgendaItemState.DEFERRED])
    own = Q(proposing_organisation=organisation) | Q(presenter__organisation=organisation)
    items = AgendaItem.objects.visible_to(sight, at=at).filter(own, dealt_with, standing_code="")
    relays = Relay.objects.visible_to(sight, at=at).filter(target=unit)
    successor = Unit.objects.filter(organisation=unit.successor_id).first() if unit.successor_id else None
    return UnitPage(
        unit=unit,
        is_over=units.is_over(unit, at=at),
        reach=None if units.is_over(unit, at=at) else _reach(unit, at=at),
        handovers=list(unit.handovers.select_related("organisation").order_by("pk")),
        successor_unit=successor,
        reports=list(
            reports.select_related("agenda_item__meeting", "agenda_item__alliance").order_by(
                "-agenda_item__meeting__start", "pk"
            )[:_MOST]
        ),
        items=list(items.select_related("meeting", "alliance").order_by("-meeting__start", "pk")[:_MOST]),
        relays=list(relays.select_related("source", "target").order_by("-pk")[:_MOST]),
    )


def _reach(unit: Unit, *, at: dt.datetime) -> Reach | None:
    """The one the Fachstelle chose; else, or once they have left, who speaks for the unit.

    Numbers are those of the list of contacts.
    """
    today, chosen_one = local_date(at), unit.contact
    if chosen_one is not None and chosen_one.active_until is not None and chosen_one.active_until < today:
        chosen_one = None
    person = chosen_one or spokespeople.of([unit], day=today).get(unit.pk)
    if person is None:
        return None
    listed = Contact.objects.valid_on(today).filter(person=person).order_by("pk").first()
    if listed is not None:
        return Reach(person, listed.phone, listed.email)
    chosen = chosen_one is not None
    return Reach(person, person.phone if chosen else "", person.email if chosen else "")
