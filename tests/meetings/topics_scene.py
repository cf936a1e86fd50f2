"""A meeting of Arbeit and topics for it, used by the tests of what happens to them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import agenda_proposals
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import (
    MeetingFactory,
    StandingItemFactory,
)
from tests.world import AT, World

KEY = uuid.UUID("0b6f9a52-7f2e-4a8e-9d0f-3f1a5d2c7e10")


def arbeit_in_march(cast: World) -> Meeting:
    """Arbeit meets on 11 March 2027; topics by 18 February, papers until 8 March."""
    for code, position in (("opening", -2), ("relays", -1), ("units", 1), ("closing", 2)):
        StandingItemFactory(alliance=cast.arbeit, code=code, position=position)
    return MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CALL_OPEN,
        venue=cast.venue,
    )


def propose(cast: World, meeting: Meeting | None, **given: Any) -> AgendaItem:
    fields: dict[str, Any] = {
        "alliance": cast.arbeit,
        "meeting": meeting,
        "title": "100-Tage-Gespräche",
        "proposer": cast.susanne,
        "via": Via.LINK,
        "form_key": uuid.uuid4(),
        "at": AT,
    }
    return agenda_proposals.propose(**(fields | given))


def verbs() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("verb", flat=True))


def titles(meeting: Meeting) -> list[str]:
    return [
        item.title if not item.standing_code else item.standing_code
        for item in meeting.agenda_items.on_agenda().filter(position__gt=0)
    ]
