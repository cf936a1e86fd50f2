"""Letters about standing in: the question, that it is over, and to the member that it was in vain."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import LinkPurpose, Salutation
from meetings.domain import answers, deputies
from meetings.enums import Answer, DeputyRequestState, MeetingState
from meetings.models import Attendance, DeputyRequest
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import sitting
from notifications.enums import MailKind
from notifications.models import OutboxMessage


def asked(message: OutboxMessage, at: dt.datetime) -> Letter:
    """Will you stand in? Over once it is answered, taken back or too late."""
    request = _request(message)
    if not deputies.is_open(request, at=at):
        raise NothingToSay
    url = urls_for.personal(
        message.person, purpose=LinkPurpose.DEPUTY, subject=request, until=request.attendance.meeting.end, at=at
    )
    return Letter("deputy_asked", {**_frame(request), "url": url, "until": request.last_day})


def unasked(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The question is over, to somebody who had it. Raises NothingToSay where it never left."""
    request = _request(message)
    asked = OutboxMessage.objects.filter(person=message.person_id, kind=MailKind.DEPUTY_ASKED, matter=message.matter)
    asked_before = asked.may_have_arrived()
    if at >= request.attendance.meeting.start or not asked_before.exists():
        raise NothingToSay
    is_cancelled = request.attendance.meeting.state == MeetingState.CANCELLED
    return Letter("deputy_unasked", {**_frame(request), "is_cancelled": is_cancelled})


def in_vain(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The one who was asked said no, or nothing. Over where the member has somebody else or comes."""
    if "deputy" in message.data:
        return _declined(message, at)
    request = _request(message)
    attendance = request.attendance
    over = request.state not in {DeputyRequestState.DECLINED, DeputyRequestState.EXPIRED}
    over = over or attendance.answer != Answer.DECLINED or answers.deputy_of(attendance) is not None
    if over or not answers.is_open(attendance.meeting, at) or request.person.forgotten_at is not None:
        raise NothingToSay
    context = {
        **_frame(request),
        "is_expired": request.state == DeputyRequestState.EXPIRED,
        "url": sitting.answer_url(message.person, attendance.meeting, at=at),
        "why": sitting.why(attendance, attendance.meeting),
    }
    return Letter("deputy_answered", context)


def _declined(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The deputy on record cannot come. Over where they can after all, or the member has somebody else or comes."""
    related = ("meeting__alliance", "meeting__venue", "person", "stands_in_for__person", "stands_in_for__organisation")
    rows = Attendance.objects.select_related(*related).filter(pk=message.data["deputy"], answer=Answer.DECLINED)
    deputy = rows.filter(stands_in_for__person=message.person_id, is_asked=True).first()
    if deputy is None or deputy.stands_in_for is None or not answers.is_open(deputy.meeting, at):
        raise NothingToSay
    context = {
        **sitting.about(deputy.meeting),
        "asked": deputy.person,
        "url": sitting.answer_url(message.person, deputy.meeting, at=at),
        "why": sitting.why(deputy.stands_in_for, deputy.meeting),
    }
    return Letter("deputy_answered", context)


def please(request: DeputyRequest) -> str:
    """ "Frauke Harms bittet Sie, sie am 9. Dezember zu vertreten", by the member's own choice of salutation."""
    member = request.attendance.person
    words = {
        Salutation.FRAU: _("%(name)s bittet Sie, sie am %(day)s zu vertreten"),
        Salutation.HERR: _("%(name)s bittet Sie, ihn am %(day)s zu vertreten"),
    }.get(Salutation(member.salutation), _("%(name)s bittet Sie um Vertretung am %(day)s"))
    return words % {"name": member.full_name, "day": german.day(request.attendance.meeting.start)}


def _frame(request: DeputyRequest) -> dict[str, Any]:
    return {
        **sitting.about(request.attendance.meeting),
        "facts": [fact for fact in sitting.about(request.attendance.meeting)["facts"] if "url" not in fact],
        "member": request.attendance.person,
        "organisation": request.attendance.organisation,
        "asked": request.person,
        "please": please(request),
        "is_known": deputies.is_known_otherwise(request.person),
    }


def _request(message: OutboxMessage) -> DeputyRequest:
    related = ("attendance__meeting__alliance", "attendance__meeting__venue", "attendance__person")
    rows = DeputyRequest.objects.select_related(*related, "attendance__organisation", "person")
    found = rows.filter(pk=message.data["request"]).first()
    if found is None:
        raise NothingToSay
    return found


COMPOSERS: dict[str, Composer] = {
    MailKind.DEPUTY_ASKED: asked,
    MailKind.DEPUTY_UNASKED: unasked,
    MailKind.DEPUTY_ANSWERED: in_vain,
}
