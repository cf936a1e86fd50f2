"""Windows end on Mondays at seven, whatever the clocks do, and nobody is told of three months at once."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buendnisse.clock import BERLIN, local
from buendnisse.enums import DigestRhythm
from notifications.domain import digest_windows


def berlin(year: int, month: int, day: int, hour: int = 6, minute: int = 59) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=BERLIN).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (berlin(2026, 11, 23, 7, 0), berlin(2026, 11, 23, 6, 59)),
        (berlin(2026, 11, 23, 6, 59), berlin(2026, 11, 16, 6, 59)),
        (berlin(2026, 11, 26, 12, 0), berlin(2026, 11, 23, 6, 59)),
        (berlin(2026, 11, 29, 23, 59), berlin(2026, 11, 23, 6, 59)),
        (berlin(2026, 10, 26, 7, 0), berlin(2026, 10, 26, 6, 59)),  # the day after summer time ended
        (berlin(2027, 3, 29, 7, 0), berlin(2027, 3, 29, 6, 59)),  # the day after it began
    ],
)
def test_last_end_is_a_monday_at_seven_in_berlin(at: dt.datetime, end: dt.datetime) -> None:
    assert digest_windows.last_end(at=at) == end


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2029, 12, 31), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_last_end_is_never_later_and_never_older_than_a_week_of_local_days(at: dt.datetime) -> None:
    end = digest_windows.last_end(at=at)

    assert end <= at
    assert (local(end).weekday(), local(end).hour, local(end).minute) == (0, 6, 59)
    assert (local(at).date() - local(end).date()).days <= 7


@pytest.mark.parametrize(
    ("rhythm", "day", "due"),
    [
        (DigestRhythm.WEEKLY, 23, True),
        (DigestRhythm.MONTHLY, 23, False),
        (DigestRhythm.MONTHLY, 2, True),
        (DigestRhythm.NEVER, 2, False),
    ],
)
def test_rhythm_decides_which_mondays_count(rhythm: str, day: int, *, due: bool) -> None:
    assert digest_windows.is_due(rhythm, end=berlin(2026, 11, day)) is due


def test_first_window_is_one_rhythm_long() -> None:
    end = berlin(2026, 12, 7)

    assert digest_windows.since(DigestRhythm.WEEKLY, end=end, told=None) == berlin(2026, 11, 30)
    assert digest_windows.since(DigestRhythm.MONTHLY, end=end, told=None) == berlin(2026, 11, 2)


def test_week_across_summer_time_is_a_week_of_local_days() -> None:
    since = digest_windows.since(DigestRhythm.WEEKLY, end=berlin(2026, 10, 26), told=None)

    assert (since, berlin(2026, 10, 26) - since) == (berlin(2026, 10, 19), dt.timedelta(days=7, hours=1))


def test_window_begins_where_the_last_letter_ended() -> None:
    last = berlin(2026, 11, 2)

    assert digest_windows.since(DigestRhythm.WEEKLY, end=berlin(2026, 11, 23), told=last) == last


def test_after_a_long_silence_two_months_are_told_at_most() -> None:
    since = digest_windows.since(DigestRhythm.WEEKLY, end=berlin(2026, 11, 23), told=berlin(2026, 1, 5))

    assert since == berlin(2026, 9, 22)


RHYTHMS = st.sampled_from([DigestRhythm.WEEKLY, DigestRhythm.MONTHLY])
RINGS = st.lists(st.integers(min_value=0, max_value=24 * 90), min_size=1, max_size=40)  # hours after the first ring


@settings(max_examples=200, deadline=None)
@given(RHYTHMS, st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(BERLIN)), RINGS)  # noqa: DTZ001
def test_windows_follow_each_other_whenever_it_rings(rhythm: str, first: dt.datetime, rings: list[int]) -> None:
    """Down for weeks, twice at once, across both changes of the clock: each moment is told once, in one window."""
    begin = first.astimezone(dt.UTC)
    before = digest_windows.last_end(at=begin)
    told: dt.datetime | None = before
    windows: list[tuple[dt.datetime, dt.datetime]] = []
    for hours in sorted([*rings, *rings]):
        end = digest_windows.last_end(at=begin + dt.timedelta(hours=hours))
        if end <= before:
            continue
        if digest_windows.is_due(rhythm, end=end, before=before):
            windows.append((digest_windows.since(rhythm, end=end, told=told, before=before), end))
            told = end
        before = end

    for (_since, until), (since, _until) in itertools.pairwise(windows):
        assert since == max(until, since)
        assert since == until or _until - until > digest_windows.LONGEST - dt.timedelta(hours=1)
    assert all(since < until and local(until).weekday() == 0 for since, until in windows)
    last = digest_windows.last_end(at=begin + dt.timedelta(hours=max(rings)))
    day = local(last).date()
    first_monday = day - dt.timedelta(days=7 * ((day.day - 1) // 7))
    if rhythm == DigestRhythm.WEEKLY:
        assert told == last
    elif local(told or last).date() < first_monday:
        assert first_monday <= local(digest_windows.last_end(at=begin)).date()
