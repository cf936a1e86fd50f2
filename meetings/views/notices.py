"""Short notices: what waits, what is out, and a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import notices
from meetings.domain.moves import MoveRefused
from meetings.enums import NoticeState
from meetings.forms.notices import NoticeForm
from meetings.models import Notice


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def board(request: PersonRequest) -> HttpResponse:
    """The list, and a form for a notice of the Fachstelle's own, which is released at once."""
    at, form = clock.now(), NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = notices.submit(**form.cleaned_data, by=request.user, at=at, via=Via.WEB)
            if made.state == NoticeState.PROPOSED:  # a second tap finds it released
                notices.release(made, by=request.user, at=at)
            messages.success(request, _("Die Kurzmeldung steht im nächsten Wochenbrief."))
            return redirect("meetings:notices")
        except notices.NoticeRefused as refused:
            form.add_error(None, str(refused))
    day = clock.local_date(at)
    context = {"form": form, "waiting": notices.waiting(), "current": notices.current(day=day)}
    return render(request, "meetings/notices.html", context)


@moderator
@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Release, or do not publish: `was` says which."""
    notice = get_object_or_404(Notice, pk=pk)
    verb = notices.release if request.POST.get("was") == "freigeben" else notices.decline
    try:
        verb(notice, by=request.user, at=clock.now())
    except (notices.NoticeRefused, MoveRefused) as refused:
        messages.error(request, str(refused))
    return redirect("meetings:notices")
