"""Nobody is forgotten at the end of a meeting."""

from __future__ import annotations

import pytest

from buendnisse.models import Change
from meetings.domain import attendance_end, session
from meetings.domain.minutes_content import content
from meetings.enums import Answer, Presence
from meetings.models import Attendance
from tests.meetings import held
from tests.meetings.held import AT

pytestmark = pytest.mark.django_db


def test_who_declined_is_excused_and_who_said_nothing_was_not_there() -> None:
    now = held.running()
    imke = now.world.imke
    Attendance.objects.filter(person=now.world.susanne).update(answer=Answer.DECLINED)
    Attendance.objects.filter(person=now.world.birgit).update(answer=Answer.ACCEPTED)
    session.record_presence(now.row("birgit"), presence=Presence.PRESENT, by=imke, at=AT)
    Attendance.objects.filter(person=now.world.rolf).update(is_asked=True)
    assert attendance_end.in_words(now.meeting) == (
        "Als entschuldigt gilt, wer abgesagt hat und nicht erfasst ist: Susanne Overhage. "
        "Als nicht anwesend gilt, wer nicht geantwortet hat und nicht erfasst ist: Rolf Eilers."
    )

    session.finish(now.meeting, by=imke, at=AT)

    assert {row["name"]: row["presence"] for row in content(now.meeting)["attendance"]} == {
        "Birgit Hanneken": "present",
        "Susanne Overhage": "excused",
        "Rolf Eilers": "absent",
    }
    assert Change.objects.filter(verb="attendance.recorded", reason="meeting_ended").count() == 2
    assert attendance_end.in_words(now.meeting) == ""


def test_silence_says_nothing_while_nobody_is_recorded() -> None:
    now = held.running()
    Attendance.objects.filter(person=now.world.susanne).update(answer=Answer.DECLINED)

    session.finish(now.meeting, by=now.world.imke, at=AT)

    assert (now.row("susanne").presence, now.row("birgit").presence) == (Presence.EXCUSED, Presence.UNKNOWN)
