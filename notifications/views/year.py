"""Before a year's dates are told: to whom, how it looks, one button; and the way back while no mail has left."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, german
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import planning, quarter, year_plan
from notifications import adapters
from notifications.domain import year_telling
from notifications.forms.years import TellingForm
from notifications.views import framed


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def preview(request: PersonRequest, year: int) -> HttpResponse:
    """Looks; `do=confirm` fixes the dates and lets the mails go, and a minute is left to hold them back."""
    _within(year)
    form = TellingForm(request.POST or None, initial={"introduction": year_plan.introduction_of(year)})
    refused, status = "", 200
    if request.method == "POST" and request.POST.get("do") == "confirm" and form.is_valid():
        try:
            return _confirm(request, year, form)
        except planning.PlanRefused as changed:
            refused, status = str(changed), 409
    found = year_telling.check(year, introduction=form.words, person=form.whose, at=clock.now())
    form.show(found.signature)
    asked = urlencode({"person": found.shown_to.pk if found.shown_to else "", "introduction": form.words})
    context = {
        "year": year,
        "check": found,
        "mail": found.mail,
        "html_url": f"{reverse('notifications:year_tell_preview', args=[year])}?{asked}",
        "form": form,
        "refused": refused,
    }
    return render(request, "notifications/year_preview.html", context, status=status)


@require_safe
@xframe_options_sameorigin
@moderator
def mail(request: PersonRequest, year: int) -> HttpResponse:
    """The mail's own HTML, for the frame."""
    _within(year)
    form = TellingForm(request.GET)
    found = year_telling.check(year, introduction=form.words, person=form.whose, at=clock.now())
    return framed.answer(found.mail.html if found.mail else "", may_leave=False)


@require_POST
@moderator
def take_back(request: PersonRequest, year: int) -> HttpResponse:
    """The dates are drafts again."""
    _within(year)
    try:
        number = year_telling.take_back(year, by=request.user, at=clock.now())
    except planning.PlanRefused as refused:
        messages.error(request, str(refused))
    else:
        said = _("Zurückgenommen: %s. Niemand hat davon erfahren.")
        messages.success(
            request, said % german.count(number, _("Termin ist wieder offen"), _("Termine sind wieder offen"))
        )
    return redirect("meetings:year", year)


def _confirm(request: PersonRequest, year: int, form: TellingForm) -> HttpResponse:
    data = form.cleaned_data
    meetings = year_plan.confirm(
        year, seen=data["seen"], introduction=data["introduction"], by=request.user, at=clock.now()
    )
    adapters.wake()
    said = _("%s. In einer Minute gehen die Mails. Bis dahin können Sie alles zurücknehmen.")
    messages.success(request, said % german.count(len(meetings), _("Termin steht"), _("Termine stehen")))
    return redirect("meetings:year", year)


def _within(year: int) -> None:
    if not quarter.can_be_planned(year):
        raise Http404
