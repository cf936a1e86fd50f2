"""Mail that a date will set off: to whom, how it reads, an introduction, and time to stop it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.permissions import may_see_outbox
from buendnisse.views.gate import only
from meetings.models import Meeting
from notifications.domain import demo_roles, mail_ahead, mail_ahead_look, mail_room
from notifications.domain.mail_ahead import Coming
from notifications.forms.outbox import ActForm, IntroductionForm
from notifications.views import framed


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_see_outbox)
def one(request: PersonRequest, slug: str, kind: str) -> HttpResponse:
    """As things stand now. A POST puts words into it, stops it or lets it go."""
    coming = _coming(request, slug, kind)
    if coming is None:
        return _too_late(request, mail_ahead.TooLate())
    form = IntroductionForm(initial={"words": coming.introduction})
    if request.method == "POST" and "words" in request.POST:
        form = IntroductionForm(request.POST)
        if form.is_valid():
            return _introduce(request, coming, form.cleaned_data["words"])
    elif request.method == "POST":
        return _act(request, coming)
    look = mail_ahead_look.look(coming, is_open=demo_roles.is_open())
    return render(
        request, "notifications/mail_ahead.html", {"coming": coming, "look": look, "mail": look.mail, "form": form}
    )


@xframe_options_sameorigin
@only(may_see_outbox)
def one_html(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    is_open = demo_roles.is_open()
    coming = _coming(request, slug, kind)
    if coming is None:
        raise Http404
    look = mail_ahead_look.look(coming, is_open=is_open)
    return framed.answer(look.mail.html, may_leave=False)


def _introduce(request: PersonRequest, coming: Coming, words: str) -> HttpResponse:
    said = _("Die Einleitung steht in jeder dieser Mails.") if words else _("Die Einleitung ist wieder weg.")
    return _decided(
        request, coming, lambda: mail_ahead.introduce(coming, words=words, by=request.user, at=clock.now()), said
    )


def _act(request: PersonRequest, coming: Coming) -> HttpResponse:
    form = ActForm(request.POST)
    do = form.cleaned_data["do"] if form.is_valid() else ""
    if do == mail_room.STOP:
        said = _(
            "Diese Mails sind angehalten. Sie werden an dem Tag geschrieben und gehen erst, wenn Sie sie freigeben."
        )
        return _decided(request, coming, lambda: mail_ahead.stop(coming, by=request.user, at=clock.now()), said)
    if do == mail_room.RELEASE:
        said = _("Diese Mails gehen wieder von selbst hinaus.")
        return _decided(request, coming, lambda: mail_ahead.let_go(coming, by=request.user, at=clock.now()), said)
    return redirect("notifications:mail_ahead", coming.meeting.slug, coming.kind)


def _decided(request: PersonRequest, coming: Coming, decide: Callable[[], None], said: str) -> HttpResponse:
    try:
        decide()
    except mail_ahead.TooLate as refusal:
        return _too_late(request, refusal)
    messages.success(request, said)
    return redirect("notifications:mail_ahead", coming.meeting.slug, coming.kind)


def _too_late(request: HttpRequest, refusal: mail_ahead.TooLate) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect("notifications:outbox")


def _coming(request: HttpRequest, slug: str, kind: str) -> Coming | None:
    """None where somebody decides about a mail that is not coming any more. Raises Http404 where one looks at such."""
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    meeting = get_object_or_404(seen.select_related("alliance"), slug=slug)
    coming = mail_ahead.find(meeting, kind, at=clock.now())
    if coming is None and not (request.method == "POST" and mail_ahead.is_known(kind)):
        raise Http404
    return coming
