"""`/`: the Schreibtisch, Meine Seite, or the way in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from buendnisse.domain import admission
from notifications.domain import demo_roles


def home(request: HttpRequest) -> HttpResponse:
    """What waits for whoever is signed in."""
    if not request.user.is_authenticated:
        return _way_in(request)
    return render(request, "notifications/welcome.html")


def _way_in(request: HttpRequest) -> HttpResponse:
    """The demo's roles, the sign-in page, or what to do in a fresh installation."""
    if demo_roles.is_open():
        return redirect("notifications:demo_roles")
    if not admission.has_somebody():
        return render(request, "notifications/first_start.html")
    return redirect("account_login")
