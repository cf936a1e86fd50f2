"""What the views of the board share: the meeting and its topic, the page, what is said and where one goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.http import PersonRequest
from meetings.domain import agenda, agenda_board, agenda_fate, agenda_order, agenda_seen
from meetings.domain.moves import MoveRefused
from meetings.models import AgendaItem, Meeting

#: What somebody at the board can run into; each says in German what to do.
REFUSED = (agenda.AgendaRefused, agenda_order.CannotMove, MoveRefused)


def page(
    request: PersonRequest,
    meeting: Meeting,
    *,
    typed: Mapping[str, str] | None = None,
    template: str = "meetings/agenda_board.html",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The board, or the part of it that `template` names."""
    at = clock.now()
    context = {
        "meeting": meeting,
        "board": agenda_board.board(meeting, reader=request.user, at=at, typed=typed),
        "window": agenda.window(meeting, at=at),
        **more,
    }
    return render(request, template, context, status=status)


def say(request: PersonRequest, meeting: Meeting, item: AgendaItem, text: str) -> None:
    """Tell what was done, with the button beside it that takes it back."""
    step = agenda_fate.last_step(item)
    context = {"text": text, "item": item, "meeting": meeting, "step": str(step.pk if step else 0)}
    messages.success(request, render_to_string("meetings/parts/done.html", context, request=request))


def refuse(request: PersonRequest, item: AgendaItem, refused: Exception) -> None:
    """Tell why not, and who was there last: often somebody else was faster."""
    messages.error(request, f"{refused} {agenda_seen.last_step(item)}")


def back(meeting: Meeting, item: AgendaItem | None = None) -> HttpResponse:
    """To the board; to the row, where the topic has one."""
    anchor = f"#punkt-{item.pk}" if item is not None and item.position else ""
    return redirect(f"{reverse('meetings:agenda', args=[meeting.slug])}{anchor}")


def was_seen(item: AgendaItem, state: str) -> str:
    """Empty while a topic stands as its reader saw it; otherwise what happened to it meanwhile."""
    if state in {"", item.state}:
        return ""
    said = _("Inzwischen ist mit diesem Thema etwas geschehen. Der Stand ist jetzt „%s“.") % item.get_state_display()
    return f"{said} {agenda_seen.last_step(item)}"
