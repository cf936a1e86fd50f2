"""What all pages about holding a meeting share: the meeting asked for, and what a writer can run into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.models import Person
from meetings.domain import action_items, agenda_rules, decisions, session, voting, writing
from meetings.domain.moves import MoveRefused
from meetings.domain.open_minutes import MinutesFrozen, NotInSession
from meetings.enums import DecisionState
from meetings.forms.session import DecisionForm
from meetings.models import AgendaItem, Decision, Meeting

#: What a writer can run into; each says in German what to do.
REFUSED = (
    MoveRefused,
    MinutesFrozen,
    NotInSession,
    agenda_rules.AgendaRefused,
    session.AlreadyCirculated,
    voting.QuorumMissing,
    voting.AttendanceMissing,
    voting.VotesImpossible,
    decisions.TextMissing,
    decisions.TakenForGood,
    action_items.TaskIncomplete,
    writing.SomebodyWrites,
)


def the_meeting(request: PersonRequest, slug: str) -> Meeting:
    rows = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(rows.select_related("alliance", "venue", "chair", "desk__writer"), slug=slug)


def both(request: PersonRequest, slug: str, pk: int) -> tuple[Meeting, AgendaItem]:
    """The meeting and one of its items."""
    meeting = the_meeting(request, slug)
    return meeting, get_object_or_404(meeting.agenda_items.select_related("meeting", "draft"), pk=pk)


def decide(item: AgendaItem, form: DecisionForm, *, by: Person, at: dt.datetime) -> Decision:
    """What a valid DecisionForm says. Raises what the verbs raise."""
    said, common = form.cleaned_data, {**form.facts, "by": by, "at": at}
    if said["outcome"] == DecisionState.REJECTED:
        return decisions.reject(item, reply=form.reply, **common)
    if said["outcome"] == DecisionState.POSTPONED:
        return decisions.postpone(item, follow_up_on=said["follow_up_on"], **common)
    return decisions.adopt(item, follow_up_on=said["follow_up_on"], reply=form.reply, **common)


def to_item(meeting: Meeting, pk: int | None) -> HttpResponse:
    """The desk with this item open, or with the one that is next."""
    address = reverse("meetings:live", args=[meeting.slug])
    return redirect(f"{address}?punkt={pk}" if pk else address)


def do(
    request: PersonRequest,
    meeting: Meeting,
    verb: Callable[[], object],
    *,
    done: str = "",
    to: str = "",
    but: type[Exception] | tuple[type[Exception], ...] = (),
) -> HttpResponse:
    """Run one verb; say what it refused, but for what the caller says itself."""
    try:
        verb()
    except but:
        raise
    except REFUSED as refused:
        messages.error(request, str(refused))
        return to_item(meeting, None)
    if done:
        messages.success(request, done)
    return redirect(to, slug=meeting.slug) if to else to_item(meeting, None)


def window_of(request: PersonRequest) -> str:
    """The browser window that writes, as its script names it; empty without script."""
    return request.POST.get("window", "")[:36]
