"""After a cancellation or a late move: who still has to be called, and the mail that is on its way."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.models import Meeting
from notifications import adapters
from notifications.domain import recall, telephone, telephone_list
from notifications.enums import CallOutcome
from notifications.forms.telephone import TAKE_BACK, MarkForm


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def calls(request: PersonRequest, slug: str) -> HttpResponse:
    """The list; a POST notes what came of one call."""
    meeting = _meeting(request, slug)
    if request.method == "POST":
        return _mark(request, meeting)
    at = clock.now()
    context = {"meeting": meeting, "calls": telephone_list.of(meeting, at=at), "is_over": meeting.end < at}
    return render(request, "notifications/telephone_list.html", context)


@require_POST
@moderator
def send_now(request: PersonRequest, slug: str) -> HttpResponse:
    """The mail of a cancellation goes without its minute."""
    try:
        number = recall.send_now(_meeting(request, slug), by=request.user, at=clock.now())
    except recall.RecallRefused as refused:
        messages.error(request, str(refused))
    else:
        adapters.wake()
        said = ngettext("Eine Mail ist auf dem Weg.", "%(number)s Mails sind auf dem Weg.", number)
        messages.success(request, said % {"number": number})
    return redirect("meetings:meeting", slug)


@require_POST
@moderator
def take_back(request: PersonRequest, slug: str) -> HttpResponse:
    """The meeting takes place after all."""
    try:
        recall.take_back(_meeting(request, slug), by=request.user, at=clock.now())
    except recall.RecallRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, _("Die Absage ist zurückgenommen. Die Sitzung findet statt, niemand hat eine Mail bekommen.")
        )
    return redirect("meetings:meeting", slug)


def _mark(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    form, at, here = MarkForm(request.POST), clock.now(), reverse("notifications:telephone_list", args=[meeting.slug])
    if not form.is_valid():
        messages.error(request, _("Das haben wir nicht verstanden. Bitte wählen Sie einen der Knöpfe."))
        return redirect(here)
    row, mark = form.cleaned_data["row"], form.cleaned_data["mark"]
    try:
        if mark == TAKE_BACK:
            telephone.take_back(meeting, row=row, by=request.user, at=at)
        else:
            telephone.mark(meeting, row=row, outcome=CallOutcome(mark), by=request.user, at=at)
    except telephone.NotOnList as refused:
        messages.error(request, str(refused))
        return redirect(here)
    return redirect(f"{here}#person-{row}")


def _meeting(request: PersonRequest, slug: str) -> Meeting:
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(seen.select_related("alliance", "venue"), slug=slug)
