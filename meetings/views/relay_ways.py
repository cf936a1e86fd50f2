"""Which body may hand a matter to which: a page for the Fachstelle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.models import Alliance, Body
from buendnisse.views.gate import moderator
from meetings.domain import relay_ways
from meetings.forms.relays import WaysForm


@require_safe
@moderator
def ways(request: PersonRequest) -> HttpResponse:
    """Every alliance of today, and to whom it hands on."""
    return render(request, "meetings/relay_ways.html", {"sources": relay_ways.sources(at=clock.now())})


@dataclass(frozen=True)
class _End:
    """One end of the ways of a body: what is chosen from, what holds now, and the verb that sets it."""

    title: str
    label: str
    bodies: list[Body]
    now: list[str]
    keep: Callable[..., bool]
    there: str


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def change(request: PersonRequest, slug: str) -> HttpResponse:
    """To whom one alliance hands on. What somebody else changed meanwhile is not written over unseen."""
    at = clock.now()
    source = get_object_or_404(Alliance.objects.valid_on(clock.local_date(at)), slug=slug)
    end = _End(
        title=_("An wen %s weitergibt") % source.word,
        label=_("Gibt weiter an"),
        bodies=relay_ways.possible_targets(source, at=at),
        now=[str(pk) for pk in relay_ways.targets_of(source)],
        keep=relay_ways.allow,
        there=reverse("meetings:relay_ways"),
    )
    return _change(request, source, end)


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def change_from(request: PersonRequest, slug: str) -> HttpResponse:
    """Who hands on to one body, seen from its end."""
    at = clock.now()
    target = get_object_or_404(Body.objects.valid_on(clock.local_date(at)), slug=slug)
    end = _End(
        title=_("Wer an %s weitergibt") % target.word,
        label=_("Bekommt von"),
        bodies=relay_ways.possible_sources(target, at=at),
        now=[str(pk) for pk in relay_ways.sources_of(target)],
        keep=relay_ways.receive,
        there=reverse("meetings:relay_ways"),
    )
    return _change(request, target, end)


def _change(request: PersonRequest, body: Body, end: _End) -> HttpResponse:
    form = WaysForm(
        request.POST or None, body=body, bodies=end.bodies, initial={"targets": end.now, "seen": ",".join(end.now)}
    )
    form.fields["targets"].label = end.label
    status = HTTPStatus.OK
    stored: list[str] = []
    if request.method == "POST" and form.is_valid():
        seen = [int(pk) for pk in form.cleaned_data["seen"].split(",") if pk.isdigit()]
        try:
            end.keep(body, form.chosen, seen=seen, by=request.user, at=clock.now())
        except relay_ways.WaysChanged as refused:
            form.add_error(None, str(refused))
            data = request.POST.copy()
            data["seen"] = ",".join(end.now)
            form.data = data
            stored, status = [one.name for one in end.bodies if str(one.pk) in end.now], HTTPStatus.CONFLICT
        else:
            messages.success(request, _("Gespeichert. Was schon unterwegs ist, bleibt unterwegs."))
            return redirect(end.there)
    context = {"source": body, "title": end.title, "form": form, "stored": stored}
    return render(request, "meetings/relay_ways_change.html", context, status=status)
