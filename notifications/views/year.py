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
    asked = {"person": found.shown_to.pk if found.shown_to else ""}
    if request.method == "POST":  # what was typed stays out of addresses, and so out of logs
        request.session[_typed(year)] = form.words
        asked["typed"] = "1"
    context = {
        "year": year,
        "check": found,
        "mail": found.mail,
        "html_url": f"{reverse('notifications:year_tell_preview', args=[year])}?{urlencode(asked)}",
        "form": form,
        "refused": refused,
    }
    return render(request, "notifications/year_preview.html", context, status=status)


@require_safe
@xframe_options_sameorigin
@moderator
def mail(request: PersonRequest, year: int) -> HttpResponse:
    """The mail's own HTML, for the frame; `typed`: with the words that were typed last."""
    _within(year)
    words = year_plan.introduction_of(year)
    if "typed" in request.GET:
        words = request.session.get(_typed(year), words)
    person = TellingForm(request.GET).whose
    found = year_telling.mail(year, introduction=words, person=person, at=clock.now()) if person else None
    return framed.answer(found.html if found else "", may_leave=False)


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
    request.session.pop(_typed(year), None)
    adapters.wake()
    said = _("%s. In einer Minute gehen die Mails. Bis dahin können Sie alles zurücknehmen.")
    messages.success(request, said % german.count(len(meetings), _("Termin steht"), _("Termine stehen")))
    return redirect("meetings:year", year)


def _typed(year: int) -> str:
    """Where the session keeps the words until they are told."""
    return f"telling:{year}"


def _within(year: int) -> None:
    if not quarter.can_be_planned(year):
        raise Http404
