"""The Verwaltung's start page. Read only, for the Fachstelle, which sees everything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, QuerySet, Value

from buendnisse.clock import local_date
from buendnisse.models import (
    BarrierReport,
    Body,
    Contact,
    Organisation,
    Person,
    Topic,
    Venue,
)


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
