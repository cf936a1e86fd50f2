"""The rows of requests to stand in: which one is open, and how each ends. The verbs are in `deputies`."""

from __future__ import annotations

import datetime as dt

from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.domain.moves import move, move_back
from meetings.enums import DeputyRequestState, Happened
from meetings.models import Attendance, DeputyRequest

_VERBS: dict[str, Happened] = {
    DeputyRequestState.CONFIRMED: Happened.DEPUTY_CONFIRMED,
    DeputyRequestState.DECLINED: Happened.DEPUTY_DECLINED,
    DeputyRequestState.EXPIRED: Happened.DEPUTY_EXPIRED,
    DeputyRequestState.WITHDRAWN: Happened.DEPUTY_UNASKED,
}


def open_of(attendance: Attendance) -> DeputyRequest | None:
    """The request this member waits for."""
    rows = DeputyRequest.objects.open().select_related("person")
    return rows.filter(attendance=attendance).first()


def last_of(attendance: Attendance) -> DeputyRequest | None:
    """The latest request of this member, whatever became of it."""
    rows = DeputyRequest.objects.filter(attendance=attendance).select_related("person")
    return rows.order_by("-asked_at", "-pk").first()


def end(request: DeputyRequest, *, to: DeputyRequestState, via: str, by: Person | None, at: dt.datetime) -> None:
    """Move the request to where it ends, with its line in the journal. Call it in a transaction. Raises MoveRefused."""
    move(request, to=to, ended_at=at)
    record(_VERBS[to], request, via=via, by=by, at=at)


def withdraw_open(attendance: Attendance, *, via: str, by: Person | None, at: dt.datetime) -> bool:
    """The member needs nobody any more, or somebody else; False where nobody was asked."""
    request = open_of(attendance)
    if request is None:
        return False
    end(request, to=DeputyRequestState.WITHDRAWN, via=via, by=by, at=at)
    return True


def ask_again(number: int) -> bool:
    """A request that was withdrawn by mistake stands as before; False where it does not. Call it in a transaction."""
    request = DeputyRequest.objects.filter(pk=number, state=DeputyRequestState.WITHDRAWN).first()
    if request is None or open_of(request.attendance) is not None:
        return False
    move_back(request, to=DeputyRequestState.ASKED, ended_at=None)
    return True


def record(verb: str, request: DeputyRequest, *, via: str, by: Person | None, at: dt.datetime) -> None:
    member = request.attendance
    data = {"meeting": member.meeting_id, "person": member.person_id, "deputy": request.person_id}
    journal.record(verb, request, at=at, by=by, via=via, body=member.meeting.alliance, data=data)
