"""The register of decisions, and one decision with everything that came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, permissions
from buendnisse.http import PersonRequest
from buendnisse.models import Sight, sight_of
from buendnisse.views.gate import moderator
from meetings.domain import decision_follow_up, decision_register, decision_table, whom_to_ask
from meetings.domain import decisions as verbs
from meetings.domain.decision_register import Overview
from meetings.domain.moves import MoveRefused, may_move
from meetings.domain.versions import Stale
from meetings.enums import DECISION_STANDING, DecisionState
from meetings.forms.decisions import EntrustForm, FollowUpForm, RegisterFilters, RevokeForm, SupersedeForm
from meetings.models import ActionItem, Decision, Relay
from meetings.models.decision import DecisionQuerySet

REFUSED = (MoveRefused, verbs.TextMissing, verbs.NumberSelf)
A_PAGE = 15


@login_required
@require_http_methods(["GET", "HEAD"])
def index(request: PersonRequest) -> HttpResponse:
    """Search and filters over what the reader may see."""
    found = _found(request)
    pages: Paginator[Any] = Paginator(found.rows, A_PAGE)
    if found.form.wanted["q"]:
        pages.object_list = list(found.rows.values_list("pk", flat=True))  # looked for once, not to count and to show
    elif not found.is_narrowed:
        vars(pages)["count"] = found.known.total  # counted already
    page = pages.get_page(request.GET.get("seite"))
    if isinstance(page.object_list, list):
        page.object_list = decision_register.register(found.sight, at=found.at).filter(pk__in=page.object_list)
    page.object_list = decision_register.lines(page.object_list, sight=found.sight, at=found.at)  # type: ignore[arg-type]
    context = {"page": page, "form": found.form, "known": found.known, "is_narrowed": found.is_narrowed}
    return render(request, "meetings/decisions.html", context)


@login_required
@require_http_methods(["GET", "HEAD"])
def table(request: PersonRequest) -> HttpResponse:
    """The same as a file for spreadsheets."""
    found = _found(request)
    rows = decision_register.lines(found.rows, sight=found.sight, at=found.at)
    response = HttpResponse(decision_table.table(rows), content_type="text/csv; charset=utf-8")
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
    return _do(request, decision, verbs.revoke, revoke_form=RevokeForm(request.POST, decision=decision))


@moderator
@require_POST
def supersede(request: PersonRequest, number: str) -> HttpResponse:
    """A newer decision takes its place."""
    decision = _visible(request, number)
    return _do(request, decision, verbs.supersede, supersede_form=SupersedeForm(request.POST, decision=decision))


@dataclass(frozen=True)
class _Found:
    """What was looked for and who asks."""

    rows: DecisionQuerySet
    form: RegisterFilters
    known: Overview
    sight: Sight
    at: dt.datetime

    @property
    def is_narrowed(self) -> bool:
        return self.form.is_narrow


def _found(request: PersonRequest) -> _Found:
    at = clock.now()
    sight = sight_of(request.user, at=at)
    if not sight.overview:
        raise PermissionDenied
    rows = decision_register.register(sight, at=at)
    known = decision_register.overview(rows)
    form = RegisterFilters(request.GET, offered=decision_register.choices(known))
    return _Found(decision_register.narrowed(rows, form.wanted, at=at), form, known, sight, at)


def _page(request: PersonRequest, decision: Decision, *, status: int = 200, **given: Any) -> HttpResponse:
    at = clock.now()
    relays = Relay.objects.visible_to(request.user, at=at).select_related("source", "target", "answer_decision")
    tasks = ActionItem.objects.visible_to(request.user, at=at).select_related("owner", "organisation")
    context: dict[str, Any] = {
        "decision": decision,
        "relays": relays.filter(source_decision=decision).order_by("pk"),
        "answered": relays.filter(answer_decision=decision).order_by("pk"),
        "tasks": tasks.filter(decision_register.tasks_of(decision)).order_by("due_on"),
        "history": decision_register.history(decision),
        "contact": whom_to_ask.about(decision, at=at),
    }
    if permissions.may_moderate(request.user):
        context |= {
            "may_relay": decision.state in DECISION_STANDING,
            "may_revoke": may_move(decision, to=DecisionState.REVOKED),
            "may_supersede": may_move(decision, to=DecisionState.SUPERSEDED),
            "entrust_form": EntrustForm(decision=decision, people=decision_follow_up.candidates(decision, at=at)),
            "follow_up_form": FollowUpForm.of(decision),
            "revoke_form": RevokeForm(decision=decision),
            "supersede_form": SupersedeForm(decision=decision),
        }
    return render(request, "meetings/decision.html", context | given, status=status)


def _do(request: PersonRequest, decision: Decision, verb: Callable[..., object], **bound: Any) -> HttpResponse:
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
    messages.success(request, _("Gespeichert."))
    return redirect("meetings:decision", number=decision.number)


def _visible(request: PersonRequest, number: str) -> Decision:
    rows = Decision.objects.visible_to(request.user, at=clock.now()).select_related(
        "alliance", "meeting", "agenda_item", "circular", "revoked_by", "superseded_by", "responsible_organisation"
    )
    return get_object_or_404(rows.prefetch_related("topics", "supersedes", "revokes"), number=number.upper())
