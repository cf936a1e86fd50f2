"""`/`: the Schreibtisch, Meine Seite, the machine room, or the way in."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from buendnisse import clock
from buendnisse.domain import admission
from buendnisse.http import PersonRequest
from buendnisse.models import Person
from buendnisse.permissions import is_admin, is_fachstelle, is_signed_in
from buendnisse.views.gate import only
from notifications import adapters
from notifications.domain import demo_roles, desk, machine_room, my_page
from notifications.forms.my_page import OpenForm


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What waits for whoever is signed in."""
    person, at = request.user, clock.now()
    if not isinstance(person, Person):
        return _way_in(request)
    if is_fachstelle(person):
        context = {"desk": desk.desk(at=at), "next_year": clock.local_date(at).year + 1}
        return render(request, "notifications/desk.html", context)
    if is_admin(person):
        return render(request, "notifications/machine_room.html", {"room": machine_room.machine_room(at=at)})
    page = my_page.my_page(person, since=_since(request), at=at)
    return render(request, "notifications/my_page.html", {"page": page})


@require_POST
@only(is_signed_in)
def open_mine(request: PersonRequest) -> HttpResponse:
    """From a button on Meine Seite to the personal page that mails lead to as well."""
    form = OpenForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        return redirect(my_page.open_mine(request.user, at=clock.now(), **form.cleaned_data))
    except my_page.NotMine as error:
        raise Http404 from error


def _since(request: HttpRequest) -> dt.datetime | None:
    text = request.session.get(adapters.LAST_HERE)
    return dt.datetime.fromisoformat(text) if text else None


def _way_in(request: HttpRequest) -> HttpResponse:
    """The demo's roles, the sign-in page, or what to do in a fresh installation."""
    if demo_roles.is_open():
        return redirect("notifications:demo_roles")
    if not admission.has_somebody():
        return render(request, "notifications/first_start.html")
    return redirect("account_login")
