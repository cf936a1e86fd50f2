"""Alliances and their meetings, as far as the reader sees them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Alliance, sight_of
from buendnisse.permissions import is_member, may_moderate, may_read
from buendnisse.views.gate import only
from buendnisse.views.links import by_link
from meetings.domain import alliance_page, meeting_page
from meetings.models import Meeting

signed_in = only(may_read)


@signed_in
@require_safe
def alliances(request: PersonRequest) -> HttpResponse:
    """All alliances with their next meeting."""
    rows = alliance_page.overview(request.user, at=clock.now())
    return render(request, "meetings/alliances.html", {"rows": rows, "may_moderate": may_moderate(request.user)})


@signed_in
@require_safe
def alliance(request: PersonRequest, slug: str) -> HttpResponse:
    """One alliance: meetings, members, rules."""
    body = get_object_or_404(Alliance.objects.select_related("usual_venue"), slug=slug)
    page = alliance_page.of(body, request.user, at=clock.now())
    return render(request, "meetings/alliance.html", {"page": page, "alliance": body})


@signed_in
@require_safe
def meeting(request: PersonRequest, slug: str) -> HttpResponse:
    """The meeting with everything that belongs to it."""
    at = clock.now()
    sight = sight_of(request.user, at=at)
    found = get_object_or_404(meeting_page.shown(sight, at=at), slug=slug)
    page = meeting_page.of(found, request.user, at=at, sight=sight)
    return render(request, "meetings/meeting.html", {"page": page, "meeting": found})


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.MEETING)
def meeting_link(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Facts and agenda for one member, without signing in. The buttons go on to the member's own answer, or to a notice."""
    found = get_object_or_404(Meeting.objects.select_related("alliance", "venue", "chair"), pk=link.subject_id)
    at = clock.now()
    if request.POST.get("weiter") == "kurzmeldung" and is_member(link.person, at=at):
        own = links.grant(link.person, purpose=LinkPurpose.NOTICE, until=link.expires_at, at=at)
        return redirect("meetings:notice_link", links.token(own))
    if request.method == "POST":
        own = links.grant(link.person, purpose=LinkPurpose.ANSWER, subject=found, until=link.expires_at, at=at)
        return redirect("notifications:answer", links.token(own))
    page = meeting_page.of(found, link.person, at=at, is_link=True)
    context = {
        "link": link,
        "token": links.token(link),
        "page": page,
        "meeting": found,
        "may_notice": is_member(link.person, at=at),
    }
    return render(request, "meetings/meeting_link.html", context)


def _meeting(request: PersonRequest, slug: str) -> Meeting:
    return get_object_or_404(meeting_page.shown(request.user, at=clock.now()), slug=slug)
