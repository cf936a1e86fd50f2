"""Examples about dates: the year's, the invitation to one, moved, cancelled, deputies, answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from buendnisse.clock import at_local
from buendnisse.enums import Via
from buendnisse.models import FurtherAddress
from meetings.enums import Answer, DeputyRequestState, MeetingState
from meetings.models import Attendance, DeputyRequest, YearPlan
from notifications.domain import told
from notifications.domain.examples.scene import Example, mail, moment
from notifications.domain.examples.stage import Stage
from notifications.enums import (
    CalendarMethod,
    InboundKind,
    InboundOutcome,
    InboundReason,
    InboundSource,
    InboundState,
    MailKind,
    OutboxState,
)
from notifications.models import InboundMessage, Invitation, OutboxMessage

Made = tuple[OutboxMessage, dt.datetime]

BEFORE = [MailKind.SAVE_THE_DATE, MailKind.INVITATION]
CHANGES = [
    MailKind.MOVED,
    MailKind.CANCELLED,
    MailKind.UNINVITED,
    MailKind.DEPUTY_ASKED,
    MailKind.DEPUTY_UNASKED,
    MailKind.DEPUTY_ANSWERED,
    MailKind.REPLY_CHECK,
    MailKind.REQUEST_AGAIN,
    MailKind.COPY,
]
_AT = moment(2035, 2, 1)


def _save_the_date(stage: Stage) -> Made:
    plan = YearPlan.objects.create(year=2035, introduction="Wir haben die Ferien und die Zeugniskonferenzen beachtet.")
    data = {"year": 2035, "plan": plan.pk}
    return mail(stage, MailKind.SAVE_THE_DATE, about_meeting=False, data=data), moment(2034, 12, 1)


def _invitation(stage: Stage) -> Made:
    _asked_at_once(stage)
    return mail(stage, MailKind.INVITATION), _AT


def _moved(stage: Stage) -> Made:
    _knows(stage)
    day = dt.date(2035, 2, 22)
    start, end = at_local(day, dt.time(14, 0)), at_local(day, dt.time(16, 0))
    stage.set_meeting(start=start, end=end, move_reason="der Raum wird für die Kreistagswahl gebraucht.")
    stage.row(answer=Answer.ACCEPTED, answer_is_for_earlier_date=True)
    return mail(stage, MailKind.MOVED), _AT


def _cancelled(stage: Stage) -> Made:
    _knows(stage)
    stage.row(answer=Answer.ACCEPTED)
    stage.set_meeting(state=MeetingState.CANCELLED, cancel_reason="Für morgen ist Glatteis vorhergesagt.")
    return mail(stage, MailKind.CANCELLED), moment(2035, 2, 14, 15)


def _uninvited(stage: Stage) -> Made:
    _knows(stage)
    own = stage.row(answer=Answer.DECLINED)
    Attendance.objects.create(
        meeting=stage.meeting,
        person=stage.deputy,
        organisation=stage.deputy.organisation,
        role="deputy",
        stands_in_for=own,
        answer=Answer.ACCEPTED,
    )
    return mail(stage, MailKind.UNINVITED), _AT


def _deputy_asked(stage: Stage) -> Made:
    return mail(stage, MailKind.DEPUTY_ASKED, person=stage.deputy, data={"request": _request(stage).pk}), _AT


def _deputy_unasked(stage: Stage) -> Made:
    data = {"request": _request(stage).pk}
    sent: dict[str, Any] = {
        "state": OutboxState.SENT,
        "sent_at": _AT,
        "matter": "m",
        "person": stage.deputy,
        "data": data,
    }
    mail(stage, MailKind.DEPUTY_ASKED, **sent)
    return mail(stage, MailKind.DEPUTY_UNASKED, person=stage.deputy, matter="m", data=data), _AT


def _deputy_answered(stage: Stage) -> Made:
    stage.set_meeting(state=MeetingState.INVITED)
    request = _request(stage)
    stage.row(answer=Answer.DECLINED)
    DeputyRequest.objects.filter(pk=request.pk).update(state=DeputyRequestState.DECLINED, ended_at=_AT)
    return mail(stage, MailKind.DEPUTY_ANSWERED, data={"request": request.pk}), _AT


def _reply_check(stage: Stage) -> Made:
    stage.row(answer=Answer.ACCEPTED, answered_via=Via.CALENDAR, answered_at=_AT)
    InboundMessage.objects.create(
        key="example",
        source=InboundSource.IMAP,
        received_at=_AT,
        kind=InboundKind.CALENDAR,
        outcome=InboundOutcome.PROVISIONAL,
        reason=InboundReason.OTHER_SENDER,
        state=InboundState.FILED,
        from_address="sekretariat@beispiel.example",
        answer=Answer.ACCEPTED,
        meeting=stage.meeting,
        person=stage.reader,
    )
    return mail(stage, MailKind.REPLY_CHECK, about_meeting=False), _AT


def _request_again(stage: Stage) -> Made:
    _asked_at_once(stage)
    return mail(stage, MailKind.REQUEST_AGAIN, data={"by_hand": True}), _AT


def _copy(stage: Stage) -> Made:
    _asked_at_once(stage)
    address = FurtherAddress.objects.create(person=stage.reader, address="sekretariat@beispiel.example", gets_copy=True)
    return mail(stage, MailKind.COPY, copy_to=address, data={"of": str(MailKind.INVITATION)}), _AT


def _asked_at_once(stage: Stage) -> None:
    """The agenda is out, so that an invitation brings the calendar entry and asks."""
    stage.set_meeting(state=MeetingState.INVITED)


def _knows(stage: Stage) -> None:
    """The reader has the entry in the calendar."""
    _asked_at_once(stage)
    meeting = stage.meeting
    heard = told.as_it_stands(meeting)
    Invitation.objects.create(
        meeting=meeting,
        person=stage.reader,
        uid="beispiel@beispiel.example",
        last_method=CalendarMethod.REQUEST,
        sequence=0,
        last_start=heard.start,
        last_end=heard.end,
        last_location=heard.location,
        last_frozen_at=moment(2035, 1, 25),
        created_at=moment(2035, 1, 25),
    )


def _request(stage: Stage) -> DeputyRequest:
    stage.set_meeting(state=MeetingState.INVITED)
    made: DeputyRequest = DeputyRequest.objects.create(
        attendance=stage.row(answer=Answer.DECLINED),
        person=stage.deputy,
        asked_at=_AT,
        expires_at=stage.meeting.start,
    )
    return made


EXAMPLES: Mapping[str, Example] = {
    MailKind.SAVE_THE_DATE: Example(
        _("Sobald das Jahr fest steht, an alle Mitglieder. Geht, wenn Sie es freigeben."), _save_the_date
    ),
    MailKind.INVITATION: Example(_("Wenn ein einzelner Termin fest steht, an alle Eingeladenen."), _invitation),
    MailKind.MOVED: Example(_("Sofort, wenn Tag, Uhrzeit oder Ort sich ändern."), _moved),
    MailKind.CANCELLED: Example(_("Sofort, vor allen anderen Mails."), _cancelled),
    MailKind.UNINVITED: Example(_("An ein Mitglied, für das eine Vertretung kommt."), _uninvited),
    MailKind.DEPUTY_ASKED: Example(_("An die Person, die ein Mitglied als Vertretung nennt."), _deputy_asked),
    MailKind.DEPUTY_UNASKED: Example(_("Wenn die Vertretung nicht mehr gebraucht wird."), _deputy_unasked),
    MailKind.DEPUTY_ANSWERED: Example(_("An das Mitglied, wenn die Vertretung nicht kann."), _deputy_answered),
    MailKind.REPLY_CHECK: Example(_("Wenn eine Antwort von einer unbekannten Adresse kam."), _reply_check),
    MailKind.REQUEST_AGAIN: Example(_("Wenn jemand die Einladung noch einmal braucht."), _request_again),
    MailKind.COPY: Example(
        _("An eine weitere Adresse, zum Beispiel ein Sekretariat. Ohne die eigenen Links der Person."), _copy
    ),
}
