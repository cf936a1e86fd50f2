"""The standing items of an alliance, put on each of its agendas."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import StandingItem
from meetings.enums import AgendaItemState, MeetingState
from meetings.models import AgendaItem, Meeting

_LAST_MEETING = "der letzten Sitzung"


def ensure_standing_items(meeting: Meeting) -> int:
    """Add the standing items the meeting lacks; the number added. Doing it again changes nothing.

    "Protokoll der letzten Sitzung" becomes "Protokoll der Sitzung vom 19.11.2026" where there was one. Records
    no Change: a frame is not news, and it comes with the meeting.
    """
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        there = list(AgendaItem.objects.filter(meeting=meeting, position__gt=0).on_agenda())
        codes = set(AgendaItem.objects.filter(meeting=meeting).values_list("standing_code", flat=True))
        frame = list(StandingItem.objects.filter(alliance_id=meeting.alliance_id).order_by("position"))
        missing = [row for row in frame if row.code not in codes]
        if not missing:
            return 0
        before = meeting_before(meeting)
        there += [
            AgendaItem.objects.create(
                meeting=meeting,
                alliance_id=meeting.alliance_id,
                standing_code=row.code,
                title=_title(row, before),
                kind=row.kind,
                duration_minutes=row.duration_minutes,
                state=AgendaItemState.PLANNED,
            )
            for row in missing
        ]
        order = {row.code: row.position for row in frame}
        there.sort(key=lambda item: (order.get(item.standing_code, 0), item.position))
        for position, item in enumerate(there, start=1):
            AgendaItem.objects.filter(pk=item.pk).update(position=position)
        return len(missing)


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The alliance's meeting before this one, cancelled ones left out."""
    return (
        Meeting.objects.filter(alliance_id=meeting.alliance_id, start__lt=meeting.start)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("-start")
        .first()
    )


def meeting_after(meeting: Meeting) -> Meeting | None:
    """The alliance's meeting after this one, cancelled ones left out."""
    return (
        Meeting.objects.filter(alliance_id=meeting.alliance_id, start__gt=meeting.start)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("start")
        .first()
    )


def next_meeting(alliance_id: int, *, at: dt.datetime) -> Meeting | None:
    """The alliance's next meeting whose agenda has not left yet."""
    return (
        Meeting.objects.upcoming(at).filter(alliance_id=alliance_id, agenda_sent_at__isnull=True, start__gt=at).first()
    )


def _title(row: StandingItem, before: Meeting | None) -> str:
    if before is None or not row.title.endswith(_LAST_MEETING):
        return row.title
    return _("%(start)sder Sitzung vom %(day)s") % {
        "start": row.title.removesuffix(_LAST_MEETING),
        "day": german.short_day(before.start),
    }
