"""Stellen und Projekte, for the members of all bodies."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from buendnisse import clock, permissions
from buendnisse.http import PersonRequest
from buendnisse.models import Unit
from buendnisse.views.gate import only
from meetings.domain import unit_page

overview_only = only(lambda person: permissions.may_see_overview(person, at=clock.now()))


@overview_only
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Those of today, and those that have ended with who went on."""
    today, over = unit_page.listed(at=clock.now())
    return render(request, "meetings/units.html", {"units": today, "over": over})


@overview_only
@require_safe
def one(request: PersonRequest, slug: str) -> HttpResponse:
    """Programme, tasks, whom to ask, reports and topics."""
    unit = get_object_or_404(Unit.objects.select_related("successor", "contact").prefetch_related("topics"), slug=slug)
    return render(
        request, "meetings/unit.html", {"page": unit_page.of(unit, request.user, at=clock.now()), "unit": unit}
    )
