"""Pages for what went wrong. Each says what to do next."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from buendnisse.http import installation
from buendnisse.models import Installation


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that stood open too long, or came without its cookie."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: the database may be what failed. The telephone number is shown if it answers."""
    try:
        operator = installation()
    except DatabaseError:
        operator = Installation()
    return HttpResponse(render_to_string("500.html", {"installation": operator}), status=500)
