"""How the invitation looks to one person: the mail, and what their calendar says in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from buendnisse import german
from meetings.enums import Answer
from meetings.models import Attendance
from notifications.domain import invitations, meeting_people, previews, told
from notifications.domain.previews import Preview
from notifications.enums import CalendarMethod, MailKind
from notifications.models import Invitation, OutboxMessage


@dataclass(frozen=True)
class Look:
    """`facts`: name and words of each line of the calendar entry; empty where there is none to send now.

    Where no invitation leaves any more, `mail` is the last that did leave, and `got` all that did, the latest first.
    """

    mail: Preview
    facts: list[tuple[str, str]]
    got: list[OutboxMessage] = field(default_factory=list)


def of(row: Attendance, *, at: dt.datetime, is_open: bool) -> Look:
    """As the invitation would leave now, or leave once more, else what the person got. Nothing is written. Links are masked unless `is_open`."""
    was_sent = Invitation.objects.filter(
        meeting=row.meeting_id, person=row.person_id, last_method=CalendarMethod.REQUEST
    ).exists()
    kind = MailKind.REQUEST_AGAIN if was_sent else MailKind.INVITATION
    matter = invitations.matter(row.meeting_id)
    data = {"by_hand": True} if was_sent else {}
    message = OutboxMessage(kind=kind, person=row.person, meeting_id=row.meeting_id, matter=matter, data=data)
    message.created_at = message.not_before = at
    mail = previews.preview(message, at=at, is_open=is_open)
    if mail.gone and (got := meeting_people.got(row)):
        return Look(previews.preview(got[0], at=at, is_open=is_open), [], got)
    return Look(mail, _facts(row) if any("REQUEST" in name for name in mail.attachments) else [])


def _facts(row: Attendance) -> list[tuple[str, str]]:
    meeting = row.meeting
    answer = Answer.PENDING if row.answer_is_for_earlier_date else Answer(row.answer)
    said = _("noch offen, mit Knöpfen zum Antworten") if answer == Answer.PENDING else str(answer.label)
    facts = [
        (_("Titel"), invitations.summary(meeting)),
        (_("Wann"), german.when(meeting.start, meeting.end)),
        (_("Ort"), told.location(meeting)),
        (_("Von"), f"{settings.ORGANIZER_NAME} ({settings.ORGANIZER_EMAIL})"),
        (_("Eingeladen"), _("nur %s: Andere Eingeladene stehen nicht im Eintrag") % row.person.full_name),
        (_("Antwort"), said),
        (_("Text"), invitations.description(meeting, with_link=True)),
    ]
    return [(name, words) for name, words in facts if words]
