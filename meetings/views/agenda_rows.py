"""The rows of the agenda in one form: with a script one small request, without one the page again."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import agenda_board, agenda_order, agenda_rows, agenda_seen
from meetings.domain.agenda_rules import Stale
from meetings.domain.standing_told import Telling
from meetings.forms import board as fields
from meetings.models import Meeting
from meetings.views import at_board, items

_PART = "meetings/parts/board_agenda.html"


@moderator
@require_POST
def order(request: PersonRequest, slug: str) -> HttpResponse:
    """Minutes, presenters and places of the rows. Answers 409 with the agenda of now where somebody was faster."""
    meeting, at = items.meeting_of(request, slug), clock.now()
    found = agenda_order.numbered(meeting, reader=request.user, at=at, telling=Telling.NOTHING)
    rows = fields.read(request.POST, found, agenda_board.presenters(meeting, at=at))
    if rows.errors:
        return _page(request, meeting, typed=rows.typed, refused=rows.errors)
    seen = agenda_seen.read(request.POST.get("gesehen", ""))
    try:
        moved = agenda_rows.save(meeting, rows.wishes, seen=seen, step=rows.step, by=request.user, at=at)
    except agenda_seen.OrderStale as stale:
        return _page(request, meeting, typed=rows.typed, refused=[str(stale), *stale.told], status=HTTPStatus.CONFLICT)
    except Stale as stale:
        late = agenda_rows.overtaken(meeting, rows.wishes)
        told = [str(stale), *fields.compared(rows, late), *agenda_seen.changes_since(seen, meeting)]
        return _page(request, meeting, typed=fields.without(rows, late), refused=told, status=HTTPStatus.CONFLICT)
    except at_board.REFUSED as refused:
        return _page(request, meeting, typed=rows.typed, refused=[str(refused)])
    if _is_part(request):
        return _page(request, meeting, said=moved.words if moved else "", moved=moved.item.pk if moved else None)
    anchor = f"punkt-{moved.item.pk}" if moved else "summe"
    return redirect(f"{reverse('meetings:agenda', args=[meeting.slug])}#{anchor}")


def _page(request: PersonRequest, meeting: Meeting, *, status: int = HTTPStatus.OK, **more: object) -> HttpResponse:
    template = _PART if _is_part(request) else "meetings/agenda_board.html"
    return at_board.page(request, meeting, template=template, status=status, **more)  # type: ignore[arg-type]


def _is_part(request: PersonRequest) -> bool:
    return "X-Part" in request.headers
