"""Before an agenda leaves: to how many, to whom not, and how the mail will look. Looking changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.models import Person, sight_of
from meetings.domain import agenda_changes, agenda_content, agenda_order, agenda_sending
from meetings.domain.agenda_changes import Changes, Edition
from meetings.domain.agenda_order import Agenda
from meetings.domain.schedule import OrderLost
from meetings.domain.schedule import schedule as schedule_of
from meetings.enums import DeadlineKind
from meetings.models import Meeting
from notifications.domain import previews
from notifications.domain.dispatching import meeting as invited
from notifications.domain.previews import Preview
from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: Longer than this before its planned day, sending wants a second look.
_EARLY = dt.timedelta(days=7)


@dataclass(frozen=True)
class Check:
    """What would happen. `refusal`: why it cannot leave; `by_post`: readers without an address we may write to; `seen`: its mark; `is_early`: long before its planned day."""

    agenda: Agenda
    asked: Sequence[Person]
    reading: Sequence[Person]
    by_post: Sequence[Person]
    version: int
    changes: Changes
    mail: Preview | None
    shown_to: Person | None
    planned_for: dt.date | None
    seen: str = ""
    refusal: str = ""
    is_early: bool = False

    @property
    def letters(self) -> int:
        return len(self.asked) + len(self.reading)


def check(meeting: Meeting, *, by: Person, at: dt.datetime, introduction: str = "") -> Check:
    """Sends the agenda with the reasons it may still want, looks at the first letter, and rolls everything back."""
    with transaction.atomic():
        asked = [row.person for row in invited.asked(meeting.pk)]
        known = {person.pk for person in asked}
        reading = [person for person in agenda_sending.readers(meeting, at=at) if person.pk not in known]
        by_post = [person for person in [*asked, *reading] if not person.gets_mail]
        refusal, seen, version, shown = "", "", 1, None
        edition: Edition | None = None
        to = next((person for person in [*asked, *reading] if person.gets_mail), None)
        try:
            urgency = _("Hier steht Ihr Grund.") if agenda_sending.is_short(meeting, at=at) else ""
            version = agenda_sending.send_agenda(
                meeting, by=by, at=at, introduction=introduction, urgency=urgency, without_release="preview"
            )
            seen = agenda_sending.mark(version, agenda_content.content(meeting))
            edition = agenda_changes.edition(meeting, sight=sight_of(by, at=at))
            shown = _mail(meeting, to, version, at) if to else None
        except agenda_sending.SendingRefused as refused:
            refusal = str(refused)
        agenda = agenda_order.numbered(meeting, reader=by, at=at)
        transaction.set_rollback(True)
    meeting.refresh_from_db()
    planned_for = _planned_for(meeting)
    return Check(
        agenda=agenda,
        asked=[person for person in asked if person.gets_mail],
        reading=[person for person in reading if person.gets_mail],
        by_post=by_post,
        version=version,
        changes=edition.changes if edition else Changes(),
        mail=shown,
        shown_to=to,
        planned_for=planned_for,
        is_early=version == 1 and planned_for is not None and planned_for - local_date(at) > _EARLY,
        seen=seen,
        refusal=refusal,
    )


def _mail(meeting: Meeting, to: Person, version: int, at: dt.datetime) -> Preview:
    message = OutboxMessage(
        kind=MailKind.AGENDA,
        person=to,
        occasion="preview",
        meeting_id=meeting.pk,
        data={"version": version},
        created_at=at,
        not_before=at,
    )
    return previews.preview(message, at=at, is_open=False)


def _planned_for(meeting: Meeting) -> dt.date | None:
    try:
        return schedule_of(meeting)[DeadlineKind.INVITATION]
    except OrderLost:
        return None
