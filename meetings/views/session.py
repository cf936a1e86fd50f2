"""The writer's desk while a meeting runs, and afterwards. One form with a button a step, so that nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, german
from buendnisse.http import PersonRequest, number_in
from buendnisse.models import sight_of
from buendnisse.views.gate import moderator
from meetings.domain import (
    action_items,
    attendance_end,
    decisions,
    drafting,
    open_minutes,
    quorum,
    report_reading,
    session,
    session_board,
    session_end,
    standing_told,
    writing,
)
from meetings.domain.agenda_rules import AgendaRefused
from meetings.domain.versions import Stale
from meetings.enums import MeetingState, Presence
from meetings.forms.session import DecisionForm, ResultForm, TaskForm
from meetings.models import AgendaItem, Attendance, ItemDraft, Meeting
from meetings.views.session_parts import REFUSED, both, do, the_meeting, to_item, window_of
from meetings.views.session_parts import decide as take_decision

_FATE = re.compile(r"weg-[0-9]{1,12}")
_REASON = 5000
#: Fields that are worth nothing until their own button is pressed.
_HALF_DONE = (
    ("text", _lazy("Der Beschluss ist noch nicht festgestellt. Bitte stellen Sie ihn fest, oder leeren Sie das Feld.")),
    ("task", _lazy("Der Auftrag ist noch nicht vergeben. Bitte vergeben Sie ihn, oder leeren Sie das Feld.")),
)


@moderator
@require_http_methods(["GET", "HEAD"])
def live(request: PersonRequest, slug: str) -> HttpResponse:
    """The agenda, one item with what came out of it, and who is here."""
    return _page(request, the_meeting(request, slug), number_in(request.GET, "punkt"))


@moderator
@require_POST
def end(request: PersonRequest, slug: str) -> HttpResponse:
    """Keep what is typed, ask once where items have no result, end. Afterwards comes the minutes' page."""
    meeting = the_meeting(request, slug)
    number = number_in(request.POST, "item")
    item = meeting.agenda_items.select_related("meeting").filter(pk=number).first() if number else None
    if item is not None:
        stay = _keep_typed(request, meeting, item)
        if stay is not None:
            return stay
    is_sure = "trotzdem" in request.POST
    missing = [] if is_sure else session_end.unfinished(meeting)
    if missing and meeting.state == MeetingState.IN_SESSION:
        return _ask_before_the_end(request, meeting, missing, item)
    fates = {int(name[4:]): str(way) for name, way in request.POST.items() if _FATE.fullmatch(name)}
    reason = request.POST.get("grund", "")[:_REASON]
    done = _("Die Sitzung ist beendet. Als Nächstes geht das Protokoll an den Vorsitz.")
    done = german.sentences(done, attendance_end.in_words(meeting))

    def finish() -> None:
        _hold(request, meeting, item)
        session_end.end(meeting, fates=fates, reason=reason, by=request.user, at=clock.now())

    try:
        return do(request, meeting, finish, done=done, to="meetings:minutes", but=AgendaRefused)
    except AgendaRefused as refused:
        missing = session_end.unfinished(meeting, chosen=fates)
        return _ask_before_the_end(request, meeting, missing, item, reason=reason, refusal=str(refused))


def _ask_before_the_end(
    request: PersonRequest, meeting: Meeting, missing: list[session_end.Open], item: AgendaItem | None, **typed: str
) -> HttpResponse:
    back = item or missing[0].stop.item
    context = {"meeting": meeting, "missing": missing, "back": back.pk, "comes_back": any(one.ways for one in missing)}
    context |= {"window": window_of(request), "settled": attendance_end.in_words(meeting)}
    return render(request, "meetings/end.html", context | {"reason": session_end.usual_reason(meeting), **typed})


