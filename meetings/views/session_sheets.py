"""Sheets about a whole meeting: who was there, and all items on one page for what was noted on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import attendance_list, quorum, session, session_board
from meetings.forms.session import PresenceForm, ResultForm
from meetings.models import AgendaItem
from meetings.views.session_parts import REFUSED, the_meeting


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: PersonRequest, slug: str) -> HttpResponse:
    """Everybody at once. All is kept or, with a mistake, nothing; what was typed stays."""
    meeting, refusal, status = the_meeting(request, slug), "", 200
    forms = [PresenceForm(request.POST or None, row=row) for row in session_board.everybody(meeting)]
    if request.method == "POST" and _all_valid(forms):
        entries = [form.entry for form in forms if form.is_touched]
        try:
            attendance_list.record(meeting, entries, by=request.user, at=clock.now())
            messages.success(request, _("Die Anwesenheit ist gespeichert."))
            return redirect("meetings:attendance", slug=meeting.slug)
        except attendance_list.Outdated as outdated:
            refusal, status = str(outdated), 409
            for form in forms:
                if form.row.pk in outdated.current:
                    form.show_current(outdated.current[form.row.pk])
        except REFUSED as refused:
            refusal = str(refused)
    context = {"meeting": meeting, "forms": forms, "refusal": refusal, "quorum": quorum.quorum(meeting)}
    return render(request, "meetings/attendance.html", context, status=status)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def catch_up(request: PersonRequest, slug: str) -> HttpResponse:
    """All items on one page, for a meeting that was noted on paper."""
    meeting = the_meeting(request, slug)
    stops = session_board.board(meeting, at=clock.now()).stops
    rows = [(stop, _result_form(request, stop.item)) for stop in stops]
    conflicts: dict[int, session.ResultOutdated] = {}
    if request.method == "POST" and _all_valid([form for _stop, form in rows]):
        conflicts = _keep_all(request, rows)
        if not conflicts and not any(form.errors for _stop, form in rows):
            messages.success(request, _("Alle Ergebnisse sind gespeichert."))
            return redirect("meetings:catch_up", slug=meeting.slug)
    context = {"meeting": meeting, "rows": [(stop, form, conflicts.get(stop.item.pk)) for stop, form in rows]}
    return render(request, "meetings/catch_up.html", context, status=409 if conflicts else 200)


def _result_form(request: PersonRequest, item: AgendaItem) -> ResultForm:
    initial = {"result": item.result, "version": item.version}
    return ResultForm(request.POST or None, prefix=f"i{item.pk}", initial=initial)


def _keep_all(request: PersonRequest, rows: Any) -> dict[int, session.ResultOutdated]:
    """Keep each result that changed; what somebody else wrote meanwhile comes back beside it."""
    conflicts = {}
    for stop, form in rows:
        if "result" not in form.changed_data:
            continue
        try:
            session.record_result(stop.item, **form.cleaned_data, by=request.user, at=clock.now())
        except session.ResultOutdated as outdated:
            conflicts[stop.item.pk] = outdated
            form.data = form.data.copy()
            form.data[form.add_prefix("version")] = str(outdated.version)
        except REFUSED as refused:
            form.add_error(None, str(refused))
    return conflicts


def _all_valid(forms: Sequence[Form]) -> bool:
    """Every form is asked, so that every mistake is shown."""
    return not [form for form in forms if not form.is_valid()]
