"""The chair's release of an agenda: for the Fachstelle a page behind the board, for the chair a page behind a link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, sight_of
from buendnisse.views.gate import moderator
from buendnisse.views.links import by_link
from meetings.adapters import agenda_pdf, run_sheet
from meetings.domain import agenda_content, agenda_order
from meetings.domain import agenda_release as verbs
from meetings.domain.agenda_order import Agenda
from meetings.domain.agenda_release import ReleaseRefused
from meetings.domain.chair import chairs_of
from meetings.forms.agenda_release import CallForm, ChangeWishForm
from meetings.models import Meeting
from meetings.views.minutes import as_pdf


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, slug: str) -> HttpResponse:
    """How the agenda stands with the chair, and every step of it as a button."""
    meeting, at = _own(slug), clock.now()
    standing = verbs.standing_of(meeting)
    chair = standing.chairs[0].full_name if standing.chairs else ""
    form = CallForm(request.POST if request.POST.get("do") == "call" else None, at=at, chair=chair)
    if request.method == "POST":
        done = _step(request, meeting, form)
        if done is not None:
            return done
    context = {
        "meeting": meeting,
        "standing": standing,
        "agenda": agenda_order.numbered(meeting, reader=request.user, at=at),
        "form": form,
    }
    return render(request, "meetings/agenda_release.html", context)


def _step(request: PersonRequest, meeting: Meeting, form: CallForm) -> HttpResponse | None:
    """Do what the button says; None where the form must be shown again."""
    said: dict[str, Any] = {"by": request.user, "at": clock.now()}
    match request.POST.get("do", ""):
        case "ask":
            words = _("Der Vorsitz bekommt in einer Minute einen Link. Bis dahin können Sie es zurücknehmen.")
            return _do(request, meeting, lambda: verbs.ask(meeting, **said), words)
        case "take_back":
            words = _("Zurückgenommen. Eine Mail, die noch wartet, geht nicht mehr.")
            return _do(request, meeting, lambda: verbs.take_request_back(meeting, **said), words)
        case "undo":
            words = _("Die Freigabe ist zurückgenommen.")
            return _do(request, meeting, lambda: verbs.take_release_back(meeting, **said), words)
        case "call" if form.is_valid():
            name, moment = form.cleaned_data["name"], form.said_at
            try:
                verbs.note_call(meeting, name=name, said_at=moment, **said)
            except ReleaseRefused as refused:
                form.add_error(None, str(refused))
                return None
            messages.success(request, _("Die Freigabe am Telefon ist festgehalten."))
            return redirect("meetings:agenda_release_page", meeting.slug)
    return None


def _do(request: PersonRequest, meeting: Meeting, verb: Callable[[], None], said: str) -> HttpResponse:
    try:
        verb()
    except ReleaseRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("meetings:agenda_release_page", meeting.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.AGENDA_RELEASE)
def by_chair(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The chair looks at the agenda as it would go out, then releases it or asks for a change."""
    meeting, at = _linked(link), clock.now()
    form = ChangeWishForm(request.POST if "aendern" in request.POST else None)
    refusal = ""
    if request.method == "POST":
        try:
            if "freigeben" in request.POST:
                verbs.release(meeting, by=link.person, seen=request.POST.get("seen", ""), at=at)
            elif "zuruecknehmen" in request.POST:
                verbs.take_release_back(meeting, by=link.person, at=at, via=Via.LINK)
            elif form.is_valid():
                verbs.give_back(meeting, remark=form.cleaned_data["remark"], by=link.person, at=at)
        except ReleaseRefused as refused:
            refusal = str(refused)
        if not refusal and not form.errors:
            return redirect("meetings:agenda_release", token=links.token(link))
    standing = verbs.standing_of(meeting)
    context = {
        "link": link,
        "token": links.token(link),
        "meeting": meeting,
        "standing": standing,
        "is_asked": standing.state == "asked" and link.person in standing.chairs,
        **_seen(meeting, link),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "meetings/agenda_release_link.html", context)


@require_safe
@by_link(LinkPurpose.AGENDA_RELEASE)
def chairs_sheet(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The Ablaufzettel, for whoever leads the meeting."""
    meeting, at = _linked(link), clock.now()
    return as_pdf(run_sheet.pdf(meeting, reader=link.person, at=at), run_sheet.file_name(meeting))


@require_safe
@by_link(LinkPurpose.AGENDA_RELEASE)
def chairs_pdf(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The agenda as it would go out."""
    meeting, at = _linked(link), clock.now()
    return as_pdf(agenda_pdf.agenda_pdf(meeting, reader=link.person, at=at), agenda_pdf.file_name(meeting))


@moderator
@require_safe
def sheet(request: PersonRequest, slug: str) -> HttpResponse:
    """The Ablaufzettel, for the Fachstelle."""
    meeting = _own(slug)
    return as_pdf(run_sheet.pdf(meeting, reader=request.user, at=clock.now()), run_sheet.file_name(meeting))


def _seen(meeting: Meeting, link: AccessLink) -> dict[str, Any]:
    """What the chair looks at: the agenda, what comes back, what is confidential, and the print of all of it."""
    at = clock.now()
    sight = sight_of(link.person, at=at)
    content = agenda_content.content(meeting)
    agenda: Agenda = agenda_order.numbered(meeting, reader=sight, at=at)
    prefetch_related_objects([entry.item for entry in agenda.entries], "continued_from__meeting")
    return {
        "agenda": agenda,
        "returning": [entry for entry in agenda.entries if entry.item.continued_from_id],
        "hidden": agenda_content.hidden(content, sight),
        "seen": agenda_content.fingerprint(content),
    }


def _own(slug: str) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("alliance", "venue", "chair__organisation"), slug=slug)


def _linked(link: AccessLink) -> Meeting:
    """The meeting of the link, for whoever leads it; a chair who left sees nothing any more."""
    rows = Meeting.objects.select_related("alliance", "venue", "chair__organisation")
    meeting = get_object_or_404(rows.exclude(state="planned"), pk=link.subject_id)
    if link.person not in chairs_of(meeting):
        raise Http404
    return meeting
