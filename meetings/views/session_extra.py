"""What a meeting brings up unforeseen: an item by consent, one that is put off, a guest at the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import in_session, session_board
from meetings.forms.session_extra import GuestForm, LateItemForm, PutOffForm
from meetings.models import Meeting
from meetings.views.session_parts import REFUSED, both, the_meeting


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest, slug: str) -> HttpResponse:
    """A Nachtrags-TOP, when everybody present agrees."""
    meeting = the_meeting(request, slug)
    form = LateItemForm(request.POST or None, people=session_board.owners(meeting))

    def take(said: dict[str, Any]) -> str:
        said.pop("consent")
        item = in_session.add_item(meeting, **said, by=request.user, at=clock.now())
        return f"{reverse('meetings:live', args=[slug])}?punkt={item.pk}"

    words = {"heading": _("Nachtrags-TOP aufnehmen"), "button": _("Auf die Tagesordnung setzen")}
    return _ask(request, meeting, form, take, done=_("Der Punkt steht auf der Tagesordnung."), **words)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def put_off(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """The open item goes on in the next meeting."""
    meeting, item = both(request, slug, pk)
    form = PutOffForm(request.POST or None)

    def take(said: dict[str, Any]) -> str:
        in_session.put_off(item, **said, by=request.user, at=clock.now())
        return reverse("meetings:live", args=[slug]) + f"?punkt={pk}"

    words = {"heading": _("Punkt vertagen"), "button": _("Vertagen"), "lead": item.title}
    return _ask(request, meeting, form, take, done=_("Der Punkt ist vertagt."), **words)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: PersonRequest, slug: str) -> HttpResponse:
    """Somebody came who stands on no list."""
    meeting = the_meeting(request, slug)
    form = GuestForm(request.POST or None)

    def take(said: dict[str, Any]) -> str:
        in_session.welcome(meeting, **said, by=request.user, at=clock.now())
        return reverse("meetings:attendance", args=[slug])

    words = {"heading": _("Gast eintragen"), "button": _("Gast eintragen")}
    words["lead"] = _("Der Name steht dann in der Anwesenheit. Die Person bekommt keine Mail.")
    return _ask(request, meeting, form, take, done=_("Der Gast ist eingetragen."), **words)


def _ask(
    request: PersonRequest,
    meeting: Meeting,
    form: Form,
    take: Callable[[dict[str, Any]], str],
    *,
    done: str,
    **words: str,
) -> HttpResponse:
    """One form on a page of its own; what was refused stays in it."""
    if request.method == "POST" and form.is_valid():
        try:
            to = take(dict(form.cleaned_data))
        except (*REFUSED, in_session.OnTheList) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect(to)
    return render(request, "meetings/session_extra.html", {"meeting": meeting, "form": form, **words})