@moderator
@require_POST
def take_over(request: PersonRequest, slug: str) -> HttpResponse:
    """Write here from now on, whoever wrote before; what was typed here stays on the screen."""
    meeting = the_meeting(request, slug)
    number = number_in(request.POST, "item")
    item = meeting.agenda_items.select_related("meeting", "draft").filter(pk=number).first() if number else None
    try:
        writing.claim(meeting, by=request.user, at=clock.now(), window=window_of(request), item=item, take_over=True)
    except REFUSED as refused:
        messages.error(request, str(refused))
    if item is not None and "version" in request.POST:
        return _page(request, meeting, item.pk, **_typed(request, meeting, item))
    return to_item(meeting, number)


@moderator
@require_POST
def result(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Keep the result. A stale one is shown beside what somebody else wrote."""
    meeting, item = both(request, slug, pk)
    form = ResultForm(request.POST)
    stay = _keep(request, meeting, item, form) or _half_done(request, meeting, item)
    return stay or _onward(request, meeting, pk)


@moderator
@require_POST
def decide(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Take, reject or postpone a decision under this item."""
    meeting, item = both(request, slug, pk)
    form = DecisionForm(request.POST, entitled=quorum.quorum(meeting).entitled)
    if not form.is_valid():
        return _page(request, meeting, pk, **_typed(request, meeting, item, decision_form=form))
    try:
        _hold(request, meeting, item)
        decision = take_decision(item, form, by=request.user, at=clock.now())
    except REFUSED as refused:
        form.add_error(None, str(refused))
        return _page(request, meeting, pk, **_typed(request, meeting, item, decision_form=form))
    messages.success(
        request, _("%(number)s: %(state)s. Ein Irrtum lässt sich eine Minute lang zurücknehmen.") % _said(decision)
    )
    return _page(request, meeting, pk, **_typed(request, meeting, item, decision_form=DecisionForm()))


@moderator
@require_POST
def undo(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """A decision that was typed by mistake, for a minute: its words stand in the form again, to be put right."""
    meeting = the_meeting(request, slug)
    decision = get_object_or_404(meeting.decisions.select_related("agenda_item", "alliance"), pk=pk)
    item = get_object_or_404(meeting.agenda_items, pk=decision.agenda_item_id)
    words = DecisionForm.of(decision)
    try:
        _hold(request, meeting, item)
        decisions.take_back(decision, by=request.user, at=clock.now())
    except REFUSED as refused:
        messages.error(request, str(refused))
        return _page(request, meeting, item.pk, **_typed(request, meeting, item))
    said = _("%s ist zurückgenommen. Die Nummer bleibt als „irrtümlich erfasst“ stehen.") % decision.number
    messages.success(request, said)
    return _page(request, meeting, item.pk, **_typed(request, meeting, item, decision_form=words))


@moderator
@require_POST
def assign(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Give a task out of this item."""
    meeting, item = both(request, slug, pk)
    form = TaskForm(request.POST, owners=session_board.owners(meeting))
    if not form.is_valid():
        return _page(request, meeting, pk, **_typed(request, meeting, item, task_form=form))
    try:
        _hold(request, meeting, item)
        action_items.assign(item, **form.facts, by=request.user, at=clock.now())
    except REFUSED as refused:
        form.add_error(None, str(refused))
        return _page(request, meeting, pk, **_typed(request, meeting, item, task_form=form))
    messages.success(request, _("Der Auftrag ist notiert. Ein Irrtum lässt sich eine Minute lang zurücknehmen."))
    empty = TaskForm(owners=session_board.owners(meeting))
    return _page(request, meeting, pk, **_typed(request, meeting, item, task_form=empty))


@moderator
@require_POST
def unassign(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """A task that was typed by mistake, for a minute: its words stand in the form again, to be put right."""
    meeting = the_meeting(request, slug)
    action = get_object_or_404(meeting.action_items.select_related("agenda_item"), pk=pk)
    item = get_object_or_404(meeting.agenda_items, pk=action.agenda_item_id)
    words = {"task": action.task, "owner": action.owner_id, "due_on": action.due_on}
    try:
        _hold(request, meeting, item)
        action_items.take_back(action, by=request.user, at=clock.now())
    except REFUSED as refused:
        messages.error(request, str(refused))
        return _page(request, meeting, item.pk, **_typed(request, meeting, item))
    messages.success(request, _("Der Auftrag ist zurückgenommen."))
    form = TaskForm(initial=words, owners=session_board.owners(meeting))
    return _page(request, meeting, item.pk, **_typed(request, meeting, item, task_form=form))


@moderator
@require_POST
def here(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """One tap: this person is here. Where somebody else noted something first, that is shown and another tap decides."""
    meeting, status = the_meeting(request, slug), 200
    row = get_object_or_404(meeting.attendance.select_related("person"), pk=pk)
    said: dict[str, Any] = {"presence": request.POST.get("presence"), "version": number_in(request.GET, "stand")}
    if said["presence"] not in Presence.values:
        said["presence"] = Presence.PRESENT
    try:
        session.record_presence(row, **said, by=request.user, at=clock.now())
    except Stale as stale:
        status = 409
        messages.warning(request, _noted(row, stale.current))
    except REFUSED as refused:
        messages.error(request, str(refused))
    number = number_in(request.POST, "item")
    item = meeting.agenda_items.filter(pk=number).first() if number else None
    if item is None:
        return to_item(meeting, number)
    return _page(request, meeting, item.pk, status=status, tapped=pk, **_typed(request, meeting, item))


def _page(
    request: PersonRequest, meeting: Meeting, item: int | None, *, status: int = 200, tapped: int = 0, **given: Any
) -> HttpResponse:
    """The desk with the forms as they came back, or empty ones. After a tap the keyboard goes on at the next person."""
    at = clock.now()
    board = session_board.board(meeting, item=item, at=at)
    runs = meeting.state == MeetingState.IN_SESSION
    busy = writing.holder(getattr(meeting, "desk", None), by=request.user, at=at) if runs else None
    context: dict[str, Any] = {
        "meeting": meeting,
        "board": board,
        "left": session_board.minutes_left(board, at=at),
        "seconds": int(session_board.seconds_left(board.now, at=at)) if board.now else None,
        "people": [row for row in board.people if not session_board.is_here(row)],
        "goes_on_at": session_board.next_to_tap(board, tapped) if tapped else None,
        "tapped": tapped,
        "here": [(row, session_board.words(row)) for row in board.people if session_board.is_here(row)],
        "task_form": TaskForm(owners=session_board.owners(meeting)),
        "decision_form": DecisionForm(),
        "busy": busy,
        "may_unbegin": runs and busy is None and session_board.looks_untouched(board),
        "over": (over := open_minutes.why_over(meeting)),
        "may_write": meeting.state in {MeetingState.IN_SESSION, MeetingState.HELD}
        and not over
        and (busy is None or bool(given)),
    }
    if board.item is not None:
        sight = sight_of(request.user, at=at)
        told = standing_told.of([board.item], meeting, sight=sight, at=at)
        context["tells"] = told.get(board.item.pk)
        context["readings"] = report_reading.of(board.item, sight=sight, at=at)
        draft = getattr(board.item, "draft", None) or ItemDraft()
        context |= {"draft": draft, "decision_form": DecisionForm(initial={"text": draft.proposal})}
        context["result_form"] = ResultForm(initial={"result": board.item.result, "version": board.item.version})
    return render(request, "meetings/live.html", context | given, status=status)


def _typed(request: PersonRequest, meeting: Meeting, item: AgendaItem, **given: Any) -> dict[str, Any]:
    """The forms of the desk as they stand on the screen: what was typed and not saved yet stays there.

    The version goes on only if the writer's own step raised it, so that somebody else's text is still noticed.
    """
    said: dict[str, Any] = request.POST.dict()
    if "version" in said:
        if said["version"] == str(item.version):
            said["version"] = AgendaItem.objects.values_list("version", flat=True).get(pk=item.pk)
        given = {
            "result_form": ResultForm(initial=said),
            "decision_form": DecisionForm(initial=said),
            "task_form": TaskForm(initial=said, owners=session_board.owners(meeting)),
            "draft": _draft(said, item),
            **given,
        }
    return given


def _draft(said: dict[str, Any], item: AgendaItem) -> ItemDraft:
    """The note as typed; its version goes on like that of the result."""
    before, stored = getattr(item, "draft", None) or ItemDraft(), drafting.of(item)
    if said.get("draft_version") not in {None, str(before.version)}:
        stored.version = number_in(said, "draft_version") or 0
    stored.note = said.get("note", stored.note)
    return stored


def _keep_typed(request: PersonRequest, meeting: Meeting, item: AgendaItem) -> HttpResponse | None:
    """Save the result on the screen before the meeting ends; the desk again where something keeps from it."""
    form = ResultForm(request.POST, initial={"result": item.result})
    stay = _keep(request, meeting, item, form) if "result" in form.changed_data else None
    return stay or _half_done(request, meeting, item)


def _keep(request: PersonRequest, meeting: Meeting, item: AgendaItem, form: ResultForm) -> HttpResponse | None:
    """Record the result; the desk with all that was typed where that was refused."""
    if not form.is_valid():
        return _page(request, meeting, item.pk, **_typed(request, meeting, item, result_form=form))
    try:
        _hold(request, meeting, item)
        session.record_result(item, **form.cleaned_data, by=request.user, at=clock.now())
    except session.ResultOutdated as outdated:
        typed = _typed(request, meeting, item) | {"outdated": outdated, "result_form": _again(outdated)}
        return _page(request, meeting, item.pk, status=409, **typed)
    except REFUSED as refused:
        form.add_error(None, str(refused))
        return _page(request, meeting, item.pk, **_typed(request, meeting, item, result_form=form))
    return _keep_draft(request, meeting, item)


def _keep_draft(request: PersonRequest, meeting: Meeting, item: AgendaItem) -> HttpResponse | None:
    """Keep the note and the proposal as well; the desk again, with the stored ones named, where those are newer."""
    version = number_in(request.POST, "draft_version")
    if version is None:
        return None
    try:
        drafting.keep(item, version=version, proposal=request.POST.get("text", ""), note=request.POST.get("note", ""))
    except Stale as stale:
        said = _(
            "Vorschlag oder Notiz hat jemand anderes geändert. Gespeichert ist: „%(proposal)s“, Notiz: „%(note)s“."
        )
        messages.warning(request, said % {"proposal": stale.current.proposal, "note": stale.current.note})
        return _page(request, meeting, item.pk, status=409, **_typed(request, meeting, item))
    return None


def _hold(request: PersonRequest, meeting: Meeting, item: AgendaItem | None) -> None:
    """Be the writer for this step. Raises SomebodyWrites."""
    writing.may_write(meeting, by=request.user, at=clock.now(), window=window_of(request), item=item)


def _half_done(request: PersonRequest, meeting: Meeting, item: AgendaItem) -> HttpResponse | None:
    """A decision or task that is typed and not taken yet: the desk again, saying so."""
    half = [words for name, words in _HALF_DONE if request.POST.get(name, "").strip()]
    if not half:
        return None
    for words in half:
        messages.warning(request, str(words))
    return _page(request, meeting, item.pk, **_typed(request, meeting, item))


def _again(outdated: session.ResultOutdated) -> ResultForm:
    """One's own text once more, on top of the version that is stored now."""
    return ResultForm(initial={"result": outdated.yours, "version": outdated.version})


def _said(decision: Any) -> dict[str, str]:
    return {"number": decision.number, "state": decision.get_state_display()}


def _onward(request: PersonRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """To the next item, unless the writer stays."""
    messages.success(request, _("Gespeichert um %(hour)s Uhr.") % {"hour": f"{clock.local(clock.now()):%H:%M}"})
    after = session_board.board(meeting, item=pk, at=clock.now()).after
    return to_item(meeting, after.item.pk if after and "weiter" in request.POST else pk)


def _noted(row: Attendance, current: Attendance) -> str:
    said = _("Inzwischen hat jemand anderes %(name)s als „%(noted)s“ erfasst. Ist das falsch, tippen Sie noch einmal.")
    return said % {"name": row.person.full_name, "noted": current.get_presence_display()}
