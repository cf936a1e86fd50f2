"""The Sitzungsmappe, by permission and by link: ask for it, see how far it is, take it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock, permissions
from buendnisse.adapters import doorbell
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Person, sight_of
from buendnisse.views.links import by_link
from meetings.adapters import folder_manifest
from meetings.domain import meeting_folder
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting

_METHODS = ["GET", "HEAD", "POST"]
_SOON = 60  # seconds a ring is worth


@login_required
@never_cache
@require_http_methods(_METHODS)
def folder(request: PersonRequest, slug: str) -> HttpResponse:
    """Ask for the folder, and see how far it is."""
    meeting = _meeting(request.user, at=clock.now(), slug=slug)
    if request.method == "POST":
        return _ask(meeting, request.user, reverse("meetings:folder", args=[slug]))
    context: dict[str, Any] = {
        "base": "base.html",
        "back": reverse("meetings:meeting", args=[slug]),
        "file_url": reverse("meetings:folder_pdf", args=[slug]),
    }
    return _page(request, meeting, request.user, context)


@login_required
@never_cache
@require_safe
def download(request: PersonRequest, slug: str) -> HttpResponseBase:
    meeting = _meeting(request.user, at=clock.now(), slug=slug)
    return _file(meeting, request.user)


@require_http_methods(_METHODS)
@by_link(LinkPurpose.MEETING)
def by_letter(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The same behind the link of a meeting."""
    meeting = _meeting(link.person, at=clock.now(), pk=link.subject_id)
    token = links.token(link)
    if request.method == "POST":
        return _ask(meeting, link.person, reverse("meetings:folder_link", args=[token]))
    context = {
        "base": "member.html",
        "link": link,
        "token": token,
        "back": reverse("meetings:meeting_link", args=[token]),
        "file_url": reverse("meetings:folder_link_pdf", args=[token]),
    }
    return _page(request, meeting, link.person, context)


@require_safe
@by_link(LinkPurpose.MEETING)
def download_by_letter(request: HttpRequest, link: AccessLink) -> HttpResponseBase:
    return _file(_meeting(link.person, at=clock.now(), pk=link.subject_id), link.person)


def _page(request: HttpRequest, meeting: Meeting, reader: Person, context: dict[str, Any]) -> HttpResponse:
    found = folder_manifest.manifest(meeting, reader=reader, at=clock.now())
    row = meeting_folder.there(meeting, found)
    context |= {"meeting": meeting, "row": row, "papers": len(found["parts"])}
    is_poll = getattr(request, "htmx", False)
    return render(request, "meetings/parts/folder_state.html" if is_poll else "meetings/folder.html", context)


def _ask(meeting: Meeting, reader: Person, back: str) -> HttpResponse:
    at = clock.now()
    row = meeting_folder.ask(meeting, folder_manifest.manifest(meeting, reader=reader, at=at), at=at)
    doorbell.ring("meetings.tasks.make_folder", row.pk, expires=_SOON)
    return redirect(back)


def _file(meeting: Meeting, reader: Person) -> HttpResponseBase:
    """What this reader may have now; a folder of other content is not theirs."""
    row = meeting_folder.there(meeting, folder_manifest.manifest(meeting, reader=reader, at=clock.now()))
    if row is None or not row.stored_as:
        raise Http404
    try:
        file = folder_manifest.stored(row)
    except FileNotFoundError as missing:
        raise Http404 from missing
    name = folder_manifest.file_name(meeting)
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _meeting(reader: Person, *, at: dt.datetime, **which: Any) -> Meeting:
    """A meeting whose papers this reader may open, once its agenda has left; before that for the Fachstelle."""
    seen = Meeting.objects.visible_to(reader, at=at).exclude(state=MeetingState.PLANNED)
    meeting = get_object_or_404(seen.select_related("alliance", "venue", "chair__organisation"), **which)
    if meeting.agenda_sent_at is None and not permissions.may_moderate(reader):
        raise Http404
    is_inside = sight_of(reader, at=at).sees_inside(meeting.alliance_id)
    if not is_inside and not Attendance.objects.filter(meeting=meeting, person=reader.pk, is_asked=True).exists():
        raise Http404
    return meeting
