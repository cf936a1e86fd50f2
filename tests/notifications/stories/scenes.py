"""What several stories begin with."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from buendnisse.enums import Via
from meetings.domain import (
    agenda_proposals,
    planning,
)
from meetings.models import AgendaItem, Attendance, Meeting
from notifications.domain import ring
from tests.notifications import year
from tests.world import AT, World

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
SOON = AT + MINUTE


def confirmed(cast: World, **given: Any) -> Meeting:
    """Arbeit on 11 February 2027; the date stands, nothing is sent yet."""
    made = year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11))
    Meeting.objects.filter(pk=made.pk).update(chair=cast.birgit, **given)
    made.refresh_from_db()
    planning.confirm(made, by=cast.imke, at=AT)
    return made


def invited(cast: World) -> Meeting:
    made = confirmed(cast)
    ring.ring(at=SOON)
    made.refresh_from_db()
    return made


def row_of(meeting: Meeting, cast: World) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=cast.susanne)


def propose(meeting: Meeting, cast: World, at: dt.datetime = AT, **given: Any) -> AgendaItem:
    said = {"title": "Rufbus am Abend", "form_key": uuid.uuid4()} | given
    return agenda_proposals.propose(
        alliance=meeting.alliance, meeting=meeting, proposer=cast.susanne, via=Via.LINK, at=at, **said
    )
