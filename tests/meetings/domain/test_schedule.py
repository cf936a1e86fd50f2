"""The derived schedule against the 24 meetings whose dates were made by hand, and its order everywhere else."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.config.demo import source
from buendnisse.models import Alliance
from meetings.domain import calendar_days, schedule
from meetings.enums import DeadlineKind
from meetings.models import Meeting

MEETINGS = source.read("meetings")["meetings"]
DAY = dt.timedelta(days=1)
CALENDAR = calendar_days.Calendar()


def days_after_summer(*, years: range) -> Iterator[dt.date]:
    """Every school day from the first bookable one after the summer to the end of September."""
    for year in years:
        summer = CALENDAR.summer_holidays(year)
        assert summer is not None
        day = summer.last + 21 * DAY
        while day <= min(dt.date(year, 9, 30), CALENDAR.known_until()):
            if CALENDAR.is_school_day(day):
                yield day
            day += DAY


@pytest.mark.parametrize("meeting", MEETINGS, ids=[meeting["id"] for meeting in MEETINGS])
def test_derived_schedule_is_the_one_made_by_hand(meeting: dict[str, Any]) -> None:
    found = schedule.derive(Alliance(), dt.date.fromisoformat(meeting["date"]))

    assert {kind: found[DeadlineKind(kind)].isoformat() for kind in meeting["schedule"]} == meeting["schedule"]


@pytest.mark.parametrize("day", list(days_after_summer(years=range(2025, 2029))), ids=str)
def test_chain_keeps_its_order_after_the_summer(day: dt.date) -> None:
    found = schedule.derive(Alliance(), day)

    assert (
        found[DeadlineKind.CALL_FOR_ITEMS]
        < found[DeadlineKind.REMINDER]
        <= found[DeadlineKind.EDITORIAL_DEADLINE]
        < found[DeadlineKind.INVITATION]
        < found[DeadlineKind.LATE_PAPERS]
        < found[DeadlineKind.MEETING]
        < found[DeadlineKind.MINUTES_TO_CHAIR]
        < found[DeadlineKind.MINUTES_DUE]
        < found[DeadlineKind.OBJECTION_UNTIL]
    )


def test_chain_keeps_its_order_on_every_school_day_that_is_known() -> None:
    day = dt.date(2025, 3, 3)
    refused = []
    while day <= CALENDAR.known_until():
        if CALENDAR.is_school_day(day):
            try:
                schedule.derive(Alliance(), day)
            except schedule.OrderLost:
                refused.append(day)
        day += DAY

    assert refused == []


def test_rules_too_close_together_lose_the_order() -> None:
    hasty = Alliance(call_days=17, reminder_days=16, editorial_days=15, invitation_days=14)

    with pytest.raises(schedule.OrderLost):
        schedule.derive(hasty, dt.date(2026, 11, 30))  # its call, reminder and deadline meet on a Friday


def test_invitation_moves_before_a_public_holiday() -> None:
    found = schedule.derive(Alliance(), dt.date(2025, 6, 12))

    assert found[DeadlineKind.INVITATION] == dt.date(2025, 5, 28)  # the 29th is Ascension Day


def test_editorial_deadline_moves_forward_over_a_bridging_day() -> None:
    found = schedule.derive(Alliance(), dt.date(2025, 5, 21))

    assert found[DeadlineKind.EDITORIAL_DEADLINE] == dt.date(2025, 5, 5)


def test_objection_period_never_ends_in_the_quiet_weeks() -> None:
    assert schedule.objection_until(Alliance(), dt.date(2025, 12, 16)) == dt.date(2026, 1, 7)


def test_objection_period_ends_on_a_working_day() -> None:
    assert schedule.objection_until(Alliance(), dt.date(2026, 4, 17)) == dt.date(2026, 5, 4)  # 1 May is a Friday


def test_save_the_date_moves_before_a_weekend() -> None:
    assert schedule.save_the_date(2028) == dt.date(2027, 10, 29)


def test_quiet_weeks_cross_the_year() -> None:
    alliance = Alliance()

    assert [schedule.is_quiet(alliance, dt.date(2026, 12, 22)), schedule.is_quiet(alliance, dt.date(2026, 12, 23))] == [
        False,
        True,
    ]
    assert [schedule.is_quiet(alliance, dt.date(2027, 1, 6)), schedule.is_quiet(alliance, dt.date(2027, 1, 7))] == [
        True,
        False,
    ]


def test_schedule_takes_the_overridden_date_and_remembers_the_derived_one() -> None:
    meeting = Meeting(
        alliance=Alliance(),
        start=clock.at_local(dt.date(2026, 12, 3), dt.time(10)),
        deadline_overrides={"invitation": "2026-11-17"},
    )

    found = schedule.schedule(meeting)

    assert found[DeadlineKind.INVITATION] == dt.date(2026, 11, 17)
    assert found.deadline(DeadlineKind.INVITATION) == schedule.Deadline(
        DeadlineKind.INVITATION, dt.date(2026, 11, 17), dt.date(2026, 11, 19), is_overridden=True
    )
    assert found.deadline(DeadlineKind.REMINDER).is_overridden is False
    assert found.deadline(DeadlineKind.INVITATION).label == "Einladung mit Tagesordnung"


def test_schedule_is_in_the_order_of_its_dates() -> None:
    meeting = Meeting(alliance=Alliance(), start=clock.at_local(dt.date(2026, 12, 3), dt.time(10)))

    dates = [entry.date for entry in schedule.schedule(meeting)]

    assert dates == sorted(dates)
    assert schedule.schedule(meeting).next_after(dt.date(2026, 11, 23)).kind == DeadlineKind.LATE_PAPERS
