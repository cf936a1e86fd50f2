"""The page before an agenda leaves: to whom, how it looks, one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import agenda_sending
from meetings.models import Meeting
from notifications import adapters
from notifications.domain import agenda_check
from notifications.views import framed


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def send(request: PersonRequest, slug: str) -> HttpResponse:
    """Looks first; the POST sends, and a minute is left to hold it back."""
    meeting = _meeting(request, slug)
    if request.method == "POST":
        return _send(request, meeting)
    found = agenda_check.check(meeting, by=request.user, at=clock.now())
    return render(request, "notifications/agenda_send.html", {"meeting": meeting, "check": found, "mail": found.mail})


@xframe_options_sameorigin
@moderator
def preview(request: PersonRequest, slug: str) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    found = agenda_check.check(_meeting(request, slug), by=request.user, at=clock.now())
    return framed.answer(found.mail.html if found.mail else "", may_leave=False)


def _send(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    try:
        agenda_sending.send_agenda(meeting, by=request.user, at=clock.now())
    except agenda_sending.SendingRefused as refused:
        messages.error(request, str(refused))
        return redirect("notifications:send_agenda", meeting.slug)
    adapters.wake()
    messages.success(
        request, _("Die Einladung geht in einer Minute. Bis dahin können Sie sie im Postausgang anhalten.")
    )
    return redirect("meetings:agenda", meeting.slug)


def _meeting(request: PersonRequest, slug: str) -> Meeting:
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(seen.select_related("alliance", "venue"), slug=slug)
