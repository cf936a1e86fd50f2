"""Integrationsprozess: how integration proceeds in the district, for the members of all bodies."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buendnisse import clock, permissions
from buendnisse.domain import process
from buendnisse.forms.process import StageForm, begin
from buendnisse.http import PersonRequest
from buendnisse.models import ProcessStage, sight_of
from buendnisse.views.gate import moderator, only

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
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            process.add(form.facts, form_key=form.cleaned_data["form_key"], by=request.user, at=clock.now())
        except process.TooManyStages as refused:
            form.add_error(None, str(refused))
        else:
            return _done(request, _("Die Stufe „%s“ steht jetzt am Ende.") % form.cleaned_data["name"])
    return render(request, "buendnisse/process_stage.html", {"form": form})


@moderator
@require_http_methods(_METHODS)
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """What somebody else saved meanwhile is shown beside what was typed, and not written over unseen."""
    stage = get_object_or_404(ProcessStage, pk=pk)
    form, current, status = _form(request, stage), None, HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            process.change(stage, form.facts, version=version, by=request.user, at=clock.now())
        except process.StageStale as stale:
            current, status = stale.current, HTTPStatus.CONFLICT
            data = request.POST.copy()
            data["version"] = str(current.version)
            form.data = data
            form.add_error(None, str(stale))
        else:
            return _done(request, _("„%s“ ist gespeichert.") % form.cleaned_data["name"])
    context = {"form": form, "stage": stage, "current": current}
    return render(request, "buendnisse/process_stage.html", context, status=status)


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
    except process.TooManyStages as refused:
        messages.error(request, str(refused))
    return redirect("buendnisse:process")


def _form(request: PersonRequest, stage: ProcessStage | None = None) -> StageForm:
    at = clock.now()
    initial = begin(stage) if stage else {}
    return StageForm(request.POST or None, initial=initial, day=clock.local_date(at), reader=request.user, at=at)


def _done(request: PersonRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("buendnisse:process")
