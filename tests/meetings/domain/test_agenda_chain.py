"""How long a topic has been on its way, counted along its chain in one query."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from meetings.domain import agenda, agenda_chain
from meetings.models import Meeting
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.meetings.domain.test_agenda import propose
from tests.meetings.march import march_of_arbeit
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (1, "kommt wieder, vertagt am 11.03.2027"),
        (2, "kommt wieder, seit 2 Sitzungen offen"),
        (3, "kommt wieder, seit 3 Sitzungen offen"),
    ],
)
def test_chain_is_counted(times: int, words: str, django_assert_num_queries: Any) -> None:
    cast = world.build()
    meetings: list[Meeting] = [march_of_arbeit(cast)]
    for number in range(times):
        start = meetings[0].start + dt.timedelta(days=91 * (number + 1))
        meetings.append(
            MeetingFactory(
                alliance=cast.arbeit,
                quarter=f"2027-Q{number + 2}" if number < 3 else "2028-Q1",
                start=start,
                end=start + dt.timedelta(hours=2),
                state="confirmed",
            )
        )
    item = propose(cast, meetings[0])
    agenda.accept(item, by=cast.imke, at=AT)
    for meeting in meetings[1:]:
        item = agenda.defer(item, to=meeting, reason="Voll.", by=cast.imke, at=AT)

    with django_assert_num_queries(1):
        found = agenda_chain.carried(cast.arbeit.pk)

    assert (found[item.pk].words, found[item.pk].sessions) == (words, times)
    assert len(found) == times
