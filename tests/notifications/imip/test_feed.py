from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from notifications.imip import feed
from notifications.imip.event import EventRefused
from tests.groups import require
from tests.notifications.imip import samples
from tests.support import libical

SNAPSHOTS = Path(__file__).parent / "snapshots"
AROUND = feed.Feed(
    uid="calendar.00ff@kreis.example",
    name="Sitzungen Haseland",
    description="Die Sitzungen Ihrer Bündnisse.",
    source="https://kreis.example/kalender/mq-abcdEFGH0123456789~_/sitzungen.ics",
    url="https://kreis.example/kalender/mq-abcdEFGH0123456789~_/",
    last_modified=datetime(2026, 11, 20, 10, 15, 30, 500, tzinfo=UTC),
)
ENTRY = feed.FeedEntry(
    uid=samples.EVENT.uid,
    sequence=2,
    stamp=datetime(2026, 11, 20, 10, 15, tzinfo=UTC),
    start=samples.EVENT.start,
    end=samples.EVENT.end,
    summary=samples.EVENT.summary,
    location=samples.EVENT.location,
    description="Seite der Sitzung: https://kreis.example/sitzungen/12/",
    url=samples.EVENT.url,
    created=samples.EVENT.created,
    last_modified=datetime(2026, 11, 20, 10, 15, tzinfo=UTC),
)
CANCELLED = replace(
    ENTRY,
    uid="8.00ff@kreis.example",
    start=ENTRY.start + timedelta(days=70),
    end=ENTRY.end + timedelta(days=70),
    status="CANCELLED",
)
FREE = replace(ENTRY, uid="9.00ff@kreis.example", is_busy=False)
FEEDS = {"feed": [CANCELLED, ENTRY, FREE], "feed_empty": []}


def lines(data: bytes) -> list[str]:
    return data.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


@pytest.mark.parametrize("name", sorted(FEEDS))
def test_feed_is_its_snapshot(name: str) -> None:
    assert feed.calendar(AROUND, FEEDS[name]) == (SNAPSHOTS / f"{name}.ics").read_bytes()


@pytest.fixture
def libical_faults() -> Callable[[bytes], list[str]]:
    require("libical")
    return libical.faults


@pytest.mark.parametrize("name", sorted(FEEDS))
def test_feed_satisfies_libical(name: str, libical_faults: Callable[[bytes], list[str]]) -> None:
    assert libical_faults(feed.calendar(AROUND, FEEDS[name])) == []


def test_feed_invites_nobody() -> None:
    told = {line.partition(":")[0].partition(";")[0] for line in lines(feed.calendar(AROUND, FEEDS["feed"]))}

    assert told & {"METHOD", "ORGANIZER", "ATTENDEE"} == set()
    assert [line for line in lines(feed.calendar(AROUND, [])) if line.startswith("REFRESH-INTERVAL")] == [
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    ]


def test_head_holds_what_rfc_7986_knows_of_a_calendar_once_each() -> None:
    head = feed.calendar(AROUND, FEEDS["feed"]).partition(b"BEGIN:VTIMEZONE")[0]
    names = [one.partition(":")[0].partition(";")[0] for one in lines(head)]

    assert names == [
        *("BEGIN", "PRODID", "VERSION", "CALSCALE", "UID", "LAST-MODIFIED", "NAME", "X-WR-CALNAME", "DESCRIPTION"),
        *("X-WR-CALDESC", "COLOR", "URL", "X-WR-TIMEZONE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE"),
    ]
    assert "LAST-MODIFIED:20261120T101530Z" in lines(head)
    nothing_yet = feed.calendar(replace(AROUND, last_modified=None), []).partition(b"BEGIN:VTIMEZONE")[0]
    assert "LAST-MODIFIED" not in nothing_yet.decode()


def test_order_given_makes_no_difference() -> None:
    entries = FEEDS["feed"]

    assert feed.calendar(AROUND, entries) == feed.calendar(AROUND, list(reversed(entries)))


def test_time_is_taken_only_where_somebody_is_expected() -> None:
    found = [line for line in lines(feed.calendar(AROUND, FEEDS["feed"])) if line.startswith(("STATUS", "TRANSP"))]

    assert found == [
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
    ]


def test_address_it_is_fetched_from_must_be_one() -> None:
    with pytest.raises(EventRefused):
        replace(AROUND, source="https://kreis.example/ü.ics")


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_icalendar_reads_it_without_a_fault(summary: str, location: str, name: str) -> None:
    entry = replace(ENTRY, summary=summary, location=location)
    data = feed.calendar(replace(AROUND, name=name), [entry, CANCELLED])

    read: Any = Calendar.from_ical(data)

    assert [component.name for component in read.subcomponents] == ["VTIMEZONE", "VEVENT", "VEVENT"]
    assert [event["DTSTART"].dt.astimezone(UTC) for event in read.walk("VEVENT")] == [ENTRY.start, CANCELLED.start]
    assert [event.errors for event in read.walk("VEVENT")] == [[], []]
    assert [line for line in data.split(b"\r\n") if len(line) > 75] == []
    assert re.findall(rb"[\x00-\x08\x0a-\x1f\x7f]", data.replace(b"\r\n", b"")) == []
