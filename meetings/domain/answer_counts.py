"""When the minutes are approved, who answered what is nobody's business any longer: only the numbers stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.enums import Via
from meetings.domain import answers
from meetings.enums import Answer, Happened, MeetingState, MinutesState, Presence
from meetings.models import Attendance, DeputyRequest, Meeting
from meetings.models.attendance import AttendanceQuerySet

#: A cancelled meeting has no minutes; its answers may still be asked for while a new date is looked for.
KEPT_AFTER_CANCELLED = dt.timedelta(days=30)


def due(*, at: dt.datetime, limit: int) -> list[Meeting]:
    """Meetings whose minutes are approved, or that were cancelled long ago, and that still tell who answered what."""
    approved = Q(meeting__minutes__state=MinutesState.APPROVED)
    cancelled = Q(meeting__state=MeetingState.CANCELLED, meeting__start__lt=at - KEPT_AFTER_CANCELLED)
    told = _told().filter(approved | cancelled).order_by().values("meeting")
    return list(Meeting.objects.filter(pk__in=told).select_related("alliance").order_by("start", "pk")[:limit])


def count(meeting: Meeting, *, at: dt.datetime) -> None:
    """Keep the numbers; forget each answer, its way and moment, its remark, and deputies who did not come.

    Who was there is attendance and stays, with whom they stood in for.
    """
    with transaction.atomic():
        counts = answers.summary(Meeting.objects.select_for_update().get(pk=meeting.pk))
        Meeting.objects.filter(pk=meeting.pk).update(answer_counts=asdict(counts))
        DeputyRequest.objects.filter(attendance__meeting=meeting).delete()
        rows = Attendance.objects.filter(meeting=meeting)
        rows.exclude(presence=Presence.DEPUTY).filter(stands_in_for__isnull=False).update(stands_in_for=None)
        rows.update(
            answer=Answer.PENDING,
            answered_at=None,
            answered_via="",
            answer_is_for_earlier_date=False,
            comment="",
            version=F("version") + 1,
        )
        journal.record(Happened.MEETING_ANSWERS_COUNTED, meeting, at=at, by=None, via=Via.RULE, body=meeting.alliance)


def in_words(counts: answers.Summary) -> str:
    """ "12 hatten zugesagt, davon 3 online. 2 hatten abgesagt, eine Person hat nicht geantwortet." """
    online = _(", davon %d online") % counts.online if counts.online and counts.coming > 1 else ""
    first = _said(counts.coming, _("hatte zugesagt"), _("hatten zugesagt")) or _("Niemand hatte zugesagt")
    rest = [
        _said(counts.represented, _("ließ sich vertreten"), _("ließen sich vertreten")),
        _said(counts.tentative, _("wusste es noch nicht"), _("wussten es noch nicht")),
        _said(counts.declined, _("hatte abgesagt"), _("hatten abgesagt")),
        _said(counts.pending, _("hat nicht geantwortet"), _("haben nicht geantwortet")),
    ]
    return german.sentences(f"{first}{online}", ", ".join(part for part in rest if part))


def _said(number: int, one: str, many: str) -> str:
    if not number:
        return ""
    return f"{_('eine Person') if number == 1 else number} {one if number == 1 else many}"


def _told() -> AttendanceQuerySet:
    """Rows that say more than who was there."""
    named = Q(stands_in_for__isnull=False) & ~Q(presence=Presence.DEPUTY)
    return Attendance.objects.filter(~Q(answer=Answer.PENDING) | Q(answered_at__isnull=False) | ~Q(comment="") | named)
