"""The standing items of an alliance, put on each of its agendas."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import StandingItem
from meetings.enums import NOT_AHEAD, AgendaItemState, MeetingState
from meetings.models import AgendaItem, Meeting
from meetings.models.meeting import MeetingQuerySet

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
        frame = list(StandingItem.objects.in_force().filter(alliance_id=meeting.alliance_id))
        missing = [row for row in frame if row.code not in codes]
        _name_minutes(meeting, there, frame)
        if not missing:
            return 0
        before = meeting_before(meeting)
        there += [
            AgendaItem.objects.create(
                meeting=meeting,
                alliance_id=meeting.alliance_id,
                standing_code=row.code,
                title=title_of(row, before),
                kind=row.kind,
                duration_minutes=row.duration_minutes,
                state=AgendaItemState.PLANNED,
            )
            for row in missing
        ]
        _arrange(there, meeting.alliance_id)
        return len(missing)


def arrange(meeting: Meeting) -> None:
    """Put the standing items of an agenda into the order of the frame; topics keep theirs."""
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        _arrange(list(AgendaItem.objects.filter(meeting=meeting, position__gt=0).on_agenda()), meeting.alliance_id)


def _arrange(there: list[AgendaItem], alliance_id: int) -> None:
    """Ended ones that are still on an agenda keep the place they had."""
    order = dict(StandingItem.objects.filter(alliance_id=alliance_id).values_list("code", "position"))
    there.sort(key=lambda item: (order.get(item.standing_code, 0), item.position, item.pk))
    for position, item in enumerate(there, start=1):
        AgendaItem.objects.filter(pk=item.pk).exclude(position=position).update(position=position)


def name_minutes(alliance_id: int) -> None:
    """Let the agendas that have not left name the minutes of the meeting before them, after a date changed.

    "Protokoll der Sitzung vom 03.12.2026" would else go on naming a meeting that was called off or moved.
    """
    frame = list(StandingItem.objects.filter(alliance_id=alliance_id, title__endswith=_LAST_MEETING))
    items = AgendaItem.objects.filter(
        alliance_id=alliance_id,
        standing_code__in=[row.code for row in frame],
        state=AgendaItemState.PLANNED,
        meeting__agenda_sent_at__isnull=True,
    ).exclude(meeting__state__in=NOT_AHEAD)
    for item in items.select_related("meeting"):
        if item.meeting is not None:
            _name_minutes(item.meeting, [item], frame)


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The alliance's meeting before this one, cancelled ones left out."""
    return meetings_before(meeting).first()


def meetings_before(meeting: Meeting) -> MeetingQuerySet:
    """The alliance's meetings before this one, the latest first, cancelled ones left out."""
    earlier = Meeting.objects.filter(alliance_id=meeting.alliance_id, start__lt=meeting.start)
    return earlier.exclude(state=MeetingState.CANCELLED).order_by("-start")


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


def _name_minutes(meeting: Meeting, items: list[AgendaItem], frame: list[StandingItem]) -> None:
    """Only titles made here are made anew; what somebody wrote stays."""
    if meeting.agenda_sent_at is not None:
        return
    rows = {row.code: row for row in frame if row.title.endswith(_LAST_MEETING)}
    for item in items:
        row = rows.get(item.standing_code)
        if row is None or not is_made(item.title, row):
            continue
        title = title_of(row, meeting_before(meeting))
        if title != item.title:
            AgendaItem.objects.filter(pk=item.pk).update(title=title)


def is_made(title: str, row: StandingItem) -> bool:
    """Whether a title is what an agenda gets by itself; what somebody wrote over it is not."""
    start = re.escape(row.title.removesuffix(_LAST_MEETING))
    return title == row.title or re.fullmatch(start + r"der Sitzung vom \d{2}\.\d{2}\.\d{4}", title) is not None


def title_of(row: StandingItem, before: Meeting | None) -> str:
    """The title on an agenda: "Protokoll der Sitzung vom 19.11.2026" where there was a meeting before."""
    if before is None or not row.title.endswith(_LAST_MEETING):
        return row.title
    return _("%(start)sder Sitzung vom %(day)s") % {
        "start": row.title.removesuffix(_LAST_MEETING),
        "day": german.short_day(before.start),
    }
