"""Was habe ich verpasst? Signed in, and behind the link of the letter with the minutes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Alliance
from buendnisse.permissions import may_read
from buendnisse.views.gate import only
from buendnisse.views.links import by_link
from meetings.domain import missed
from meetings.models import ActionItem, Minutes


@only(may_read)
@require_safe
def signed_in(request: PersonRequest, slug: str) -> HttpResponse:
    """For who is signed in: members since they were last there, everybody else the last year."""
    alliance = get_object_or_404(Alliance, slug=slug)
    page = missed.of(alliance, request.user, at=clock.now())
    return render(request, "meetings/missed.html", {"page": page})


@require_safe
@by_link(LinkPurpose.MISSED)
def by_letter(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """For members without an account. Who has left the alliance is told so."""
    page = missed.of(get_object_or_404(Alliance, pk=link.subject_id), link.person, at=clock.now())
    context = {"page": page, "link": link, "token": links.token(link)}
    return render(request, "meetings/missed_link.html", context, status=200 if page.is_member else 410)


@require_POST
@by_link(LinkPurpose.MISSED)
def minutes(request: HttpRequest, link: AccessLink, pk: int) -> HttpResponse:
    """On to the minutes of a meeting of this alliance, by the reader's own link to them, which is made with the tap."""
    seen = Minutes.objects.visible_to(link.person, at=clock.now()).filter(meeting__alliance=link.subject_id)
    own = _own(link, LinkPurpose.MINUTES, get_object_or_404(seen, pk=pk))
    return redirect("meetings:minutes_link", links.token(own))


@require_POST
@by_link(LinkPurpose.MISSED)
def task(request: HttpRequest, link: AccessLink, pk: int) -> HttpResponse:
    """On to a task of one's own in this alliance."""
    mine = ActionItem.objects.filter(owner=link.person_id, alliance=link.subject_id)
    own = _own(link, LinkPurpose.TASK, get_object_or_404(mine, pk=pk))
    return redirect("meetings:task_link", links.token(own))


def _own(link: AccessLink, purpose: LinkPurpose, subject: Minutes | ActionItem) -> AccessLink:
    return links.grant(link.person, purpose=purpose, subject=subject, until=link.expires_at, at=clock.now())
