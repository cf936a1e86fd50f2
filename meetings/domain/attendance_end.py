"""At the end of a meeting nobody is forgotten: who said no is excused, who said nothing was not there.

So both stand in the minutes and are led to what they missed. Nothing is guessed of who had accepted.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.enums import Role, Via
from buendnisse.models import Person
from meetings.domain import quorum
from meetings.enums import Answer, Happened, Presence
from meetings.models import Attendance, Meeting


def open_rows(meeting: Meeting) -> dict[Presence, list[Attendance]]:
    """Whom the end will call excused or not there. Silence says nothing while no attendance is recorded at all."""
    rows = meeting.attendance.filter(presence=Presence.UNKNOWN).select_related("person")
    rows = rows.order_by("person__last_name", "person__first_name", "pk")
    declined = Q(answer=Answer.DECLINED) | Q(deputy__isnull=False)
    silent = Q(answer=Answer.PENDING, is_asked=True)
    recorded = meeting.attendance.filter(presence__in=quorum.THERE).exists()
    return {
        Presence.EXCUSED: list(rows.filter(declined)),
        Presence.ABSENT: list(rows.filter(silent).exclude(declined).exclude(role=Role.GUEST)) if recorded else [],
    }


def in_words(meeting: Meeting) -> str:
    """What the end will write down, for whoever ends the meeting; empty where everybody is recorded."""
    sentences = {
        Presence.EXCUSED: _("Als entschuldigt gilt, wer abgesagt hat und nicht erfasst ist: %s."),
        Presence.ABSENT: _("Als nicht anwesend gilt, wer nicht geantwortet hat und nicht erfasst ist: %s."),
    }
    found = open_rows(meeting)
    return german.sentences(
        *(
            words % german.listing([row.person.full_name for row in found[presence]])
            for presence, words in sentences.items()
            if found[presence]
        )
    )


def settle(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Write it down. Needs a transaction."""
    for presence, rows in open_rows(meeting).items():
        for row in rows:
            known = Attendance.objects.filter(pk=row.pk, presence=Presence.UNKNOWN)
            if known.update(presence=presence, version=F("version") + 1):
                data = {"meeting": meeting.pk, "presence": str(presence)}
                journal.record(
                    Happened.ATTENDANCE_RECORDED, row, at=at, by=by, via=via, body=meeting.alliance,
                    reason="meeting_ended", data=data,
                )  # fmt: skip
