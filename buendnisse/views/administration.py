"""Verwaltung: the operator's facts, reports of barriers, and who and what is on record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from buendnisse import clock, permissions
from buendnisse.domain import installation as facts
from buendnisse.domain import register
from buendnisse.forms.operator import OperatorForm
from buendnisse.http import PersonRequest, installation
from buendnisse.models import BarrierReport


def _only_fachstelle(request: HttpRequest) -> None:
    if not permissions.is_fachstelle(request.user):
        raise PermissionDenied


@login_required
def overview(request: PersonRequest) -> HttpResponse:
    _only_fachstelle(request)
    context = {
        "missing": facts.missing(installation()),
        "reports": register.open_reports(),
        "counts": register.counts(at=clock.now()),
    }
    return render(request, "buendnisse/administration/overview.html", context)


@login_required
def operator(request: PersonRequest) -> HttpResponse:
    """The operator's facts; a stale form is shown again beside what the other person saved."""
    _only_fachstelle(request)
    form = OperatorForm(request.POST) if request.method == "POST" else OperatorForm.of(installation())
    current = None
    if request.method == "POST" and form.is_valid():
        try:
            facts.describe(version=form.cleaned_data["version"], facts=form.facts(), by=request.user, at=clock.now())
        except facts.StaleDescription as stale:
            form, current = _again(form, stale)
        else:
            messages.success(request, _("Die Angaben sind gespeichert. Sie stehen jetzt auf den Seiten."))
            return redirect("buendnisse:administration")
    return render(request, "buendnisse/administration/operator.html", {"form": form, "current": current})


def _again(form: OperatorForm, stale: facts.StaleDescription) -> tuple[OperatorForm, list[tuple[Any, str, str]]]:
    """The same entries with the new version, and each fact where both differ: label, ours, theirs."""
    theirs = {**facts.texts(stale.current), **{name: getattr(stale.current, name) for name in facts.COLUMNS}}
    differing = [
        (form.fields[key].label, text, theirs[key]) for key, text in form.facts().items() if text != theirs[key]
    ]
    fresh = OperatorForm({**form.facts(), "version": stale.current.version})
    fresh.add_error(None, str(stale.message))
    return fresh, differing


@login_required
@require_POST
def settle_report(request: PersonRequest, pk: int) -> HttpResponse:
    _only_fachstelle(request)
    facts.settle_barrier(get_object_or_404(BarrierReport, pk=pk), by=request.user, at=clock.now())
    messages.success(request, _("Die Meldung ist erledigt. Die Kontaktangabe ist gelöscht."))
    return redirect("buendnisse:administration")
