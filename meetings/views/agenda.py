"""The board on which the Fachstelle builds an agenda, and the forms for one of its items."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, permissions
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.adapters import agenda_pdf
from meetings.domain import agenda, agenda_sending
from meetings.forms.topics import ItemForm, topic_of
from meetings.views import at_board, items


@moderator
@require_http_methods(["GET", "HEAD"])
def board(request: PersonRequest, slug: str) -> HttpResponse:
    """Proposals, relays and the Themenspeicher beside the agenda."""
    return at_board.page(request, items.meeting_of(request, slug))


@moderator
@require_POST
def accept(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Onto the agenda, with the button that takes it back in the answer."""
    meeting, item = items.of_alliance(request, slug, pk)
    try:
        agenda.accept(item, meeting=meeting, by=request.user, at=clock.now())
    except at_board.REFUSED as refused:
        at_board.refuse(request, item, refused)
    else:
        at_board.say(request, meeting, item, _("„%s“ steht auf der Tagesordnung.") % item.title)
    return at_board.back(meeting)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """The item's words, minutes and presenter; a stale write shows both texts."""
    meeting, item = items.of_alliance(request, slug, pk)
    people = agenda_sending.readers(meeting, at=clock.now())
    form = ItemForm(request.POST or None, initial=topic_of(item), presenters=[*people, *filter(None, [item.presenter])])
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or item.version
            agenda.edit(item, version=version, by=request.user, at=clock.now(), **form.edited)
            return at_board.back(meeting, item)
        except agenda.Stale as stale:
            stored = stale.current
        except at_board.REFUSED as refused:
            form.add_error(None, str(refused))
    context = {"meeting": meeting, "item": item, "form": form, "stored": stored}
    return render(request, "meetings/agenda_item_edit.html", context, status=409 if stored else 200)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest, slug: str) -> HttpResponse:
    """A topic of the Fachstelle's own, from nothing or from a mail that asks for it, whose words no address may carry."""
    meeting = items.meeting_of(request, slug)
    is_from_mail = "aus_mail" in request.POST
    given = {"title": request.POST.get("betreff", ""), "description": request.POST.get("text", "")}
    form = ItemForm(
        None if is_from_mail else request.POST or None,
        initial=given if is_from_mail else None,
        presenters=agenda_sending.readers(meeting, at=clock.now()),
    )
    if not is_from_mail and request.method == "POST" and form.is_valid():
        words = form.edited | {"minutes": form.edited["duration_minutes"]}
        del words["duration_minutes"]
        try:
            item = agenda.add(meeting, **words, by=request.user, form_key=form.cleaned_data["form_key"], at=clock.now())
            return at_board.back(meeting, item)
        except at_board.REFUSED as refused:
            form.add_error(None, str(refused))
    return render(request, "meetings/agenda_item_add.html", {"meeting": meeting, "form": form})


@login_required
@require_http_methods(["GET", "HEAD"])
def pdf(request: PersonRequest, slug: str) -> HttpResponse:
    """The agenda as whoever is signed in may see it. A draft is for the Fachstelle."""
    meeting = items.meeting_of(request, slug)
    if meeting.agenda_sent_at is None and not permissions.may_moderate(request.user):
        raise Http404
    content = agenda_pdf.agenda_pdf(meeting, reader=request.user, at=clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{agenda_pdf.file_name(meeting)}"'
    return response
