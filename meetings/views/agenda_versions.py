"""The agenda in other forms: as a Word file, as PDF by link, and as it was sent earlier."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from buendnisse import clock, permissions
from buendnisse.enums import LinkPurpose
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, sight_of
from buendnisse.views.gate import moderator
from buendnisse.views.links import by_link
from meetings.adapters import agenda_pdf, agenda_word
from meetings.domain import agenda_changes, agenda_content
from meetings.enums import AgendaItemKind
from meetings.models import AgendaVersion, Meeting
from meetings.views.minutes import as_pdf, as_word


@login_required
@require_safe
def word(request: PersonRequest, slug: str) -> HttpResponse:
    """The agenda as whoever is signed in may see it. A draft is for the Fachstelle."""
    rows = Meeting.objects.visible_to(request.user, at=clock.now())
    meeting = get_object_or_404(rows.select_related("alliance", "venue", "chair__organisation"), slug=slug)
    if meeting.agenda_sent_at is None and not permissions.may_moderate(request.user):
        raise Http404
    content = agenda_word.agenda_word(meeting, reader=request.user, at=clock.now())
    return as_word(content, agenda_word.file_name(meeting))


@require_safe
@by_link(LinkPurpose.MEETING)
def pdf_by_letter(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The agenda behind the link of a meeting."""
    rows = Meeting.objects.visible_to(link.person, at=clock.now()).filter(agenda_sent_at__isnull=False)
    meeting = get_object_or_404(rows.select_related("alliance", "venue", "chair__organisation"), pk=link.subject_id)
    content = agenda_pdf.agenda_pdf(meeting, reader=link.person, at=clock.now())
    return as_pdf(content, agenda_pdf.file_name(meeting))


@moderator
@require_safe
def version(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """An agenda as it was sent, and what was new in it."""
    at = clock.now()
    rows = AgendaVersion.objects.visible_to(request.user, at=at).select_related("meeting__alliance")
    row = get_object_or_404(rows, meeting__slug=slug, number=number)
    items = agenda_content.as_content(row.content)["items"]
    context = {
        "meeting": row.meeting,
        "version": row,
        "items": [(item, AgendaItemKind(item["kind"]).label) for item in items],
        "edition": agenda_changes.edition(row.meeting, sight=sight_of(request.user, at=at), number=number),
        "numbers": list(rows.filter(meeting=row.meeting).order_by("number").values_list("number", flat=True)),
    }
    return render(request, "meetings/agenda_version.html", context)
