"""Verwaltung: units and programmes. For the Fachstelle."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock, german
from buendnisse.domain import units
from buendnisse.domain.records import RecordRefused, StaleRecord
from buendnisse.forms.records import SearchForm
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import Unit
from buendnisse.views import records
from buendnisse.views.gate import moderator
from buendnisse.views.organisations import ended_words
from buendnisse.views.records import Line, Register, Sheet
from meetings.domain import bodies
from meetings.forms.units import UnitEndForm, UnitForm


@moderator
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """All of them; ended ones by the filter."""
    register = Register(
        title=_("Stellen und Projekte pflegen"),
        intro=_("Was der Fachstelle zugeordnet ist, meist solange ein Programm läuft. Was endet, bleibt nachlesbar."),
        columns=(_("Programm"), _("Geld von"), _("Themenfelder")),
        new_href=reverse("meetings:unit_new"),
        new_label=_("Neue Stelle"),
        empty=_("Legen Sie die erste an, mit Programm und Geldgeber."),
        further=[(reverse("meetings:unit_pages"), _("So lesen es die Mitglieder"))],
    )
    form = SearchForm(request.GET)
    return records.listing(request, register, form, units.found(**form.wanted, at=clock.now()), _line)


def _line(row: Unit) -> Line:
    return Line(
        href=reverse("meetings:unit_edit", args=[row.slug]),
        name=row.name,
        cells=(row.programme, row.funder, ", ".join(topic.name for topic in row.topics.all())),
        ended=ended_words(row.valid_until),
    )


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """One more, with its organisation."""
    page = Sheet(
        title=_("Neue Stelle"),
        list_href=reverse("meetings:units"),
        list_label=_("Stellen"),
        saved=_("Angelegt. Die Seite der Stelle können jetzt alle Mitglieder lesen."),
        intro=_("Eine Stelle oder ein Projekt, das mit der Fachstelle arbeitet."),
    )

    def save(form: Any) -> Any:
        return units.add(form_key=form.cleaned_data["form_key"], by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, page, UnitForm(request.POST or None, is_new=True), save)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, slug: str) -> HttpResponse:
    """Programme, tasks, topics, contact."""
    row = get_object_or_404(Unit.objects.select_related("successor", "organisation"), slug=slug)

    def save(form: Any) -> Any:
        return units.change(row, version=form.cleaned_data["version"], by=request.user, at=clock.now(), **form.said)

    page = Sheet(
        title=row.name,
        list_href=reverse("meetings:units"),
        list_label=_("Stellen"),
        row=row,
        saved=_("Die Stelle ist gespeichert."),
        last=row.valid_until,
        links=[
            (reverse("meetings:unit_page", args=[slug]), _("So lesen es die Mitglieder")),
            (reverse("meetings:unit_end", args=[slug]), _("Ende und Nachfolge")),
            (reverse("meetings:relay_ways_from", args=[slug]), _("Wer an %s weitergibt") % row.short_name),
            (reverse("buendnisse:organisation", args=[row.organisation.slug]), _("Organisation")),
        ],
        facts=[(_("Nachfolge"), row.successor.name)] if row.successor else [],
    )
    return records.sheet(request, page, UnitForm.of(row, request.POST or None), save)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PersonRequest, slug: str) -> HttpResponse:
    """The last day, the successor, and who takes over which task; or the unit goes on after all."""
    row: Any = get_object_or_404(Unit.objects.select_related("successor", "organisation"), slug=slug)
    by, at, waiting = request.user, clock.now(), bodies.open_relays(row)
    if request.POST.get("do") == "resume":
        try:
            units.end(row, None, version=number_in(request.POST, "version") or 0, by=by, at=at)
        except StaleRecord as changed:
            messages.error(request, str(changed))
            return redirect("meetings:unit_end", slug)
        messages.success(request, _("%s geht weiter.") % row.name)
        return redirect("meetings:unit_edit", slug)
    form = (
        UnitEndForm(request.POST, unit=row) if request.method == "POST" else UnitEndForm.of(row, clock.local_date(at))
    )
    stale: StaleRecord | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        said = {"successor": data["successor"], "handovers": form.handovers, "version": data["version"] or 0}
        try:
            units.end(row, data["last"], **said, by=by, at=at)
        except RecordRefused as refused:
            form.refuse(refused)
        except StaleRecord as changed:
            stale = changed
            form.on_top_of(changed.current)
            row = changed.current
        else:
            messages.success(request, _("Gespeichert. Die Seite der Stelle bleibt lesbar und nennt die Nachfolge."))
            if waiting:
                messages.warning(request, _("Hier wartet noch etwas auf eine Antwort: %s.") % german.listing(waiting))
            return redirect("meetings:unit_edit", slug)
    context = {"unit": row, "form": form, "stale": stale, "waiting": german.listing(waiting)}
    status = HTTPStatus.CONFLICT if stale else HTTPStatus.OK
    return render(request, "meetings/unit_end.html", context, status=status)
