"""The Postausgang."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.permissions import may_see_outbox
from buendnisse.views.gate import only
from notifications import adapters
from notifications.domain import demo_roles, mail_room, previews, returned
from notifications.enums import OutboxState
from notifications.forms.outbox import ActForm, FilterForm
from notifications.models import OutboxMessage
from notifications.views import framed

_PAGE = 30


@only(may_see_outbox)
def overview(request: HttpRequest) -> HttpResponse:
    """What waits, what failed, what left last; or one state, page by page."""
    form = FilterForm(request.GET, meetings=mail_room.meetings_with_mail())
    filters = form.filters()
    state = request.GET.get("stand", "")
    context = {"filter_form": form, "filters": filters, "counts": mail_room.counts(), "state": state}
    context["returned_count"] = returned.open_count()
    if state in mail_room.SHOWN_STATES:
        number = mail_room.number_of_bundles(state, filters=filters)
        page = Paginator(range(number), _PAGE).get_page(request.GET.get("seite"))
        start = max(page.start_index() - 1, 0)
        lines = mail_room.bundles(state, filters=filters, start=start, limit=_PAGE)
        found = {"page": page, "lines": lines, "state_word": OutboxState(state).label}
        return render(request, "notifications/outbox_state.html", context | found)
    for name in ("waiting", "failed", "sent"):
        context[name] = mail_room.bundles(OutboxState(name), filters=filters, limit=10)
    return render(request, "notifications/outbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_see_outbox)
def letter(request: PersonRequest, number: int) -> HttpResponse:
    """One mail as it leaves, its recipients, and time to stop it."""
    message = _message(number)
    if request.method == "POST":
        return _act(request, message)
    context = {
        "message": message,
        "mail": previews.preview(message, at=clock.now(), is_open=demo_roles.is_open()),
        "siblings": mail_room.siblings(message),
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
            messages.success(request, _told(done, _("angehalten") if do == mail_room.STOP else _("auf dem Weg")))
    return redirect("notifications:outbox_letter", message.pk)


def _told(number: int, what: str) -> str:
    return ngettext("%(number)s Mail ist %(what)s.", "%(number)s Mails sind %(what)s.", number) % {
        "number": number,
        "what": what,
    }


def _message(number: int) -> OutboxMessage:
    message = mail_room.message(number)
    if message is None:
        raise Http404
    return message
