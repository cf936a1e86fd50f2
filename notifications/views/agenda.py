"""The page before an agenda leaves: to whom, how it looks, one button."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import agenda_release, agenda_sending
from meetings.models import Meeting
from notifications import adapters
from notifications.domain import agenda_check
from notifications.forms.agenda import SendForm
from notifications.views import framed

_LONGEST = 1500  # of an introduction, as in the form


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def send(request: PersonRequest, slug: str) -> HttpResponse:
    """Looks first; the POST sends, and a minute is left to hold it back."""
    meeting = _meeting(request, slug)
    at = clock.now()
    standing = agenda_release.standing_of(meeting)
    wanted = {"is_short": agenda_sending.is_short(meeting, at=at), "needs_release": standing.is_needed}
    form = SendForm(request.POST or None, **wanted)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        return _send(request, meeting, form)
    shown = SendForm(**wanted, initial=request.POST.dict()) if "preview" in request.POST else form
    words = request.POST.get("introduction", "")[:_LONGEST]
    found = agenda_check.check(meeting, by=request.user, at=at, introduction=words)
    context = {"meeting": meeting, "check": found, "mail": found.mail, "standing": standing, "form": shown, **wanted}
    return render(request, "notifications/agenda_send.html", context | {"introduction_quoted": quote(words)})


@xframe_options_sameorigin
@moderator
def preview(request: PersonRequest, slug: str) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    words = request.GET.get("einleitung", "")[:_LONGEST]
    found = agenda_check.check(_meeting(request, slug), by=request.user, at=clock.now(), introduction=words)
    return framed.answer(found.mail.html if found.mail else "", may_leave=False)


def _send(request: PersonRequest, meeting: Meeting, form: SendForm) -> HttpResponse:
    try:
        agenda_sending.send_agenda(meeting, **form.cleaned_data, by=request.user, at=clock.now())
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
