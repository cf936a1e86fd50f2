"""Integrationsprozess: how integration proceeds in the district, for the members of all bodies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, permissions
from buendnisse.domain import process
from buendnisse.domain.records import RecordRefused
from buendnisse.forms.process import StageForm
from buendnisse.http import PersonRequest
from buendnisse.models import ProcessStage, sight_of
from buendnisse.views import records
from buendnisse.views.gate import moderator, only
from buendnisse.views.records import Sheet

_METHODS = ["GET", "HEAD", "POST"]


@only(permissions.is_signed_in)
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """The stages as a picture, and each with whom to ask. What the reader sees is asked once for the gate and the rows."""
    at = clock.now()
    sight = sight_of(request.user, at=at)
    if not sight.overview:
        raise PermissionDenied
    is_ours = permissions.may_moderate(request.user)
    context = {
        "stages": process.shown(sight, at=at),
        "left_out": process.left_out() if is_ours else [],
        "may_change": is_ours,
    }
    return render(request, "buendnisse/process.html", context)


@moderator
@require_http_methods(_METHODS)
def new(request: PersonRequest) -> HttpResponse:
    """One more, at the end."""
    page = _sheet(_("Stufe hinzufügen"), saved=_("Die Stufe ist angelegt. Sie steht am Ende."))
    form = StageForm(request.POST or None, reader=request.user, at=clock.now())

    def save(form: Any) -> Any:
        return process.add(form_key=form.cleaned_data["form_key"], by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, page, form, save)


@moderator
@require_http_methods(_METHODS)
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """What a stage says, and who changed what of it."""
    stage = get_object_or_404(ProcessStage, pk=pk)
    form = StageForm.of(stage, request.POST or None, reader=request.user, at=clock.now())

    def save(form: Any) -> Any:
        return process.change(stage, version=form.cleaned_data["version"], by=request.user, at=clock.now(), **form.said)

    return records.sheet(request, _sheet(stage.name, saved=_("Die Stufe ist gespeichert."), row=stage), form, save)


def _sheet(title: str, *, saved: str, row: ProcessStage | None = None) -> Sheet:
    return Sheet(
        title=title,
        list_href=reverse("buendnisse:process"),
        list_label=_("Integrationsprozess"),
        up=None,
        row=row,
        saved=saved,
        intro=_("Alle Mitglieder lesen das unter „Integrationsprozess“."),
    )


@moderator
@require_POST
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Move it, leave it out, bring it back: whichever button was pressed."""
    stage = get_object_or_404(ProcessStage, pk=pk)
    pressed, by, at = request.POST.get("do"), request.user, clock.now()
    try:
        if pressed == "earlier":
            process.move(stage, later=False, by=by, at=at)
        elif pressed == "later":
            process.move(stage, later=True, by=by, at=at)
        elif pressed == "end" and process.end(stage, by=by, at=at):
            messages.success(
                request, _("„%s“ ist weggelassen. Unten können Sie die Stufe wieder aufnehmen.") % stage.name
            )
        elif pressed == "back" and process.bring_back(stage, by=by, at=at):
            messages.success(request, _("„%s“ ist wieder da.") % stage.name)
    except RecordRefused as refused:
        messages.error(request, str(refused))
    return redirect("buendnisse:process")
