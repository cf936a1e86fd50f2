"""One module for each group of letters. Each holds `COMPOSERS`: mail kind → how to compose it."""

from __future__ import annotations

import datetime as dt

from notifications.domain import calm_rules
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import (
    access,
    agenda,
    decisions,
    deputies,
    digest,
    exchange,
    fates,
    inbound,
    late_papers,
    meeting,
    minutes,
    people,
    relay,
    reminders,
    tasks,
    topics,
    unit_reports,
    votes,
    year,
)
from notifications.models import OutboxMessage

_COMPOSERS: dict[str, Composer] = {
    **access.COMPOSERS,
    **agenda.COMPOSERS,
    **decisions.COMPOSERS,
    **deputies.COMPOSERS,
    **digest.COMPOSERS,
    **exchange.COMPOSERS,
    **fates.COMPOSERS,
    **inbound.COMPOSERS,
    **late_papers.COMPOSERS,
    **meeting.COMPOSERS,
    **minutes.COMPOSERS,
    **people.COMPOSERS,
    **relay.COMPOSERS,
    **reminders.COMPOSERS,
    **tasks.COMPOSERS,
    **topics.COMPOSERS,
    **unit_reports.COMPOSERS,
    **votes.COMPOSERS,
    **year.COMPOSERS,
}


def compose(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The letter of a waiting message as of `at`. Raises NothingToSay where the occasion is over."""
    if calm_rules.is_over(message, at):
        raise NothingToSay
    return _COMPOSERS[message.kind](message, at)
