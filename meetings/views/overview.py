"""Who works with whom: the picture on the Fachstelle's wall, and the same as tables."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buendnisse import clock
from buendnisse.http import PersonRequest, number_in
from meetings.adapters import overview_picture
from meetings.domain import overview as domain
from meetings.views.relays import readers


@readers
@require_safe
def overview(request: PersonRequest) -> HttpResponse:
    """One year; this one unless another with relays is asked for."""
    at = clock.now()
    years = domain.years(request.user, at=at)
    wanted = number_in(request.GET, "jahr")
    found = domain.overview(request.user, year=wanted if wanted in years else clock.local_date(at).year, at=at)
    context = {
        "overview": found,
        "picture": overview_picture.draw(found),
        "flows": [(flow, overview_picture.spoken(flow)) for flow in found.flows],
    }
    return render(request, "meetings/overview.html", context)
