"""Requests as our views know them, and what every page's frame shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from buendnisse import clock, permissions
from buendnisse.models import Installation, Person
from buendnisse.models.prepared import PreparedRow

_LONGEST_NUMBER = 18  # digits; a database's numbers have at most 19


class PersonRequest(HttpRequest):
    """A request of somebody who signed in."""

    user: Person
    htmx: HtmxDetails


def number_in(data: Mapping[str, str], name: str) -> int | None:
    """A row's number from an address or a form; None for anything that can be none."""
    text = data.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def installation() -> Installation:
    """The operator's facts; an empty row where none was stored yet."""
    return _own_row().get(1) or Installation(pk=1)


@cache
def _own_row() -> PreparedRow[Installation]:
    return PreparedRow(Installation)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context for base.html: whose installation, the demo's date, what the menu offers. One query a page."""
    person = getattr(request, "user", None)
    return {
        "installation": installation(),
        "now": clock.now(),
        "today": clock.local_date(clock.now()),
        "is_fachstelle": person is not None and permissions.is_fachstelle(person),
        "is_reader": person is not None and permissions.is_reader(person),
        "is_admin": person is not None and permissions.is_admin(person),
    }
