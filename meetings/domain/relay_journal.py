"""How relays are written into the journal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Body, Person
from meetings.enums import Happened
from meetings.models import AgendaItem, Decision, Relay


def record(
    verb: Happened,
    relay: Relay,
    *,
    body: Body,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.WEB,
    item: AgendaItem | None = None,
    decision: Decision | None = None,
    reason: str = "",
    **more: Any,
) -> None:
    """`body` is the side that acted; source and target let a digest tell both sides without a further query.

    `more`: ids, codes and dates that taking the step back needs, as `was` for the state before it.
    """
    data: dict[str, Any] = {"source": relay.source_id, "target": relay.target_id, **more}
    if item is not None:
        data |= {"item": item.pk, "meeting": item.meeting_id}
    if decision is not None:
        data["decision"] = decision.pk
    journal.record(verb, relay, at=at, by=by, via=via, body=body, reason=reason, data=data)
