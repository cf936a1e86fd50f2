"""Whom a change is told to: one module for each group of verbs, each holding `HANDLERS`: verb → handler."""

from __future__ import annotations

from notifications.domain.dispatching import (
    access,
    agenda,
    decisions,
    deputies,
    exchange,
    inbound,
    late_papers,
    meeting,
    minutes,
    people,
    relay,
    tasks,
    votes,
    year,
)
from notifications.domain.draft import Handler

HANDLERS: dict[str, Handler] = {
    **access.HANDLERS,
    **agenda.HANDLERS,
    **decisions.HANDLERS,
    **deputies.HANDLERS,
    **exchange.HANDLERS,
    **inbound.HANDLERS,
    **late_papers.HANDLERS,
    **meeting.HANDLERS,
    **minutes.HANDLERS,
    **people.HANDLERS,
    **relay.HANDLERS,
    **tasks.HANDLERS,
    **votes.HANDLERS,
    **year.HANDLERS,
}
