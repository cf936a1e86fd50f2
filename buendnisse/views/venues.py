"""Verwaltung: venues. For the Fachstelle."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock
from buendnisse.domain import venues
from buendnisse.forms.records import EndForm, SearchForm
from buendnisse.forms.registers import VenueForm
from buendnisse.http import PersonRequest
from buendnisse.models import Venue
from buendnisse.views import records
from buendnisse.views.gate import moderator
from buendnisse.views.organisations import ended_words
from buendnisse.views.records import Line, Register, Sheet


@moderator
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Where meetings can be, and how one gets there and back."""
    register = Register(
        title=_("Orte"),
        intro=_("Wo getagt wird, und wie man hinkommt und wieder nach Hause."),
        columns=(_("Zugang"), _("Online"), _("Bus und Bahn"), _("An der Tür")),
        new_href=reverse("buendnisse:venue_new"),
        new_label=_("Neuer Ort"),
        empty=_("Legen Sie den ersten an. Zugang und letzter Bus stehen dann in jeder Einladung."),
    )
    form = SearchForm(request.GET)
    return records.listing(request, register, form, venues.found(**form.wanted, at=clock.now()), _line)


def _line(row: Venue) -> Line:
    access = [_("ohne Stufen") if row.is_step_free else _("mit Stufen")]
    if row.has_induction_loop:
        access.append(_("Induktionsschleife"))
    return Line(
        href=reverse("buendnisse:venue", args=[row.slug]),
        name=f"{row.name}, {row.place}" if row.place and row.place not in row.name else row.name,
        cells=(
            ", ".join(access) + (f". {row.note}" if row.note else ""),
            _("Technik vorhanden") if row.has_hybrid_equipment else _("keine Technik"),
            row.bus_note,
            row.door_contact,
        ),
        ended=ended_words(row.ended_on),
    )


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """One more."""

    def save(form: Any) -> Any:
        return venues.add(form_key=form.cleaned_data["form_key"], by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, _sheet(None), VenueForm(request.POST or None), save)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, slug: str) -> HttpResponse:
    """Access, bus, and who opens the door."""
    row = get_object_or_404(Venue, slug=slug)

    def save(form: Any) -> Any:
        return venues.change(row, version=form.cleaned_data["version"], by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, _sheet(row), VenueForm.of(row, request.POST or None), save)


@moderator
@require_POST
def end(request: PersonRequest, slug: str) -> HttpResponse:
    """Nobody is offered it any longer, or is again."""
    row = get_object_or_404(Venue, slug=slug)

    def again(form: EndForm) -> HttpResponse:
        return records.sheet(request, _sheet(row), VenueForm.of(row), lambda _form: None, end_form=form)

    return records.end(
        request,
        lambda last: venues.end(row, last, by=request.user, at=clock.now()),
        ended=_("„%s“ steht nicht mehr zur Wahl. Sitzungen, die dort geplant sind, bleiben.") % row.name,
        resumed=_("„%s“ steht wieder zur Wahl.") % row.name,
        again=again,
        there=reverse("buendnisse:venue", args=[slug]),
    )


def _sheet(row: Venue | None) -> Sheet:
    href = reverse("buendnisse:venue", args=[row.slug]) if row else ""
    return Sheet(
        title=row.name if row else _("Neuer Ort"),
        list_href=reverse("buendnisse:venues"),
        list_label=_("Orte"),
        row=row,
        saved=_("Der Ort ist gespeichert. Die nächsten Einladungen nennen ihn so."),
        form_href=href,
        end_href=f"{href}beenden/" if row else "",
        end_hint=_("Danach steht er nicht mehr zur Wahl. Sitzungen, die dort geplant sind, bleiben."),
        last=row.ended_on if row else None,
    )
