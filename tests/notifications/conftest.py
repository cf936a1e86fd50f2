"""A relay that really listens, and a meeting of Arbeit whose date stands."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from meetings.domain import planning
from meetings.models import Meeting
from notifications.domain import ring
from tests import world
from tests.notifications import sending, year
from tests.support import smtp_sink
from tests.world import AT, World


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def relay(settings: Any) -> Iterator[smtp_sink.Sink]:
    """The relay of `EMAIL_URL`, as a sink on this machine."""
    with smtp_sink.running() as running:
        sending.use(settings, running)
        yield running


@pytest.fixture(params=[False, True], ids=["one by one", "several at once"])
def _both_ways(relay: smtp_sink.Sink, request: pytest.FixtureRequest) -> None:
    """The relay wants its commands one by one, or takes several at once (RFC 2920)."""
    relay.takes_several = request.param


@pytest.fixture
def february(cast: World) -> Meeting:
    """Arbeit, 11 February 2027, 10 to 12 in Berlin, on site and online; confirmed at AT, nothing sent yet."""
    meeting = planning.plan(
        cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 2, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 2, 11, 11, 0, tzinfo=dt.UTC),
        mode="hybrid",
        venue=cast.venue,
        video_link="https://konferenz.example/arbeit",
        form_key=uuid.UUID(int=1),
        by=cast.imke,
        at=AT,
    )
    planning.confirm(meeting, by=cast.imke, at=AT)
    return meeting


@pytest.fixture
def invited(february: Meeting, relay: smtp_sink.Sink) -> Meeting:
    """The same; everybody has the invitation."""
    ring.ring(at=sending.after_grace(AT))
    return february


@pytest.fixture
def planned(cast: World) -> list[Meeting]:
    """Four dates of 2027, in state `planned`."""
    return year.note_all(cast)
