"""Lists for the Verwaltung: bodies, people, venues. Read only, for the Fachstelle, which sees everything."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet

from buendnisse.clock import local_date
from buendnisse.models import BarrierReport, Body, Membership, Person, Venue

PEOPLE_A_PAGE = 50


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


def people(wanted: str, *, page: str, at: dt.datetime) -> Page[Person]:
    """People by surname, with their memberships of today; `wanted` looks in names, organisation and address."""
    active = Membership.objects.active_on(local_date(at)).select_related("body").order_by("body_id")
    found = Person.objects.select_related("organisation").prefetch_related(
        Prefetch("memberships", queryset=active, to_attr="memberships_today")
    )
    for word in wanted.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(email__icontains=word)
        )
    return Paginator(found.order_by("last_name", "first_name", "pk"), PEOPLE_A_PAGE).get_page(page)


def venues() -> QuerySet[Venue]:
    return Venue.objects.order_by("place", "name")
