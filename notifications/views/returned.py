"""Mail that came back: addresses to look into, what the IT should know, and who complained."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from buendnisse import clock
from buendnisse.domain import addresses
from buendnisse.http import PersonRequest
from buendnisse.permissions import may_see_outbox
from buendnisse.views.gate import only
from notifications import adapters
from notifications.domain import mailbox, returned, returned_settled
from notifications.forms import returned as forms
from notifications.forms.returned import SettleForm
from notifications.models import MailReturn


@require_safe
@only(may_see_outbox)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything nobody has settled yet, and below it what somebody did settle."""
    return _page(request, None, None)


@require_POST
@only(may_see_outbox)
def settle(request: PersonRequest, number: int) -> HttpResponse:
    """One button beside one report."""
    row = returned.one(number)
    if row is None:
        raise Http404
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form) if "email" in form.errors else _not_understood(request)
    try:
        words = _do(request, row, form)
    except (returned.AlreadySettled, returned_settled.NotReopened) as refusal:
        messages.error(request, str(refusal))
    except addresses.AddressRefused as refusal:
        form.add_error("email", str(refusal))
        return _page(request, row, form, status=409 if isinstance(refusal, addresses.StaleAddress) else 200)
    else:
        messages.success(request, words)
    return redirect("notifications:returned")


@require_POST
@only(may_see_outbox)
def mailbox_seen(request: PersonRequest) -> HttpResponse:
    """Somebody has looked into the mailbox's folder for errors."""
    mailbox.seen(by=request.user, at=clock.now())
    messages.success(request, _("Erledigt."))
    return redirect("notifications:home")


def _do(request: PersonRequest, row: MailReturn, form: SettleForm) -> str:
    """The sentence that says what happened. Raises AlreadySettled, NotReopened or AddressRefused."""
    by, at, do = request.user, clock.now(), form.cleaned_data["do"]
    if do == forms.SEEN:
        returned.see(row, by=by, at=at)
        return _("Erledigt.")
    if do == forms.REOPEN:
        returned_settled.reopen(row, by=by, at=at)
        return _("Zurückgenommen. Es steht wieder hier.")
    if do == forms.COPIES:
        returned.copies_again(row, by=by, at=at)
        return _("Kopien gehen wieder an diese Adresse.")
    if do == forms.HOLDS:
        number = returned.holds(row.person, by=by, at=at)
    else:
        version, email = form.cleaned_data["version"] or 0, form.cleaned_data["email"]
        number = returned.correct(row.person, email=email, version=version, by=by, at=at)
    adapters.wake()
    words = ngettext("Eine Mail geht jetzt hinaus.", "%(n)s Mails gehen jetzt hinaus.", number) % {"n": number}
    held = _("Die Adresse gilt.")
    return f"{held} {words}" if number else held


def _page(request: HttpRequest, row: MailReturn | None, form: SettleForm | None, *, status: int = 200) -> HttpResponse:
    """`form`: what was typed beside `row` and is not right yet."""
    context = {
        "troubles": returned.troubles(),
        "settled": returned_settled.history(),
        "form": form,
        "wrong": row.pk if row else None,
    }
    return render(request, "notifications/returned.html", context, status=status)


def _not_understood(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Das haben wir nicht verstanden. Bitte wählen Sie einen der Knöpfe."))
    return redirect("notifications:returned")
