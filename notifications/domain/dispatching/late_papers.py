"""Papers that came after the invitation: told once a person, together, on the next morning.

What comes on one day is one mail, since a later one replaces what still waits. Where the next morning is that of the
meeting it goes after the usual minute. A changed agenda that is sent tells all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.models import Change
from meetings.domain import agenda_confidential, agenda_sending
from meetings.enums import Happened, MeetingState
from meetings.models import AgendaItem, Meeting
from meetings.models.agenda_item import ON_AGENDA
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def drafts(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """One for each reader of the agenda who may see the paper; it replaces what still waits for that person."""
    item = AgendaItem.objects.select_related("meeting__alliance").filter(pk=change.subject_id).first()
    if not change.data.get("late") or item is None or item.meeting is None or not item.position:
        return
    meeting = item.meeting
    if meeting.state != MeetingState.INVITED or meeting.start <= at or item.state not in ON_AGENDA:
        return
    kept = bool(agenda_confidential.chosen_of([item]))
    for person in agenda_sending.readers(meeting, at=at):
        if person.pk == change.by_id or (kept and agenda_confidential.is_kept_from(item, reader=person, at=at)):
            continue
        yield Draft(
            MailKind.LATE_PAPERS,
            person,
            matter=f"late_papers:{meeting.pk}",
            meeting_id=meeting.pk,
            not_before=morning(change.at, meeting),
        )


def morning(added: dt.datetime, meeting: Meeting) -> dt.datetime | None:
    """07:00 of the next morning; None (after the usual minute) where that is the day of the meeting, or later."""
    day = local_date(added)
    moment = automatic_mail_time(day)
    if moment <= added:
        moment = automatic_mail_time(day + dt.timedelta(days=1))
    return None if local_date(moment) >= local_date(meeting.start) else moment


HANDLERS: dict[str, Handler] = {Happened.PAPER_ADDED: drafts}
