"""A year: proposed, exchanged date by date, thrown away. For the Fachstelle."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, german
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import planning, proposing, quarter, year_page, year_plan
from meetings.forms.years import SlotForm
from meetings.models import Meeting


@moderator
@require_safe
def year(request: PersonRequest, year: int) -> HttpResponse:
    """Quarters down, alliances across; the way of a decision; the year as a picture."""
    return _show(request, year)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: PersonRequest, year: int) -> HttpResponse:
    """Another day for one slot. The address of a refusal, opened again, is the year."""
    if request.method != "POST":
        return redirect("meetings:year", year)
    form = _slot(request, year)
    if not form.is_for_a_day():
        return _show(request, year, refused=form.sentence)
    try:
        meeting = year_plan.take(**form.facts, by=request.user, at=clock.now())
    except year_plan.PlanChanged as changed:
        return _show(request, year, refused=str(changed), wanted=form, status=409)
    except planning.PlanRefused as refused:
        return _show(request, year, refused=str(refused))
    said = _("%(body)s ist jetzt am %(day)s. Ihr Entwurf ist gespeichert.")
    messages.success(request, said % {"body": meeting.alliance.word, "day": german.long_day(meeting.start)})
    return _back(year, meeting)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def own_day(request: PersonRequest, year: int) -> HttpResponse:
    """Keep the draft and go where day, hours and place are typed. The address of a refusal, opened again, is the year."""
    if request.method != "POST":
        return redirect("meetings:year", year)
    form = _slot(request, year)
    if not form.is_valid():
        return _show(request, year, refused=form.sentence)
    try:
        meeting = year_plan.slot_to_type(**form.place, by=request.user, at=clock.now())
    except planning.PlanRefused as refused:
        return _show(request, year, refused=str(refused))
    return redirect("meetings:move", meeting.slug)


@moderator
@require_POST
def drop(request: PersonRequest, year: int) -> HttpResponse:
    """Throw the draft away."""
    _within(year)
    number = year_plan.drop(year, by=request.user, at=clock.now())
    said = _("Der Entwurf ist verworfen: %s. Sie sehen wieder die Vorschläge.")
    messages.success(request, said % german.count(number, _("Termin"), _("Termine")))
    return redirect("meetings:year", year)


def _show(
    request: PersonRequest, year: int, *, refused: str = "", wanted: SlotForm | None = None, status: int = 200
) -> HttpResponse:
    _within(year)
    way = request.GET.get("weg", "")
    page = year_page.of(year, way_of=int(way) if way in {"1", "2", "3", "4"} else 0, at=clock.now())
    context = {
        "page": page,
        "refused": refused,
        "wanted": wanted.facts if wanted else None,
        "fresh": request.GET.get("gewaehlt", ""),
    }
    return render(request, "meetings/year.html", context, status=status)


def _slot(request: PersonRequest, year: int) -> SlotForm:
    _within(year)
    return SlotForm(request.POST, year=year)


def _within(year: int) -> None:
    if not quarter.can_be_planned(year):
        raise Http404


def _back(year: int, meeting: Meeting) -> HttpResponse:
    key = proposing.key_of(meeting.alliance, meeting.quarter)
    return redirect(f"{reverse('meetings:year', args=[year])}?gewaehlt={key}#{key}")
