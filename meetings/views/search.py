"""One field for everything: decisions, relays, minutes, topics, papers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from buendnisse import clock, permissions
from buendnisse.http import PersonRequest
from buendnisse.views.gate import only
from meetings.domain import search, search_words
from meetings.enums import SearchKind
from meetings.forms.search import FindFilters
from meetings.views.tabs import tabs

_A_PAGE = 15
_MANY: dict[str, Any] = {
    "": _("Alles"),
    SearchKind.DECISION: _("Beschlüsse"),
    SearchKind.RELAY: _("Weiterleitungen"),
    SearchKind.MINUTES: _("Protokolle"),
    SearchKind.TOPIC: _("Themen"),
    SearchKind.PAPER: _("Unterlagen"),
}


@only(permissions.may_read)
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """What fits, the best first; each kind can be looked at by itself."""
    at = clock.now()
    form = FindFilters(request.GET)
    said = form.wanted
    wanted, kind = search_words.query(said["q"]), said["art"] or ""
    found = search.find(wanted, reader=request.user, kind=kind, body=said["buendnis"], at=at)
    page = Paginator(found.ids, _A_PAGE).get_page(request.GET.get("seite"))
    is_plain = not permissions.is_fachstelle(request.user)
    context = {
        "form": form,
        "kind": kind,
        "wanted": wanted,
        "found": found,
        "tabs": tabs(found, search.GROUPS, _MANY, kind=kind, reader=request.user),
        "page": page,
        "hits": search.hits(list(page.object_list), wanted, is_plain=is_plain),
        "is_searching": True,
    }
    return render(request, "meetings/search.html", context)
