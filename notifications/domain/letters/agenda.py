"""Letters about the agenda: the invitation with it, to whoever comes and to whoever only reads it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from buendnisse.enums import LinkPurpose
from buendnisse.models import sight_of
from meetings.adapters import agenda_pdf
from meetings.domain import agenda_order
from meetings.domain.agenda_order import Agenda, Numbered
from meetings.enums import Answer, MeetingState
from meetings.models import AgendaItem, Attendance, Meeting
from notifications.domain import batch, invitations, urls_for
from notifications.domain.letter import Attachment, Composer, Letter, NothingToSay
from notifications.domain.letters import sitting, topics
from notifications.enums import MailKind
from notifications.models import OutboxMessage

_SAID = {
    Answer.ACCEPTED: _("Sie haben zugesagt."),
    Answer.ACCEPTED_ONLINE: _("Sie haben online zugesagt."),
    Answer.TENTATIVE: _("Sie kommen vielleicht."),
    Answer.DECLINED: _("Sie haben abgesagt."),
}


def agenda(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The agenda with the buttons and the calendar object for those who are asked.

    The calendar object keeps its SEQUENCE where time and place are what the person knows already.
    """
    meeting = sitting.meeting_of(message)
    if meeting.state == MeetingState.CANCELLED or at >= meeting.start:
        raise NothingToSay
    attendance = _asked(message, meeting)
    found, content = _agenda_of(message, meeting, at)
    context: dict[str, Any] = {**sitting.about(meeting), "agenda": found, "own": _own(message, found)}
    context["minutes_url"] = _minutes_url(message, found, at)
    version = int(message.data.get("version", 1))
    context |= {"version": version, "is_changed": version > 1}
    pdf = Attachment(agenda_pdf.file_name(meeting), "application/pdf", content)
    if attendance is None:
        context |= {
            "why": topics.why(message.person, meeting, at=at),
            "meeting_url": sitting.meeting_url(message.person, meeting, at=at),
        }
        return Letter("agenda", context, attachments=(pdf,))
    part = invitations.request(message, meeting, attendance, at=at)
    context |= sitting.for_person(message.person, meeting, attendance, at=at)
    if attendance.answer != Answer.PENDING and not attendance.answer_is_for_earlier_date:
        url = urls_for.personal(
            message.person,
            purpose=LinkPurpose.ANSWER,
            subject=meeting,
            until=meeting.end + urls_for.AFTER_MEETING,
            at=at,
        )
        context |= {"said": _SAID[Answer(attendance.answer)], "answer_url": url}
    return Letter("agenda", context, calendar=part.calendar, on_frozen=part.on_frozen, attachments=(pdf,))


def _asked(message: OutboxMessage, meeting: Meeting) -> Attendance | None:
    """The row of somebody who should come; nothing for those who only read along."""
    try:
        attendance = sitting.attendance_of(message, meeting)
    except NothingToSay:
        return None
    return attendance if attendance.is_asked and not invitations.has_deputy(attendance) else None


def _agenda_of(message: OutboxMessage, meeting: Meeting, at: dt.datetime) -> tuple[Agenda, bytes]:
    """The numbered agenda as this person may see it, and its PDF; made once a batch for all who see the same."""

    def make() -> tuple[Agenda, bytes]:
        found = agenda_order.numbered(meeting, reader=sight, at=at)
        return found, agenda_pdf.pdf_of(meeting, found, at=at)

    sight = sight_of(message.person, at=at)
    seen = frozenset(
        AgendaItem.objects.visible_to(sight, at=at).filter(meeting=meeting).values_list("pk", flat=True),
    )
    # What standing items tell goes by bodies and by whom something confidential is for, not by the person.
    chosen = batch.once("chosen", _chosen_organisations) & sight.organisations
    return batch.once(("agenda", meeting.pk, seen, sight.inside, sight.everything, sight.all_bodies, chosen), make)


def _chosen_organisations() -> frozenset[int]:
    """Organisations that something confidential was ever for."""
    through = AgendaItem.confidential_to.through
    return frozenset(through._default_manager.values_list("organisation_id", flat=True).distinct())


def _minutes_url(message: OutboxMessage, found: Agenda, at: dt.datetime) -> str:
    """Where this person reads the minutes of the meeting before; "" for who may not."""
    minutes = next((entry.tells.minutes for entry in found.entries if entry.tells.minutes), None)
    if minutes is None:
        return ""
    return urls_for.personal(message.person, purpose=LinkPurpose.MINUTES, subject=minutes, at=at)


def _own(message: OutboxMessage, found: Agenda) -> list[Numbered]:
    """The points this person reports on."""
    return [entry for entry in found.entries if entry.item.presenter_id == message.person_id and not entry.is_standing]


COMPOSERS: dict[str, Composer] = {MailKind.AGENDA: agenda}
