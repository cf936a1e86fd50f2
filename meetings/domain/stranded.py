"""The topics of a meeting that is called off: none is lost, each goes on to the next meeting or waits in the Themenspeicher."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import Via
from meetings.domain import agenda, cancellation, standing
from meetings.enums import AgendaItemState, MeetingState
from meetings.models import AgendaItem, Meeting
from meetings.models.agenda_item import AgendaItemQuerySet

_WAITING = (AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED)


def meetings(*, at: dt.datetime) -> list[Meeting]:
    """The meetings called off some minutes before `at` that still hold topics."""
    off = Meeting.objects.filter(state=MeetingState.CANCELLED, changed_at__lte=at - cancellation.STANDS_AFTER)
    return list(off.filter(agenda_items__in=_topics()).select_related("alliance").distinct().order_by("start", "pk"))


def pass_on(meeting: Meeting, *, at: dt.datetime) -> int:
    """Put its topics off to the alliance's next meeting whose agenda has not left; how many. Done again, none is left.

    What answers a relay goes along, and the relay waits for it there. The next meeting is one after the
    meeting that is called off, so that a topic never comes sooner than it was meant to.
    """
    following = standing.next_meeting(meeting.alliance_id, at=max(at, meeting.start))
    reason = _("Die Sitzung am %s ist abgesagt.") % german.day(meeting.start)
    with transaction.atomic():
        topics = list(
            _topics().filter(meeting=meeting).select_related("alliance", "meeting").order_by("position", "pk")
        )
        for item in topics:
            agenda.defer(item, to=following, reason=reason, by=None, at=at, via=Via.RULE)
    return len(topics)


def _topics() -> AgendaItemQuerySet:
    return AgendaItem.objects.filter(state__in=_WAITING, standing_code="")
