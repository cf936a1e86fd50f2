"""Requests to stand in: the one who is asked hears of them, the member of their end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from buendnisse.models import Change, Person
from meetings.enums import Answer, Happened
from meetings.models import Attendance, DeputyRequest
from meetings.models.deputy_request import DeputyRequestQuerySet
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

_THERE = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.SENT)


def asked(change: Change, at: dt.datetime) -> Iterable[Draft]:
    yield from _to(change, "deputy", MailKind.DEPUTY_ASKED, f"deputy_ask:{change.subject_id}")


def unasked(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Replaces the question while it waits; the composer drops it where the question never left."""
    yield from _to(change, "deputy", MailKind.DEPUTY_UNASKED, f"deputy_ask:{change.subject_id}")


def in_vain(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """A no, or no answer. A yes is told by the mail that takes the member's date out of the calendar."""
    yield from _to(change, "person", MailKind.DEPUTY_ANSWERED, f"deputy_answer:{change.data['meeting']}")


def answered(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Somebody on record as deputy cannot come: the member hears of it, as after a question in vain."""
    row = Attendance.objects.filter(pk=change.subject_id, answer=Answer.DECLINED, stands_in_for__isnull=False)
    deputy = row.select_related("stands_in_for__person").first()
    if deputy is not None and deputy.stands_in_for is not None:
        matter = f"deputy_answer:{deputy.meeting_id}"
        data = {"deputy": deputy.pk}
        member = deputy.stands_in_for.person
        yield Draft(MailKind.DEPUTY_ANSWERED, member, matter=matter, meeting_id=deputy.meeting_id, data=data)


def asked_again(meeting_id: int) -> Iterable[Draft]:
    """The meeting takes place after all: a question that was dropped with its cancellation goes out."""
    yield from _dropped(DeputyRequest.objects.open().filter(attendance__meeting=meeting_id))


def succession_taken_back(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The member is invited after all: a question that was dropped before it left goes out."""
    yield from _dropped(DeputyRequest.objects.open().filter(pk__in=change.data.get("asked_again", [])))


def _dropped(requests: DeputyRequestQuerySet) -> Iterator[Draft]:
    for request in requests.select_related("person", "attendance").order_by("pk"):
        matter, meeting_id = f"deputy_ask:{request.pk}", request.attendance.meeting_id
        there = OutboxMessage.objects.filter(matter=matter, kind=MailKind.DEPUTY_ASKED, state__in=_THERE)
        if not there.exists():
            yield Draft(MailKind.DEPUTY_ASKED, request.person, matter, meeting_id, data={"request": request.pk})


def _to(change: Change, whom: str, kind: MailKind, matter: str) -> Iterator[Draft]:
    person = Person.objects.filter(pk=change.data[whom]).first()
    if person is not None:
        data = {"request": change.subject_id}
        yield Draft(kind, person, matter=matter, meeting_id=change.data["meeting"], data=data)


HANDLERS: dict[str, Handler] = {
    Happened.ATTENDANCE_ANSWERED: answered,
    Happened.DEPUTY_ASKED: asked,
    Happened.DEPUTY_UNASKED: unasked,
    Happened.PERSON_SUCCESSION_TAKEN_BACK: succession_taken_back,
    Happened.DEPUTY_DECLINED: in_vain,
    Happened.DEPUTY_EXPIRED: in_vain,
}
