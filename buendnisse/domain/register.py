"""The Verwaltung's start page and its list of people. Read only, for the Fachstelle, which sees everything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet, Value

from buendnisse.clock import local_date
from buendnisse.models import (
    BarrierReport,
    Body,
    Contact,
    Membership,
    Organisation,
    Person,
    Topic,
    Venue,
)

PEOPLE_A_PAGE = 50


def open_reports() -> QuerySet[BarrierReport]:
    return BarrierReport.objects.open()


def counts(*, at: dt.datetime) -> dict[str, int]:
    """How many of each are on record today; what has ended is left out. One query."""
    day = local_date(at)
    lists: dict[str, QuerySet[Any]] = {
        "people": Person.objects.active_on(day),
        "organisations": Organisation.objects.valid_on(day),
        "bodies": Body.objects.valid_on(day).filter(unit__isnull=True),
        "units": Body.objects.valid_on(day).filter(unit__isnull=False),
        "venues": Venue.objects.valid_on(day),
        "topics": Topic.objects.valid_on(day),
        "contacts": Contact.objects.valid_on(day),
    }
    first, *rest = [
        rows.order_by().values(of=Value(name)).annotate(number=Count("pk")).values_list("of", "number")
        for name, rows in lists.items()
    ]
    return dict.fromkeys(lists, 0) | dict(first.union(*rest))


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
