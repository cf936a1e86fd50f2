"""A meeting's mails person by person, the invitation once more, and how it looks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.models import Attendance, Meeting
from notifications import adapters
from notifications.domain import demo_roles, invitation_look, mail_ahead, meeting_people, resending, valve
from notifications.views import framed


@moderator
@require_safe
def overview(request: PersonRequest, slug: str) -> HttpResponse:
    """Who was sent what, whether it arrived, and what they answered."""
    meeting = _meeting(request, slug)
    at = clock.now()
    rows, is_paused = meeting_people.of(meeting, at=at), valve.is_paused(meeting)
    coming = mail_ahead.of(meeting, at=at, is_paused=is_paused)
    context = {"meeting": meeting, "rows": rows, "is_paused": is_paused, "coming": coming}
    return render(request, "notifications/meeting_people.html", context)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """How the invitation looks to this person; the button sends it once more."""
    row, at = _row(request, slug, number), clock.now()
    if request.method == "POST":
        try:
            resending.resend(row, by=request.user, at=at)
        except resending.NotResent as refused:
            messages.error(request, str(refused))
        else:
            adapters.wake()
            said = _("Die Einladung an %s geht in 60 Sekunden noch einmal hinaus.") % row.person.full_name
            messages.success(request, said)
        return _at_row(row)
    context: dict[str, Any] = {
        "meeting": row.meeting,
        "row": row,
        "look": invitation_look.of(row, at=at, is_open=demo_roles.is_open()),
        "why_not": resending.why_not(row, at=at),
    }
    return render(request, "notifications/meeting_invitation.html", context)


@moderator
@require_safe
@xframe_options_sameorigin
def one_html(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    is_open = demo_roles.is_open()
    look = invitation_look.of(_row(request, slug, number), at=clock.now(), is_open=is_open)
    return framed.answer(look.mail.html, may_leave=is_open)


@require_POST
@moderator
def take_back(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """It does not leave after all."""
    row = _row(request, slug, number)
    try:
        resending.take_back(row, by=request.user, at=clock.now())
    except resending.NotResent as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Zurückgenommen. Die Einladung geht nicht noch einmal hinaus."))
    return _at_row(row)


def _at_row(row: Attendance) -> HttpResponse:
    """The list, where the button was pressed."""
    return redirect(f"{reverse('notifications:meeting_people', args=[row.meeting.slug])}#person-{row.pk}")


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(seen.select_related("alliance", "venue", "chair"), slug=slug)


def _row(request: HttpRequest, slug: str, number: int) -> Attendance:
    meeting = _meeting(request, slug)
    rows = Attendance.objects.select_related("person__organisation", "deputy__person", "stands_in_for__person")
    row = get_object_or_404(rows, meeting=meeting, pk=number)
    row.meeting = meeting
    return row
