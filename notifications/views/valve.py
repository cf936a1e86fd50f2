"""Verwaltung: holding all mail back, or one meeting's, and sending all of it to one address for a test."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.permissions import may_see_outbox
from buendnisse.views.gate import only
from meetings.models import Meeting
from notifications import adapters
from notifications.domain import valve
from notifications.forms.valve import TestForm


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_see_outbox)
def overview(request: PersonRequest) -> HttpResponse:
    """How mail leaves: to its readers, to one address, or not at all for now. A POST begins a test."""
    form = TestForm(request.POST or None, initial={"address": request.user.email})
    if request.method == "POST" and form.is_valid():
        try:
            valve.begin_test(address=form.cleaned_data["address"], by=request.user, at=clock.now())
        except valve.ValveRefused as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("Der Testbetrieb läuft. Alle E-Mails gehen nur noch an die Testadresse."))
            return redirect("notifications:valve")
    context = {"form": form, "pauses": valve.pauses(), "waiting": valve.waiting()}
    return render(request, "notifications/valve.html", context)


@require_POST
@only(may_see_outbox)
def end_test(request: PersonRequest) -> HttpResponse:
    """Mail goes to its readers again."""
    return _switch(request, lambda: valve.end_test(by=request.user, at=clock.now()), _("Der Testbetrieb ist beendet."))


@require_POST
@only(may_see_outbox)
def pause(request: PersonRequest) -> HttpResponse:
    """Nothing leaves but sign-in codes."""
    said = _("Der Versand ist angehalten. Neue Mails werden geschrieben und warten.")
    return _switch(request, lambda: valve.pause(by=request.user, at=clock.now()), said)


@require_POST
@only(may_see_outbox)
def resume(request: PersonRequest) -> HttpResponse:
    said = _("Der Versand läuft wieder. Was fällig ist, geht jetzt hinaus.")
    return _switch(request, lambda: valve.resume(by=request.user, at=clock.now()), said)


@require_POST
@only(may_see_outbox)
def pause_meeting(request: PersonRequest, slug: str) -> HttpResponse:
    """The same for one meeting."""
    meeting, said = _meeting(request, slug), _("Alle Mails zu dieser Sitzung sind angehalten.")
    return _switch(request, lambda: valve.pause_meeting(meeting, by=request.user, at=clock.now()), said, slug)


@require_POST
@only(may_see_outbox)
def resume_meeting(request: PersonRequest, slug: str) -> HttpResponse:
    meeting, said = _meeting(request, slug), _("Die Mails zu dieser Sitzung gehen wieder hinaus.")
    return _switch(request, lambda: valve.resume_meeting(meeting, by=request.user, at=clock.now()), said, slug)


def _switch(request: PersonRequest, act: Callable[[], None], said: str, slug: str = "") -> HttpResponse:
    try:
        act()
    except valve.ValveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        adapters.wake()
        messages.success(request, said)
    return redirect("notifications:meeting_people", slug) if slug else redirect("notifications:valve")


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(seen.select_related("alliance"), slug=slug)
