"""A meeting begun by mistake: while nothing was written it can be taken back, as if nobody had pressed the button."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain.moves import MoveRefused, move
from meetings.enums import AgendaItemState, Happened, MeetingState, MinutesState, Presence
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Minutes, SessionDesk

_RECORDED = (AgendaItemState.DISCUSSED, AgendaItemState.DEFERRED)


def is_early(meeting: Meeting, *, at: dt.datetime) -> bool:
    """Whether its day has not come: then somebody is asked once more."""
    return local_date(at) < local_date(meeting.start)


def is_untouched(meeting: Meeting) -> bool:
    """Runs, and nothing was written down: no result, note, proposal, decision or task, and of nobody whether they came."""
    if meeting.state != MeetingState.IN_SESSION:
        return False
    mine = {"meeting": OuterRef("pk")}
    items = AgendaItem.objects.filter(**mine)
    written = Q(state__in=_RECORDED) | ~Q(result="")
    drafted = Q(draft__isnull=False) & (~Q(draft__proposal="") | ~Q(draft__note=""))
    touched = (
        Exists(items.filter(written | drafted))
        | Exists(Decision.objects.filter(**mine))
        | Exists(ActionItem.objects.filter(**mine))
        | Exists(Attendance.objects.filter(**mine).exclude(presence=Presence.UNKNOWN))
    )
    return not Meeting.objects.filter(touched, pk=meeting.pk).exists()


def take_back(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The meeting has not begun after all, and people can answer again. Raises MoveRefused once something was written."""
    with transaction.atomic():
        stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if not is_untouched(stored):
            raise MoveRefused(
                _("Es ist schon etwas festgehalten. Der Beginn lässt sich nicht mehr zurücknehmen.")
                if stored.state == MeetingState.IN_SESSION
                else _("Die Sitzung läuft nicht.")
            )
        move(meeting, to=MeetingState.INVITED, changed_at=at)
        Minutes.objects.filter(meeting=meeting, state=MinutesState.DRAFT).delete()
        SessionDesk.objects.filter(meeting=meeting).delete()
        journal.record(Happened.MEETING_START_TAKEN_BACK, meeting, at=at, by=by, via=via, body=meeting.alliance)
