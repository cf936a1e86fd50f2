"""The page before an agenda leaves: to whom, how it looks, one button."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
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
    refusal = ""
    if request.method == "POST" and "preview" not in request.POST:
        form = SendForm(request.POST, **_wanted(meeting, at))
        refusal = _send(request, meeting, form) if form.is_valid() else ""
        if form.is_valid() and not refusal:
            return redirect("meetings:agenda", meeting.slug)
        meeting.refresh_from_db()
    standing = agenda_release.standing_of(meeting)
    wanted = _wanted(meeting, at)
    form = SendForm(request.POST or None, **wanted)
    if refusal:
        form.add_error(None, refusal)
    shown = SendForm(**wanted, initial=request.POST.dict()) if "preview" in request.POST else form
    words = request.POST.get("introduction", "")[:_LONGEST]
    found = agenda_check.check(meeting, by=request.user, at=at, introduction=words)
    context: dict[str, Any] = {
        "meeting": meeting,
        "check": found,
        "mail": found.mail,
        "standing": standing,
        "form": shown,
        **wanted,
    }
    context["introduction_quoted"] = quote(words)
    return render(request, "notifications/agenda_send.html", context, status=409 if refusal else 200)


@xframe_options_sameorigin
@moderator
def preview(request: PersonRequest, slug: str) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    words = request.GET.get("einleitung", "")[:_LONGEST]
    found = agenda_check.check(_meeting(request, slug), by=request.user, at=clock.now(), introduction=words)
    return framed.answer(found.mail.html if found.mail else "", may_leave=False)


def _wanted(meeting: Meeting, at: dt.datetime) -> dict[str, bool]:
    """Which reasons the form asks for."""
    needs_release = agenda_release.standing_of(meeting).is_needed
    return {"is_short": agenda_sending.is_short(meeting, at=at), "needs_release": needs_release}


def _send(request: PersonRequest, meeting: Meeting, form: SendForm) -> str:
    """Why it did not leave; empty where it did."""
    said = {**form.cleaned_data, "seen": request.POST.get("seen", "")}
    try:
        agenda_sending.send_agenda(meeting, **said, by=request.user, at=clock.now())
    except agenda_sending.SendingRefused as refused:
        return str(refused)
    adapters.wake()
    told = _("Die Einladung geht in einer Minute. Bis dahin können Sie sie im Postausgang anhalten.")
    url = reverse("notifications:outbox")
    messages.success(request, format_html('{} <a href="{}">{}</a>', told, url, _("Zum Postausgang")))
    return ""


def _meeting(request: PersonRequest, slug: str) -> Meeting:
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(seen.select_related("alliance", "venue"), slug=slug)
