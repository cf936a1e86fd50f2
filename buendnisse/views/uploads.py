"""What is far too large is refused by what its sender says of its size, before anything of it is read or kept."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from buendnisse.domain.paper_files import LARGEST

#: A form with a file, and all that is typed beside it.
LARGEST_REQUEST = 2 * LARGEST


def refuse_too_large(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware. A file that is only somewhat too large is refused by its form, with what was typed beside it."""

    def inner(request: HttpRequest) -> HttpResponseBase:
        if _size(request) <= LARGEST_REQUEST:
            return get_response(request)
        context = {"limit": LARGEST // (1024 * 1024)}
        return render(request, "413.html", context, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    return inner


def _size(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0
