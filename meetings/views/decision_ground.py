"""Naming the answer a decision rests on, so that the way of the matter goes on to it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import decision_ground
from meetings.domain.versions import Stale
from meetings.forms.decision_ground import RestsOnForm
from meetings.models import Decision


@require_http_methods(["GET", "HEAD", "POST"])
@moderator
def rests_on(request: PersonRequest, number: str) -> HttpResponse:
    """Which answer it was; a stale write says so, and the next one counts."""
    at = clock.now()
    seen = Decision.objects.visible_to(request.user, at=at).select_related(
        "alliance", "rests_on__source", "rests_on__target"
    )
    decision = get_object_or_404(seen, number=number.upper())
    answers = decision_ground.answers_before(decision)
    data = request.POST.copy() if request.method == "POST" else None
    form = RestsOnForm(data, decision=decision, answers=answers)
    status = HTTPStatus.OK
    if data is not None and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            decision_ground.rest(decision, on=form.chosen, version=version, by=request.user, at=at)
        except decision_ground.NoSuchAnswer as refused:
            form.add_error("on", str(refused))
        except Stale as stale:
            form.add_error(None, str(stale))
            data["version"] = str(stale.current.version)
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, _("Gespeichert."))
            return redirect("meetings:decision", number=decision.number)
    context = {"decision": decision, "form": form, "answers": answers}
    return render(request, "meetings/decision_rests_on.html", context, status=status)
