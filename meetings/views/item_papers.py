"""The papers of one item: versions, what can be laid there, taken off and put back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.models import Paper
from buendnisse.views.gate import moderator
from meetings.domain import item_papers, item_papers_page
from meetings.forms.item_papers import KnownPaperForm
from meetings.views.items import meeting_and_item


@moderator
@require_http_methods(["GET", "HEAD"])
def papers(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """What lies with the item, each with its versions, and what was taken off."""
    meeting, item = meeting_and_item(request, slug, pk)
    context = {
        "meeting": meeting,
        "item": item,
        "page": item_papers_page.of(item, at=clock.now()),
        "form": KnownPaperForm(item=item),
    }
    return render(request, "meetings/item_papers.html", context)


@moderator
@require_POST
def attach(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """A paper that is there already goes with the item, too."""
    _meeting, item = meeting_and_item(request, slug, pk)
    form = KnownPaperForm(request.POST, item=item)
    if not form.is_valid():
        messages.error(request, _("Bitte wählen Sie eine Unterlage aus."))
        return redirect("meetings:item_papers", slug, pk)
    paper = form.cleaned_data["paper"]
    said = _("„%s“ liegt jetzt bei diesem Punkt.")
    return _do(
        request, slug, pk, lambda: item_papers.attach_known(item, paper, by=request.user, at=clock.now()), said % paper
    )


@moderator
@require_POST
def take_off(request: PersonRequest, slug: str, pk: int, paper: str) -> HttpResponse:
    _meeting, item = meeting_and_item(request, slug, pk)
    found = get_object_or_404(Paper, slug=paper)
    said = _("„%s“ liegt nicht mehr bei diesem Punkt. Unten können Sie sie zurücklegen.")
    return _do(
        request, slug, pk, lambda: item_papers.take_off(item, found, by=request.user, at=clock.now()), said % found
    )


@moderator
@require_POST
def put_back(request: PersonRequest, slug: str, pk: int, paper: str) -> HttpResponse:
    _meeting, item = meeting_and_item(request, slug, pk)
    found = get_object_or_404(Paper, slug=paper)
    said = _("„%s“ liegt wieder bei diesem Punkt.")
    return _do(
        request, slug, pk, lambda: item_papers.put_back(item, found, by=request.user, at=clock.now()), said % found
    )


def _do(request: PersonRequest, slug: str, pk: int, verb: Callable[[], None], said: str) -> HttpResponse:
    try:
        verb()
    except item_papers.PaperRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("meetings:item_papers", slug, pk)
