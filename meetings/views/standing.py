"""The standing items of an alliance, for the Fachstelle. Each button is one verb; each can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, german
from buendnisse.http import PersonRequest
from buendnisse.models import Alliance, StandingItem
from buendnisse.views.gate import moderator
from meetings.domain import standing_frame
from meetings.domain.versions import Stale
from meetings.enums import StandingCode
from meetings.forms.standing import StandingItemForm
from meetings.models import Meeting


@dataclass(frozen=True)
class Shown:
    """An item on the page, with its form as it came back."""

    row: StandingItem
    form: StandingItemForm
    stale: Stale | None = None

    @property
    def fills(self) -> str:
        """What it is filled with by itself; empty for those that are only a title."""
        return str(StandingCode(self.row.code).label) if self.row.code in StandingCode.values else ""


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: PersonRequest, slug: str) -> HttpResponse:
    """All of them in their order, and a form for one more."""
    alliance = get_object_or_404(Alliance, slug=slug)
    if request.method != "POST":
        return _page(request, alliance)
    form = StandingItemForm(request.POST)
    if form.is_valid():
        key = form.cleaned_data["form_key"]
        try:
            row = standing_frame.add(alliance, **form.words, form_key=key, by=request.user, at=clock.now())
        except standing_frame.FrameRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("„%s“ ist ein fester Punkt.") % row.title)
            return redirect("meetings:standing", slug)
    return _page(request, alliance, adding=form)


@moderator
@require_POST
def change(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """One item: other words, another place, ended, brought back."""
    row = get_object_or_404(StandingItem.objects.select_related("alliance"), alliance__slug=slug, pk=pk)
    do, by, at = request.POST.get("do"), request.user, clock.now()
    try:
        if do in {"up", "down"}:
            standing_frame.move(row, -1 if do == "up" else 1, by=by, at=at)
        elif do == "end":
            _say_ended(request, row, kept=standing_frame.end(row, by=by, at=at))
        elif do == "back":
            standing_frame.bring_back(row, by=by, at=at)
            messages.success(request, _("„%s“ ist wieder ein fester Punkt.") % row.title)
        else:
            return _edit(request, row)
    except standing_frame.FrameRefused as refused:
        messages.error(request, str(refused))
    return redirect("meetings:standing", slug)


def _edit(request: PersonRequest, row: StandingItem) -> HttpResponse:
    form, stale = StandingItemForm(request.POST, row=row), None
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            standing_frame.edit(row, **form.words, version=version, by=request.user, at=clock.now())
        except Stale as error:
            stale = error
            form.on_top_of(stale.current.version)
        except standing_frame.FrameRefused as refused:
            form.add_error("title", str(refused))
        else:
            messages.success(request, _("Gespeichert."))
            return redirect("meetings:standing", row.alliance.slug)
    return _page(request, row.alliance, edited=(row.pk, form), stale=stale)


def _page(
    request: PersonRequest,
    alliance: Alliance,
    *,
    adding: StandingItemForm | None = None,
    edited: tuple[int, StandingItemForm] | None = None,
    stale: Stale | None = None,
) -> HttpResponse:
    rows = list(StandingItem.objects.filter(alliance=alliance).order_by("position", "pk"))
    shown = [
        Shown(
            row,
            edited[1] if edited and edited[0] == row.pk else StandingItemForm(row=row),
            stale if edited and edited[0] == row.pk else None,
        )
        for row in rows
        if row.ended_on is None
    ]
    context = {
        "alliance": alliance,
        "before": [one for one in shown if one.row.position < 0],
        "after": [one for one in shown if one.row.position > 0],
        "ended": [row for row in rows if row.ended_on is not None],
        "adding": adding or StandingItemForm(),
        "effect": standing_frame.effect(alliance, at=clock.now()),
        "total": sum(row.duration_minutes for row in rows if row.ended_on is None),
    }
    return render(request, "meetings/standing.html", context, status=409 if stale else 200)


def _say_ended(request: PersonRequest, row: StandingItem, *, kept: list[Meeting]) -> None:
    messages.success(
        request, _("„%s“ steht auf keiner neuen Tagesordnung mehr. Unten holen Sie den Punkt zurück.") % row.title
    )
    for meeting in kept:
        day = german.short_day(meeting.start)
        messages.warning(request, _("Auf der Tagesordnung vom %s bleibt er: Dort ist schon etwas eingetragen.") % day)
