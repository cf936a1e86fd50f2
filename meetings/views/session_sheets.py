"""Sheets about a whole meeting: who was there, and all items on one page for what was noted on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.models import Person
from buendnisse.views.gate import moderator
from meetings.adapters import session_word
from meetings.domain import action_items, attendance_list, open_minutes, quorum, session, session_board
from meetings.enums import MeetingState
from meetings.forms.catch_up import PaperItem
from meetings.forms.session import PresenceForm, grouped
from meetings.views.minutes import as_word
from meetings.views.session_parts import REFUSED, decide, the_meeting


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
    context = {"meeting": meeting, "groups": grouped(forms), "forms": forms, "refusal": refusal}
    context["quorum"] = quorum.quorum(meeting)
    return render(request, "meetings/attendance.html", context, status=status)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def catch_up(request: PersonRequest, slug: str) -> HttpResponse:
    """All items on one page, for a meeting that was noted on paper: one save, and what was refused stays typed."""
    meeting, at = the_meeting(request, slug), clock.now()
    counted, owners = quorum.quorum(meeting), session_board.owners(meeting)
    stops = session_board.with_outcome(meeting)
    rows = [PaperItem(stop, request.POST or None, owners=owners, entitled=counted.entitled) for stop in stops]
    if request.method == "POST" and _all_valid([form for row in rows for form in row.forms]):
        for row in rows:
            _keep(row, by=request.user, at=at)
        if not any(row.stored or row.has_errors for row in rows):
            messages.success(request, _("Alles ist gespeichert."))
            return redirect(
                reverse("meetings:catch_up", args=[meeting.slug]) + "?gespeichert=ja"
            )  # the browser may forget
    may_write = meeting.state in {MeetingState.IN_SESSION, MeetingState.HELD}
    context = {"meeting": meeting, "rows": rows, "quorum": counted, "may_write": may_write}
    context["over"] = "" if request.method == "POST" else open_minutes.why_over(meeting)
    context["wrong"] = [row.stop.number for row in rows if row.has_errors or row.stored]
    return render(request, "meetings/catch_up.html", context, status=409 if any(row.stored for row in rows) else 200)


@moderator
@require_http_methods(["GET", "HEAD"])
def word(request: PersonRequest, slug: str) -> HttpResponse:
    """A form to print and write on, for a room without a network or a second person."""
    meeting = the_meeting(request, slug)
    return as_word(session_word.form(meeting, at=clock.now()), session_word.file_name(meeting))


def _keep(row: PaperItem, *, by: Person, at: dt.datetime) -> None:
    """Keep what was written about one item. What was kept before is the same thing again, by its form's key."""
    item, text = row.stop.item, row.result
    try:
        if "result" in text.changed_data:
            session.record_result(item, **text.cleaned_data, by=by, at=at)
    except session.ResultOutdated as outdated:
        row.show_stored(outdated.stored, outdated.version)
    except REFUSED as refused:
        text.add_error(None, str(refused))
    try:
        if row.decision.has_changed():
            decide(item, row.decision, by=by, at=at)
    except REFUSED as refused:
        row.decision.add_error(None, str(refused))
    try:
        if row.task.has_changed():
            action_items.assign(item, **row.task.facts, by=by, at=at)
    except REFUSED as refused:
        row.task.add_error(None, str(refused))


def _all_valid(forms: Sequence[Form]) -> bool:
    """Every form is asked, so that every mistake is shown."""
    return not [form for form in forms if not form.is_valid()]
