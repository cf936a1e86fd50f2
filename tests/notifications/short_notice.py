"""A meeting of 11 February that is called off or moved on its morning, and the list of those to call."""

from __future__ import annotations

import datetime as dt
from typing import Any

from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import answers, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import telephone_list
from notifications.domain.reach import Reach
from notifications.domain.telephone_list import TelephoneList
from tests.world import AT, World

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
START = dt.datetime(2027, 2, 11, 9, 0, tzinfo=dt.UTC)
MORNING = START - 3 * HOUR  # 7:00 in Berlin


def row(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=person)


def say(meeting: Meeting, person: Person, answer: Answer, at: dt.datetime = AT + 2 * MINUTE) -> None:
    answers.answer(row(meeting, person), answer=answer, via=Via.LINK, by=person, at=at)


def cancel(meeting: Meeting, cast: World, *, at: dt.datetime = MORNING) -> None:
    planning.cancel(meeting, reason="Glatteis.", by=cast.imke, at=at)


def move(meeting: Meeting, cast: World, *, by: dt.timedelta, at: dt.datetime, **facts: Any) -> None:
    given = {"start": meeting.start + by, "end": meeting.end + by, "venue": meeting.venue} | facts
    planning.move_date(meeting, **given, version=meeting.version, by=cast.imke, at=at)


def listed(meeting: Meeting, at: dt.datetime) -> TelephoneList:
    found = telephone_list.of(meeting, at=at)
    assert found is not None
    return found


def told(meeting: Meeting, at: dt.datetime) -> dict[str, tuple[Reach, str]]:
    """First name: whether to call, and what became of the mail; in the order of the list."""
    return {entry.row.person.first_name: (entry.reach, entry.words) for entry in listed(meeting, at).entries}
