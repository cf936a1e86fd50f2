"""Lists for the Verwaltung: bodies and venues. Read only, for the Fachstelle, which sees everything."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet

from buendnisse.clock import local_date
from buendnisse.models import BarrierReport, Body, Person, Venue


def open_reports() -> QuerySet[BarrierReport]:
    return BarrierReport.objects.open()


def counts() -> dict[str, int]:
    """How many bodies, people and venues are on record."""
    return {
        "body_count": Body.objects.count(),
        "person_count": Person.objects.count(),
        "venue_count": Venue.objects.count(),
    }


def bodies(*, at: dt.datetime) -> QuerySet[Body]:
    """Every body with the number of people in it today; alliances first."""
    day = local_date(at)
    active = Q(memberships__since__lte=day) & (Q(memberships__until__isnull=True) | Q(memberships__until__gte=day))
    return Body.objects.annotate(people_today=Count("memberships__person", filter=active, distinct=True)).order_by(
        "kind", "name"
    )


def venues() -> QuerySet[Venue]:
    return Venue.objects.order_by("place", "name")
