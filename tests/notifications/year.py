"""A year's dates, fixed as the Fachstelle fixes them: all meetings and the plan in one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from buendnisse.domain import journal
from buendnisse.models import Alliance
from meetings.domain import planning
from meetings.domain.quarter import Quarter
from meetings.enums import Happened
from meetings.models import Meeting, YearPlan
from tests.notifications import sending
from tests.support import snapshots
from tests.world import AT, World


def note(alliance: Alliance, cast: World, *, day: dt.date, hour: int = 9, mode: str = "on_site") -> Meeting:
    """A date of two hours, in state `planned`; `hour` is UTC."""
    start = dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)
    return planning.plan(
        alliance,
        quarter=str(Quarter.of(day)),
        start=start,
        end=start + dt.timedelta(hours=2),
        mode=mode,
        venue=cast.venue,
        conflict_reason="So ist es abgesprochen.",
        form_key=uuid.uuid4(),
        by=cast.imke,
        at=AT,
    )


def note_all(cast: World) -> list[Meeting]:
    """Arbeit in February and May, Bildung in February, Gesellschaft in March 2027."""
    return [
        note(cast.arbeit, cast, day=dt.date(2027, 2, 11), mode="hybrid"),
        note(cast.bildung, cast, day=dt.date(2027, 2, 17), hour=14),
        note(cast.gesellschaft, cast, day=dt.date(2027, 3, 3), hour=16),
        note(cast.arbeit, cast, day=dt.date(2027, 5, 13), hour=8),
    ]


def confirm(meetings: Sequence[Meeting], cast: World, *, at: dt.datetime = AT, introduction: str = "") -> YearPlan:
    """The dates stand, and one change says so for the year."""
    with transaction.atomic():
        year = int(meetings[0].quarter[:4])
        plan, _made = YearPlan.objects.update_or_create(year=year, defaults={"introduction": introduction})
        for meeting in meetings:
            planning.confirm(meeting, by=cast.imke, at=at, year=year)
        data = {"year": year, "meetings": [meeting.pk for meeting in meetings]}
        journal.record(Happened.YEAR_CONFIRMED, plan, at=at, by=cast.imke, data=data)
    return plan


def fix(planned: list[Meeting], cast: World, **kwargs: Any) -> list[Meeting]:
    """`confirm`, for those who go on with the meetings."""
    confirm(planned, cast, **kwargs)
    return planned


def move(
    meeting: Meeting, cast: World, *, at: dt.datetime, by: dt.timedelta = dt.timedelta(weeks=1), **kwargs: Any
) -> None:
    facts = {"start": meeting.start + by, "end": meeting.end + by, "venue": meeting.venue} | kwargs
    planning.move_date(meeting, **facts, version=meeting.version, conflict_reason="Geht.", by=cast.imke, at=at)


def cancel(meeting: Meeting, cast: World, *, at: dt.datetime) -> None:
    planning.cancel(meeting, reason="Der Raum ist nicht frei.", by=cast.imke, at=at)


def same_as_snapshot(name: str, message: Any) -> None:
    found = sending.snapshot(message)
    assert found == snapshots.stored(name, found)
