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
    found = domain.overview(request.user, year=number_in(request.GET, "jahr"), at=clock.now())
    context = {
        "overview": found,
        "picture": overview_picture.draw(found),
        "flows": [(flow, overview_picture.spoken(flow)) for flow in found.flows],
    }
    return render(request, "meetings/overview.html", context)
