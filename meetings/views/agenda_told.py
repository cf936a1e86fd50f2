"""What the standing items of one agenda tell today: signed in, and behind the link of a meeting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Sight, sight_of
from buendnisse.permissions import may_moderate, may_read
from buendnisse.views.gate import only
from buendnisse.views.links import by_link
from meetings.domain import agenda_order, report_reading
from meetings.models import Meeting, Minutes


@only(may_read)
@require_safe
def page(request: PersonRequest, slug: str) -> HttpResponse:
    """For whoever may look at the meeting."""
    sight = sight_of(request.user, at=clock.now())
    context = _context(sight, slug=slug)
    if minutes := context["minutes"]:
        context["minutes_href"] = reverse("meetings:minutes", args=[minutes.meeting.slug])
    back = reverse("meetings:meeting", args=[slug])
    context |= {"base": "base.html", "back": back, "may_moderate": may_moderate(request.user)}
    context["may_read_paths"] = True
    return render(request, "meetings/agenda_told.html", context)


@require_safe
@by_link(LinkPurpose.MEETING)
def by_letter(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """The same for one member, without signing in; the minutes open by a link of their own."""
    at = clock.now()
    context = _context(sight_of(link.person, at=at), pk=link.subject_id)
    if minutes := context["minutes"]:
        read = links.known(link.person, purpose=LinkPurpose.MINUTES, subject=minutes, at=at)
        context["minutes_href"] = reverse("meetings:minutes_link", args=[links.token(read)]) if read else ""
    back = reverse("meetings:meeting_link", args=[links.token(link)])
    context |= {"base": "member.html", "link": link, "back": back}
    return render(request, "meetings/agenda_told.html", context)


def _context(sight: Sight, **which: Any) -> dict[str, Any]:
    at = clock.now()
    rows = Meeting.objects.visible_to(sight, at=at).select_related("alliance")
    meeting = get_object_or_404(rows, **which)
    agenda = agenda_order.numbered(meeting, reader=sight, at=at)
    entries = [entry for entry in agenda.entries if entry.fills_itself]
    minutes: Minutes | None = next((entry.tells.minutes for entry in entries if entry.tells.minutes), None)
    readings = [one for entry in entries for one in report_reading.of(entry.item, sight=sight, at=at)]
    return {"meeting": meeting, "entries": entries, "readings": readings, "minutes": minutes, "at": at}
