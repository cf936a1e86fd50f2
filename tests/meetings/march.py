"""The meeting most tests of agendas are about."""

from __future__ import annotations

import datetime as dt

from meetings.domain import agenda_board, agenda_seen
from meetings.enums import MeetingState
from meetings.models import Meeting
from tests.factories.meetings import MeetingFactory, StandingItemFactory
from tests.world import World


def march_of_arbeit(cast: World) -> Meeting:
    """Arbeit, 11 March 2027, 10 to 12 in Berlin; the call for topics is open. Topics by 18 February, papers until 8 March."""
    for code, position in (("opening", -2), ("relays", -1), ("units", 1), ("closing", 2)):
        StandingItemFactory(alliance=cast.arbeit, code=code, position=position)
    return MeetingFactory(
        slug="2027-q1-arbeit",
        alliance=cast.arbeit,
        quarter="2027-Q1",
        title="Arbeitsbündnis Arbeit – 1. Quartal 2027",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CALL_OPEN,
        venue=cast.venue,
    )


def fields(meeting: Meeting) -> dict[str, str]:
    """The form of the agenda's rows as the page would send it back."""
    items = list(meeting.agenda_items.on_agenda().filter(position__gt=0).select_related("presenter__organisation"))
    sent = {"gesehen": agenda_seen.now(item.pk for item in items).stamp}
    for item in items:
        sent |= {
            f"v-{item.pk}": str(item.version),
            f"m-{item.pk}": str(item.duration_minutes),
            f"p-{item.pk}": agenda_board.presenter_words(item.presenter),
        }
        if not item.standing_code:
            sent[f"n-{item.pk}"] = str(item.position)
    return sent
