"""The register of decisions, and one decision with everything that came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, german, permissions
from buendnisse.http import PersonRequest
from buendnisse.models import sight_of
from buendnisse.views.gate import moderator
from meetings.domain import (
    decision_follow_up,
    decision_lines,
    decision_register,
    decision_reminders,
    decision_table,
    decision_undo,
    relay_ground,
    whom_to_ask,
)
from meetings.domain import decisions as verbs
from meetings.domain.decision_lines import Look
from meetings.domain.decision_register import Overview
from meetings.domain.moves import MoveRefused, may_move
from meetings.domain.versions import Stale
from meetings.enums import DECISION_STANDING, DecisionState
from meetings.forms.decisions import EntrustForm, FollowUpForm, RegisterFilters, RevokeForm, SupersedeForm
from meetings.models import ActionItem, Decision, Relay

REFUSED = (MoveRefused, verbs.TextMissing, verbs.NumberSelf)
_FALLEN = frozenset({DecisionState.REVOKED, DecisionState.SUPERSEDED})


@login_required
@require_http_methods(["GET", "HEAD"])
def index(request: PersonRequest) -> HttpResponse:
    """Search and filters over what the reader may see."""
    form, known, look = _look(request)
    if form.errors:
        return _refused(request, form, known)
    page = decision_lines.page(look, known=known, number=request.GET.get("seite"))
    context = {"page": page, "form": form, "known": known, "is_narrowed": look.wanted.is_narrow}
    return render(request, "meetings/decisions.html", context)


@login_required
@require_http_methods(["GET", "HEAD"])
def table(request: PersonRequest) -> HttpResponse:
    """The same as a file for spreadsheets; what the page refuses is no file, since a file would hold everything."""
    form, known, look = _look(request)
    if form.errors:
        return _refused(request, form, known, status=400)
    response = HttpResponse(decision_table.table(decision_lines.every(look)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="beschluesse.csv"'
    return response


@login_required
@require_http_methods(["GET", "HEAD"])
def one(request: PersonRequest, number: str) -> HttpResponse:
    return _page(request, _visible(request, number))


@moderator
@require_POST
def follow_up(request: PersonRequest, number: str) -> HttpResponse:
    """What became of it, and when it is looked at again; a stale write shows both."""
    return _do(request, _visible(request, number), verbs.follow_up, follow_up_form=FollowUpForm(request.POST))


@moderator
@require_POST
def entrust(request: PersonRequest, number: str) -> HttpResponse:
    """Name who is responsible for it."""
    decision, at = _visible(request, number), clock.now()
    form = EntrustForm(request.POST, decision=decision, people=decision_follow_up.candidates(decision, at=at))
    return _do(request, decision, decision_follow_up.entrust, entrust_form=form)


@moderator
@require_POST
def revoke(request: PersonRequest, number: str) -> HttpResponse:
    """Take it back; number and words stay."""
    decision = _visible(request, number)
    form = RevokeForm(request.POST, decision=decision)
    return _do(request, decision, verbs.revoke, said=_("%s ist aufgehoben.") % decision.number, revoke_form=form)


@moderator
@require_POST
def supersede(request: PersonRequest, number: str) -> HttpResponse:
    """A newer decision takes its place."""
    decision = _visible(request, number)
    form = SupersedeForm(request.POST, decision=decision)
    return _do(request, decision, verbs.supersede, said=_("%s ist ersetzt.") % decision.number, supersede_form=form)


@moderator
@require_POST
def reinstate(request: PersonRequest, number: str) -> HttpResponse:
    """It was the wrong one: it stands as before. A second tap finds it standing."""
    decision = _visible(request, number)
    try:
        decision_undo.reinstate(decision, by=request.user, at=clock.now())
    except MoveRefused as refused:
        if decision.state not in DECISION_STANDING:
            messages.error(request, str(refused))
    else:
        messages.success(request, _("%s gilt wieder wie zuvor.") % decision.number)
    return redirect("meetings:decision", number=decision.number)


def _look(request: PersonRequest) -> tuple[RegisterFilters, Overview, Look]:
    """What was looked for and by whom. Raises PermissionDenied."""
    at = clock.now()
    sight = sight_of(request.user, at=at)
    if not sight.overview:
        raise PermissionDenied
    known = decision_register.overview(sight, at=at)
    form = RegisterFilters(request.GET, offered=decision_register.choices(known))
    return form, known, Look(sight, form.sought, clock.local_date(at))


def _refused(request: PersonRequest, form: RegisterFilters, known: Overview, *, status: int = 200) -> HttpResponse:
    """Why nothing was looked for, beside what was typed."""
    return render(request, "meetings/decisions.html", {"form": form, "known": known}, status=status)


def _page(request: PersonRequest, decision: Decision, *, status: int = 200, **given: Any) -> HttpResponse:
    at = clock.now()
    relays = Relay.objects.visible_to(request.user, at=at).select_related("source", "target", "answer_decision")
    tasks = ActionItem.objects.visible_to(request.user, at=at).select_related("owner", "organisation")
    found = list(relays.filter(source_decision=decision).order_by("pk"))
    context: dict[str, Any] = {
        "decision": decision,
        "relays": found,
        "rests_on": relays.filter(pk=decision.rests_on_id).first() if decision.rests_on_id else None,
        "answered": relays.filter(answer_decision=decision).order_by("pk"),
        "tasks": tasks.filter(decision_register.tasks_of(decision)).order_by("due_on"),
        "history": decision_register.history(decision),
        "contact": whom_to_ask.about(decision, at=at),
    }
    if permissions.may_moderate(request.user):
        context |= {
            "travelling": [one for one in found if one.state in relay_ground.UNDER_WAY],
            "fall": decision_undo.last_fall(decision, at=at) if decision.state in _FALLEN else None,
            "may_relay": decision.state in DECISION_STANDING,
            "may_revoke": may_move(decision, to=DecisionState.REVOKED),
            "may_supersede": may_move(decision, to=DecisionState.SUPERSEDED),
            "entrust_form": EntrustForm(decision=decision, people=decision_follow_up.candidates(decision, at=at)),
            "again": german.count(decision_reminders.again().days, "Tag", "Tage"),
            "follow_up_form": FollowUpForm.of(decision),
            "revoke_form": RevokeForm(decision=decision),
            "supersede_form": SupersedeForm(decision=decision),
        }
    return render(request, "meetings/decision.html", context | given, status=status)


def _do(
    request: PersonRequest, decision: Decision, verb: Callable[..., object], *, said: str = "", **bound: Any
) -> HttpResponse:
    """Run the verb with what its one form says; refused or stale, the page again with all that was typed."""
    [form] = bound.values()
    if not form.is_valid():
        return _page(request, decision, **bound)
    try:
        verb(decision, **form.cleaned_data, by=request.user, at=clock.now())
    except Stale as stale:
        form.show_current(stale.current)
        return _page(request, _visible(request, decision.number), status=409, stored=stale.current, **bound)
    except REFUSED as refused:
        form.add_error(None, str(refused))
        return _page(request, _visible(request, decision.number), **bound)
    messages.success(request, said or _("Gespeichert."))
    return redirect("meetings:decision", number=decision.number)


def _visible(request: PersonRequest, number: str) -> Decision:
    rows = Decision.objects.visible_to(request.user, at=clock.now()).select_related(
        "alliance",
        "meeting",
        "agenda_item",
        "circular",
        "revoked_by",
        "superseded_by",
        "responsible_organisation",
    )
    return get_object_or_404(rows.prefetch_related("topics", "supersedes", "revokes"), number=number.upper())
