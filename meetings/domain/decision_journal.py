"""What the journal keeps of a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.models import Decision


def record(
    verb: str,
    decision: Decision,
    *,
    by: Person | None,
    at: dt.datetime,
    via: str,
    reason: str = "",
    more: Mapping[str, Any] | None = None,
) -> None:
    """One entry, with the meeting and the item the decision belongs to."""
    data = {"meeting": decision.meeting_id, "item": decision.agenda_item_id, **(more or {})}
    journal.record(verb, decision, at=at, by=by, via=via, body=decision.alliance, reason=reason, data=data)
