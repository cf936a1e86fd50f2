"""Tasks: the list, one task, and the page behind the owner's link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, permissions
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Person
from buendnisse.views.gate import moderator, only
from buendnisse.views.links import by_link
from meetings.domain import action_items, task_heirs, task_list, whom_to_ask
from meetings.domain.moves import MoveRefused
from meetings.domain.versions import Stale
from meetings.enums import ActionItemState
from meetings.forms.tasks import DropForm, HandOverForm, ReportForm, TaskFilterForm
from meetings.models import ActionItem

REFUSED = (MoveRefused, action_items.TaskIncomplete)
_A_PAGE = 40


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.TASK)
def by_owner(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Done, takes longer, or cannot be done: every answer is welcome and can be changed."""
    action = _of(link)
    try:
        action_items.require_owner(action, link.person)
    except action_items.NotTheOwner:
        return render(request, "meetings/task_gone.html", {"link": link, "action": action})
    form, stored = ReportForm(request.POST or None, initial=_as_it_stands(action)), None
    if form.is_valid():
        try:
            action_items.report(action, **form.verb, by=link.person, at=clock.now(), via=Via.LINK)
            return redirect("meetings:task_thanks", token=links.token(link))
        except Stale as stale:
            action = stored = _of(link)
            form.show_current(stale.current)
        except REFUSED as refused:
            form.add_error(None, str(refused))
    context = {"link": link, "action": action, "form": form, "stored": stored}
    context["contact"] = whom_to_ask.about(action, at=clock.now())
    return render(request, "meetings/task_link.html", context, status=409 if stored else 200)


@require_http_methods(["GET", "HEAD"])
@by_link(LinkPurpose.TASK)
def thanks(request: HttpRequest, link: AccessLink) -> HttpResponse:
    context = {"link": link, "action": _of(link), "token": links.token(link)}
    return render(request, "meetings/task_thanks.html", context)


@only(permissions.may_read)
@require_http_methods(["GET", "HEAD"])
def index(request: PersonRequest) -> HttpResponse:
    """By due date. The Fachstelle sees all; members their own and those of their alliances."""
    at = clock.now()
    form = TaskFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = task_heirs.marked(task_list.tasks(request.user, at=at, wanted=wanted), at=at)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("seite"))
    orphans = task_heirs.of(page.object_list, at=at) if permissions.may_moderate(request.user) else {}
    context = {
        "page": page,
        "rows": [(action, orphans.get(action.pk)) for action in page.object_list],
        "filter": form,
        "summary": task_list.summary(request.user, at=at),
        "wanted": wanted,
    }
    return render(request, "meetings/tasks.html", context)


@only(permissions.may_read)
@require_http_methods(["GET", "HEAD"])
def one(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


@only(permissions.may_read)
@require_POST
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """The owner, or the Fachstelle after a telephone call."""
    action = _visible(request, pk)
    if not _may_report(request, action):
        raise PermissionDenied
    form = ReportForm(request.POST)
    if form.is_valid():
        via = Via.WEB if action.owner_id == request.user.pk else Via.PHONE
        try:
            action_items.report(action, **form.verb, by=request.user, at=clock.now(), via=via)
            messages.success(request, _("Die Rückmeldung ist gespeichert."))
            return redirect("meetings:task", pk=pk)
        except Stale as stale:
            return _stale(request, pk, stale, form=form)
        except REFUSED as refused:
            form.add_error(None, str(refused))
    return _page(request, action, form=form)


@moderator
@require_POST
def drop(request: PersonRequest, pk: int) -> HttpResponse:
    """The task is no longer needed."""
    action = _visible(request, pk)
    form = DropForm(request.POST)
    if not form.is_valid():
        return _page(request, action, drop_form=form)
    said: dict[str, Any] = {"words": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}
    try:
        action_items.report(
            action, state=ActionItemState.CANCELLED, **said, by=request.user, at=clock.now(), via=Via.WEB
        )
    except Stale as stale:
        return _stale(request, pk, stale, drop_form=form)
    except REFUSED as refused:
        messages.error(request, str(refused))
    return redirect("meetings:task", pk=pk)


@moderator
@require_POST
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    action = _visible(request, pk)
    try:
        action_items.reopen(action, by=request.user, at=clock.now())
    except REFUSED as refused:
        messages.error(request, str(refused))
    return redirect("meetings:task", pk=pk)


@moderator
@require_POST
def hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    """Somebody else takes the task."""
    action = _visible(request, pk)
    form = HandOverForm(request.POST, people=task_list.heirs(action, at=clock.now()))
    if not form.is_valid():
        return _page(request, action, hand_over_form=form)
    try:
        action_items.hand_over(action, **form.cleaned_data, by=request.user, at=clock.now())
    except Stale as stale:
        return _stale(request, pk, stale, hand_over_form=form)
    _tell_handed_over(request, form.cleaned_data["to"])
    return redirect("meetings:task", pk=pk)


def _tell_handed_over(request: PersonRequest, heir: Person) -> None:
    text = _("Der Auftrag liegt jetzt bei %(name)s.") % {"name": heir.full_name}
    if heir.gets_mail:
        messages.success(request, text + " " + _("Eine E-Mail mit dem Link zum Zurückmelden geht hinaus."))
    else:
        messages.success(request, text)
        messages.warning(request, _("%s bekommt keine E-Mail. Bitte rufen Sie an.") % heir.full_name)


def _stale(
    request: PersonRequest, pk: int, stale: Stale, **given: ReportForm | DropForm | HandOverForm
) -> HttpResponse:
    """Somebody else changed the task first: what holds now above, what was typed below."""
    for form in given.values():
        form.show_current(stale.current)
    return _page(request, _visible(request, pk), is_stale=True, **given)


def _as_it_stands(action: ActionItem) -> dict[str, Any]:
    """What the form for a report begins with."""
    return {"satz": action.report, "bis": task_list.suggested(action, at=clock.now()), "version": action.version}


def _page(request: PersonRequest, action: ActionItem, *, is_stale: bool = False, **given: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "action": action,
        "may_report": _may_report(request, action),
        "is_stale": is_stale,
        "form": ReportForm(initial=_as_it_stands(action)),
        "history": task_list.history(action),
        "contact": whom_to_ask.about(action, at=clock.now()),
    }
    if permissions.may_moderate(request.user):
        version = {"version": action.version}
        context["orphan"] = _orphan(action)
        context["drop_form"] = DropForm(initial=version)
        context["hand_over_form"] = HandOverForm(initial=version, people=task_list.heirs(action, at=clock.now()))
    return render(request, "meetings/task.html", context | given, status=409 if is_stale else 200)


def _orphan(action: ActionItem) -> task_heirs.Orphan | None:
    at = clock.now()
    rows = ActionItem.objects.filter(pk=action.pk).select_related(*task_list.RELATED)
    return task_heirs.of(task_heirs.marked(rows, at=at), at=at).get(action.pk)


def _may_report(request: PersonRequest, action: ActionItem) -> bool:
    return permissions.may_moderate(request.user) or action.owner_id == request.user.pk


def _visible(request: PersonRequest, pk: int) -> ActionItem:
    at = clock.now()
    rows = task_list.shown(ActionItem.objects.visible_to(request.user, at=at), reader=request.user, at=at)
    return get_object_or_404(rows, pk=pk)


def _of(link: AccessLink) -> ActionItem:
    rows = task_list.shown(ActionItem.objects.all(), reader=link.person, at=clock.now())
    action = rows.filter(pk=link.subject_id).first()
    if action is None:
        raise Http404
    return action
