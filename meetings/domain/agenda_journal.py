"""How the journal keeps what happens to a topic."""

from __future__ import annotations

import datetime as dt
from typing import Any

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.enums import Happened
from meetings.models import AgendaItem


def record(
    verb: Happened, item: AgendaItem, *, by: Person | None, at: dt.datetime, via: str = Via.WEB, **data: Any
) -> None:
    """Write down `verb` about this item, with the meeting it belongs to at that moment."""
    journal.record(verb, item, at=at, by=by, via=via, body=item.alliance, data={"meeting": item.meeting_id, **data})
