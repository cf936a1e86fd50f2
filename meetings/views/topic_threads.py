"""Fields of action: one page each, through all bodies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from buendnisse import clock, permissions
from buendnisse.domain import contact_list
from buendnisse.http import PersonRequest
from buendnisse.models import Sight, Topic, sight_of
from buendnisse.views.gate import only
from meetings.domain import search, topic_thread
from meetings.enums import SearchKind
from meetings.forms.topic_threads import ThreadForm
from meetings.views.tabs import tabs

_A_PAGE = 20
_MANY: dict[str, Any] = {
    "": _("Alles"),
    SearchKind.TOPIC: _("Auf Tagesordnungen"),
    SearchKind.DECISION: _("Beschlüsse"),
    SearchKind.RELAY: _("Weiterleitungen"),
    SearchKind.PAPER: _("Unterlagen"),
}
_readers = only(permissions.is_signed_in)


@_readers
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """All fields, and what is open in each."""
    at = clock.now()
    lines = topic_thread.lines(_sight(request, at), at=at)
    return render(request, "meetings/topic_threads.html", {"lines": lines})


@_readers
@require_safe
def thread(request: PersonRequest, slug: str) -> HttpResponse:
    """One field: whom to ask, who works in it, and everything that happened, the latest first."""
    at = clock.now()
    sight = _sight(request, at)
    topic = get_object_or_404(Topic.objects.select_related("merged_into"), slug=slug)
    if topic.merged_into is not None:
        return redirect("meetings:topic_thread", topic.merged_into.slug)
    form = ThreadForm(request.GET)
    found = topic_thread.thread(topic, sight, kind=form.kind, body=form.body, at=at)
    page = Paginator(found.ids, _A_PAGE).get_page(request.GET.get("seite"))
    context = {
        "topic": topic,
        "form": form,
        "kind": form.kind,
        "tabs": tabs(found, topic_thread.KINDS, _MANY, kind=form.kind, reader=request.user),
        "found": found,
        "page": page,
        "chapters": topic_thread.chapters(search.shown(list(page.object_list)), at=at),
        "contacts": contact_list.answering_for(topic, reader=sight, at=at),
        "units": topic_thread.units(topic, at=at),
        "is_narrowed": bool(form.kind or form.body),
    }
    return render(request, "meetings/topic_thread.html", context)


def _sight(request: PersonRequest, at: dt.datetime) -> Sight:
    """What the reader sees, asked once for the gate and the rows."""
    sight = sight_of(request.user, at=at)
    if not sight.overview:
        raise PermissionDenied
    return sight
