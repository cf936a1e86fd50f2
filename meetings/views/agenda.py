"""The board on which the Fachstelle builds an agenda. Each button is one verb; each step can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, permissions
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.adapters import agenda_pdf
from meetings.domain import agenda, agenda_board, agenda_order, agenda_sending
from meetings.domain.moves import MoveRefused
from meetings.forms.topics import ItemForm, PositionForm, PutOffForm, topic_of
from meetings.models import AgendaItem, Meeting
from meetings.views.items import meeting_and_item, meeting_of

Refused = (agenda.AgendaRefused, agenda_order.CannotMove, MoveRefused)


@moderator
@require_http_methods(["GET", "HEAD"])
def board(request: PersonRequest, slug: str) -> HttpResponse:
    """Proposals, relays and the Themenspeicher beside the agenda."""
    meeting = meeting_of(request, slug)
    context = {
        "meeting": meeting,
        "board": agenda_board.board(meeting, reader=request.user, at=clock.now()),
        "window": agenda.window(meeting, at=clock.now()),
    }
    return render(request, "meetings/agenda_board.html", context)


@moderator
@require_POST
def accept(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    meeting, item = meeting_and_item(request, slug, pk)
    return _do(
        request,
        item,
        lambda: agenda.accept(item, meeting=meeting, by=request.user, at=clock.now()),
        _("„%s“ steht auf der Tagesordnung."),
        meeting=meeting,
    )


@moderator
@require_POST
def restore(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    meeting, item = meeting_and_item(request, slug, pk)
    return _do(
        request,
        item,
        lambda: agenda.restore(item, by=request.user, at=clock.now()),
        _("„%s“ ist wieder ein Vorschlag. Eine Mail, die noch wartet, geht nicht mehr."),
        meeting=meeting,
    )


@moderator
@require_POST
def move_up(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    meeting, item = meeting_and_item(request, slug, pk)
    return _do(request, item, lambda: agenda_order.move_up(item, by=request.user, at=clock.now()), meeting=meeting)


@moderator
@require_POST
def move_down(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    meeting, item = meeting_and_item(request, slug, pk)
    return _do(request, item, lambda: agenda_order.move_down(item, by=request.user, at=clock.now()), meeting=meeting)


@moderator
@require_POST
def move_to(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    meeting, item = meeting_and_item(request, slug, pk)
    form = PositionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Bitte geben Sie die Nummer an, die der Punkt bekommen soll."))
        return _back(meeting, item)
    wanted = form.cleaned_data["position"]
    return _do(
        request, item, lambda: agenda_order.move_to(item, wanted, by=request.user, at=clock.now()), meeting=meeting
    )


@moderator
@require_POST
def minutes(request: PersonRequest, slug: str) -> HttpResponse:
    """The minutes of all items at once."""
    meeting = meeting_of(request, slug)
    wanted = _wanted_minutes(request)
    if wanted is None:
        messages.error(request, _("Bitte geben Sie ganze Minuten von 1 bis 240 an."))
        return _back(meeting)
    try:
        agenda.set_minutes(wanted, meeting, by=request.user, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('meetings:agenda', args=[meeting.slug])}#summe")


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """The item's words, minutes and presenter; a stale write shows both texts."""
    meeting, item = meeting_and_item(request, slug, pk)
    people = agenda_sending.readers(meeting, at=clock.now())
    form = ItemForm(request.POST or None, initial=topic_of(item), presenters=[*people, *filter(None, [item.presenter])])
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or item.version
            agenda.edit(item, version=version, by=request.user, at=clock.now(), **form.edited)
            return _back(meeting, item)
        except agenda.Stale as stale:
            stored = stale.current
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"meeting": meeting, "item": item, "form": form, "stored": stored}
    return render(request, "meetings/agenda_item_edit.html", context, status=409 if stored else 200)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest, slug: str) -> HttpResponse:
    """A topic of the Fachstelle's own."""
    meeting = meeting_of(request, slug)
    form = ItemForm(request.POST or None, presenters=agenda_sending.readers(meeting, at=clock.now()))
    if request.method == "POST" and form.is_valid():
        words = form.edited | {"minutes": form.edited["duration_minutes"]}
        del words["duration_minutes"]
        try:
            item = agenda.add(meeting, **words, by=request.user, form_key=form.cleaned_data["form_key"], at=clock.now())
            return _back(meeting, item)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "meetings/agenda_item_add.html", {"meeting": meeting, "form": form})


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def put_off(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Later, to a Stelle, or not at all: one page, one reason, which the proposer reads."""
    meeting, item = meeting_and_item(request, slug, pk)
    found = agenda_board.ways(item)
    wished = request.GET.get("weg", "")
    initial = {"what": next((code for code, _label in found if code.split(":")[0] == wished), None)}
    form = PutOffForm(request.POST or None, ways=found, proposer=item.proposer, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _put_off(request, item, form)
            return _back(meeting)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "meetings/agenda_put_off.html", {"meeting": meeting, "item": item, "form": form})


def _put_off(request: PersonRequest, item: AgendaItem, form: PutOffForm) -> None:
    at, data = clock.now(), form.cleaned_data
    what, _colon, number = data["what"].partition(":")
    said: dict[str, Any] = {"reason": data["reason"], "by": request.user, "at": at}
    match what:
        case "later":
            agenda.defer(item, to=get_object_or_404(Meeting, pk=int(number)), **said)
        case "backlog":
            agenda.defer(item, to=None, **said)
        case "delegate":
            agenda.delegate(item, to=data["organisation"], **said)
        case _:
            agenda.decline(item, **said)
    told = item.proposer is not None and item.proposer != request.user
    text = _("%s bekommt in einer Minute Ihren Satz. Bis dahin können Sie den Schritt zurücknehmen.")
    messages.success(request, text % item.proposer.formal_name if told and item.proposer else _("Gespeichert."))


def _do(
    request: PersonRequest, item: AgendaItem, verb: Callable[[], None], said: str = "", *, meeting: Meeting
) -> HttpResponse:
    try:
        verb()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if said:
            messages.success(request, said % item.title)
    return _back(meeting, item)


def _back(meeting: Meeting, item: AgendaItem | None = None) -> HttpResponse:
    anchor = f"#punkt-{item.pk}" if item is not None and item.position else ""
    return redirect(f"{reverse('meetings:agenda', args=[meeting.slug])}{anchor}")


def _wanted_minutes(request: HttpRequest) -> dict[int, tuple[int, int]] | None:
    wanted: dict[int, tuple[int, int]] = {}
    longest = 240
    for name, text in request.POST.items():
        kind, _dash, number = name.partition("-")
        version = request.POST.get(f"v-{number}", "")
        if kind != "m" or not number.isdecimal():
            continue
        if not (str(text).isdecimal() and version.isdecimal() and 0 < int(str(text)) <= longest):
            return None
        wanted[int(number)] = (int(version), int(str(text)))
    return wanted


@login_required
@require_http_methods(["GET", "HEAD"])
def pdf(request: PersonRequest, slug: str) -> HttpResponse:
    """The agenda as whoever is signed in may see it. A draft is for the Fachstelle."""
    meeting = meeting_of(request, slug)
    if meeting.agenda_sent_at is None and not permissions.may_moderate(request.user):
        raise Http404
    content = agenda_pdf.agenda_pdf(meeting, reader=request.user, at=clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{agenda_pdf.file_name(meeting)}"'
    return response
