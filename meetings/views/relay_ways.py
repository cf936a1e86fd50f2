"""Which body may hand a matter to which: a page for the Fachstelle."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.models import Alliance
from buendnisse.views.gate import moderator
from meetings.domain import relay_ways
from meetings.forms.relays import WaysForm


@require_safe
@moderator
def ways(request: PersonRequest) -> HttpResponse:
    """Every alliance of today, and to whom it hands on."""
    return render(request, "meetings/relay_ways.html", {"sources": relay_ways.sources(at=clock.now())})


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def change(request: PersonRequest, slug: str) -> HttpResponse:
    """The ways of one alliance. What somebody else changed meanwhile is not written over unseen."""
    at = clock.now()
    source = get_object_or_404(Alliance.objects.valid_on(clock.local_date(at)), slug=slug)
    bodies = relay_ways.possible_targets(source, at=at)
    now = [str(pk) for pk in relay_ways.targets_of(source)]
    form = WaysForm(request.POST or None, bodies=bodies, initial={"targets": now, "seen": ",".join(now)})
    status = HTTPStatus.OK
    stored: list[str] = []
    if request.method == "POST" and form.is_valid():
        seen = [int(pk) for pk in form.cleaned_data["seen"].split(",") if pk.isdigit()]
        try:
            relay_ways.allow(source, form.chosen, seen=seen, by=request.user, at=at)
        except relay_ways.WaysChanged as refused:
            form.add_error(None, str(refused))
            data = request.POST.copy()
            data["seen"] = ",".join(now)
            form.data = data
            stored, status = [body.name for body in bodies if str(body.pk) in now], HTTPStatus.CONFLICT
        else:
            messages.success(request, _("Gespeichert. Was schon unterwegs ist, bleibt unterwegs."))
            return redirect("meetings:relay_ways")
    context = {"source": source, "form": form, "stored": stored}
    return render(request, "meetings/relay_ways_change.html", context, status=status)
