"""Pages the law asks for, and help. Public; what they say of the operator is data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.domain import installation as facts
from buendnisse.forms.operator import BarrierForm
from buendnisse.http import installation


def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "buendnisse/legal/imprint.html", _operator())


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "buendnisse/legal/privacy.html", _operator())


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "buendnisse/legal/accessibility.html", _operator())


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "buendnisse/legal/help.html")


def report_barrier(request: HttpRequest) -> HttpResponse:
    """A form anybody may fill in; the Fachstelle finds the report under Verwaltung."""
    form = BarrierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts.report_barrier(**form.cleaned_data, at=clock.now())
        messages.success(request, _("Danke für Ihren Hinweis. Er ist bei der Fachstelle angekommen."))
        return redirect("buendnisse:report_barrier")
    return render(request, "buendnisse/legal/report_barrier.html", {**_operator(), "form": form})


def _operator() -> dict[str, Any]:
    return {"facts": facts.texts(installation())}
