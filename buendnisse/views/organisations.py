"""Verwaltung: organisations. For the Fachstelle."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, german
from buendnisse.domain import organisations
from buendnisse.forms.records import EndForm
from buendnisse.forms.registers import OrganisationForm, OrganisationSearch
from buendnisse.http import PersonRequest
from buendnisse.models import Organisation
from buendnisse.views import records
from buendnisse.views.gate import moderator
from buendnisse.views.records import Line, Register, Sheet


@moderator
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """All of them, with how many people each has."""
    register = Register(
        title=_("Organisationen"),
        intro=_("Wer Menschen in die Bündnisse schickt. Was endet, bekommt einen letzten Tag und bleibt nachlesbar."),
        columns=(_("Art"), _("Ort"), _("Personen")),
        new_href=reverse("buendnisse:organisation_new"),
        new_label=_("Neue Organisation"),
        empty=_("Legen Sie die erste an. Dann können Menschen für sie in ein Bündnis kommen."),
    )
    form = OrganisationSearch(request.GET)
    return records.listing(request, register, form, organisations.found(**form.wanted, at=clock.now()), _line)


def _line(row: Any) -> Line:
    return Line(
        href=reverse("buendnisse:organisation", args=[row.slug]),
        name=row.name,
        cells=(str(row.get_kind_display()), row.place, str(row.people_today)),
        ended=ended_words(row.ended_on),
    )


def ended_words(last: Any) -> str:
    """What a list says of something with a last day."""
    return _("bis %s") % german.short_day(last) if last else ""


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """One more."""
    page = _sheet(None)

    def save(form: Any) -> Any:
        return organisations.add(form_key=form.cleaned_data["form_key"], by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, page, OrganisationForm(request.POST or None), save)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, slug: str) -> HttpResponse:
    """What it is called and where it belongs."""
    row = get_object_or_404(Organisation, slug=slug)

    def save(form: Any) -> Any:
        version = form.cleaned_data["version"]
        return organisations.change(row, version=version, by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, _sheet(row), OrganisationForm.of(row, request.POST or None), save)


@moderator
@require_POST
def end(request: PersonRequest, slug: str) -> HttpResponse:
    """It sends nobody any longer, or does again."""
    row = get_object_or_404(Organisation, slug=slug)

    def again(form: EndForm) -> HttpResponse:
        return records.sheet(request, _sheet(row), OrganisationForm.of(row), lambda _form: None, end_form=form)

    return records.end(
        request,
        lambda last: organisations.end(row, last, by=request.user, at=clock.now()),
        ended=_("„%s“ ist beendet. Was war, bleibt nachlesbar.") % row.short_name,
        resumed=_("„%s“ ist wieder da.") % row.short_name,
        again=again,
        there=reverse("buendnisse:organisation", args=[slug]),
    )


def _sheet(row: Organisation | None) -> Sheet:
    href = reverse("buendnisse:organisation", args=[row.slug]) if row else ""
    return Sheet(
        title=row.name if row else _("Neue Organisation"),
        list_href=reverse("buendnisse:organisations"),
        list_label=_("Organisationen"),
        row=row,
        saved=_("Die Organisation ist gespeichert."),
        form_href=href,
        end_href=f"{href}beenden/" if row else "",
        end_hint=_("Danach kommt niemand mehr für sie in ein Bündnis. Was war, bleibt nachlesbar."),
        last=row.ended_on if row else None,
        links=[(reverse("buendnisse:people") + f"?q={row.short_name}", _("Personen"))] if row else [],
    )
