"""The Postausgang."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock
from buendnisse.german import capitalised
from buendnisse.http import PersonRequest
from buendnisse.permissions import may_see_outbox
from buendnisse.views.gate import only
from notifications import adapters
from notifications.domain import (
    demo_roles,
    mail_forecast,
    mail_room,
    mail_run,
    previews,
    recipients,
    returned,
    undelivered,
)
from notifications.domain.mail_room import Done
from notifications.domain.own_words import INTRODUCTION
from notifications.enums import OutboxState
from notifications.forms.outbox import ActForm, FilterForm, IntroductionForm
from notifications.models import OutboxMessage
from notifications.views import framed

_PAGE = 30
_AHEAD = "voraus"  # what a date will set off, and nobody has written yet


@only(may_see_outbox)
def overview(request: HttpRequest) -> HttpResponse:
    """What waits, what failed, what left last; or one state, page by page; or what is to come by itself."""
    form = FilterForm(request.GET, meetings=mail_room.meetings_with_mail())
    filters = form.filters()
    state = request.GET.get("stand", "")
    context = {"filter_form": form, "filters": filters, "counts": mail_room.counts_with_returned(), "state": state}
    if state in mail_room.SHOWN_STATES:
        number = mail_room.number_of_bundles(state, filters=filters)
        page = Paginator(range(number), _PAGE).get_page(request.GET.get("seite"))
        start = max(page.start_index() - 1, 0)
        lines = mail_room.bundles(state, filters=filters, start=start, limit=_PAGE)
        found = {"page": page, "lines": lines, "state_word": OutboxState(state).label}
        if state == OutboxState.FAILED:
            found["domains"] = undelivered.by_domain()
        return render(request, "notifications/outbox_state.html", context | found)
    if state == _AHEAD:
        return render(
            request, "notifications/outbox_ahead.html", context | {"ahead": mail_forecast.forecast(at=clock.now())}
        )
    shown = mail_room.overview(filters=filters)
    is_writing = not shown[OutboxState.WAITING] and not filters.are_any and mail_room.is_writing(at=clock.now())
    return render(request, "notifications/outbox.html", context | shown | {"is_writing": is_writing})


@require_POST
@only(may_see_outbox)
def send_again(request: PersonRequest) -> HttpResponse:
    """Everything that failed for one domain."""
    done = undelivered.send_again(request.POST.get("domain", "")[:253], by=request.user, at=clock.now())
    adapters.wake()
    messages.success(
        request,
        _told(Done(done), _("auf dem Weg")) if done else _("Zu dieser Adresse gibt es nichts mehr zu senden."),
    )
    return redirect("notifications:outbox")


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_see_outbox)
def letter(request: PersonRequest, number: int) -> HttpResponse:
    """One mail as it leaves, its recipients, and time to stop it."""
    message, at = _message(number), clock.now()
    form = IntroductionForm(initial={"words": message.data.get(INTRODUCTION, "")})
    if request.method == "POST" and "words" in request.POST:
        form = IntroductionForm(request.POST)
        if form.is_valid():
            return _introduce(request, message, form.cleaned_data["words"])
    elif request.method == "POST":
        return _act(request, message)
    found = recipients.of(message, at=at)
    context = {
        "message": message,
        "mail": previews.preview(message, at=at, is_open=demo_roles.is_open()),
        "siblings": found.by_mail,
        "readers": found.in_words,
        "whole": _whole(message) if len(found.by_mail) > 1 else None,
        "left_out": found.left_out,
        "form": form if mail_room.may_introduce(message) else None,
        "cause": mail_room.cause(message),
        "returns": returned.of_message(message),
    }
    return render(request, "notifications/outbox_letter.html", context)


@xframe_options_sameorigin
@only(may_see_outbox)
def letter_html(request: HttpRequest, number: int) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    is_open = demo_roles.is_open()
    shown = previews.preview(_message(number), at=clock.now(), is_open=is_open)
    return framed.answer(shown.html, may_leave=is_open)


def _act(request: PersonRequest, message: OutboxMessage) -> HttpResponse:
    form = ActForm(request.POST)
    if form.is_valid():
        do = form.cleaned_data["do"]
        try:
            done = mail_room.act(message, do=do, whole=form.cleaned_data["whole"], by=request.user, at=clock.now())
        except mail_room.TooLate as refusal:
            messages.error(request, str(refusal))
        else:
            adapters.wake()
            _tell(request, done, _("angehalten") if do == mail_room.STOP else _("auf dem Weg"), message.kind)
    return redirect("notifications:outbox_letter", message.pk)


def _introduce(request: PersonRequest, message: OutboxMessage, words: str) -> HttpResponse:
    try:
        done = mail_room.introduce(message, words=words, by=request.user, at=clock.now())
    except mail_room.TooLate as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("Die Einleitung steht in %(n)s Mail.", "Die Einleitung steht in %(n)s Mails.", done)
        taken_out = _("Die Einleitung ist wieder weg.")
        messages.success(request, said % {"n": done} if words else taken_out)
    return redirect("notifications:outbox_letter", message.pk)


def _tell(request: PersonRequest, done: Done, what: str, kind: str) -> None:
    """What was done, how many there was no need of any more, and how many wait for their address."""
    if done.number:
        messages.success(request, _told(done, what))
    if done.needless:
        said = ngettext("%(n)s Mail ist nicht mehr nötig.", "%(n)s Mails sind nicht mehr nötig.", done.needless)
        messages.success(request, f"{said % {'n': done.needless}} {mail_run.why_needless(kind)}")
    if done.held:
        one, more = (
            _("Eine Mail wartet, bis ihre Adresse geprüft ist."),
            _("%s Mails warten, bis ihre Adressen geprüft sind."),
        )
        messages.success(request, one if done.held == 1 else more % done.held)


def _told(done: Done, what: str) -> str:
    said = ngettext("%(mails)s ist %(what)s.", "%(mails)s sind %(what)s.", done.number)
    return said % {"mails": capitalised(done.in_words), "what": what}


def _whole(message: OutboxMessage) -> Done | None:
    """How many would be stopped or let go together; None where it is this one alone or none."""
    do = mail_room.STOP if message.state == OutboxState.WAITING else mail_room.RELEASE
    found = mail_room.reach(message, do=do)
    return found if found.number > 1 else None


def _message(number: int) -> OutboxMessage:
    message = mail_room.message(number)
    if message is None:
        raise Http404
    return message
