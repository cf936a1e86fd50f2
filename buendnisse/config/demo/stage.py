"""Everything loaded so far, by the identifiers of the files, for those who refer to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from buendnisse import clock
from buendnisse.models import (
    Alliance,
    Body,
    Membership,
    Organisation,
    Paper,
    Person,
    Topic,
    Unit,
    Venue,
)
from meetings.models import (
    ActionItem,
    AgendaItem,
    CircularVote,
    Decision,
    Meeting,
    Minutes,
    Notice,
    Relay,
)

#: The moment the demo begins. Its files tell what was known on this day.
START = clock.at_local(dt.date(2026, 11, 23), dt.time(9, 0))
TODAY = clock.local_date(START)


@dataclass
class Stage:
    topics: dict[str, Topic] = field(default_factory=dict)
    alliances: dict[str, Alliance] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    externals: dict[str, Body] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    papers: dict[str, Paper] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    items: dict[str, AgendaItem] = field(default_factory=dict)
    minutes: dict[str, Minutes] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    actions: dict[str, ActionItem] = field(default_factory=dict)
    relays: dict[str, Relay] = field(default_factory=dict)
    circulars: dict[str, CircularVote] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)

    def members(self, alliance: Alliance, day: dt.date) -> list[Membership]:
        """Who belonged to an alliance on a day, in the order of the files."""
        return [
            membership
            for membership in self.memberships
            if membership.body_id == alliance.pk
            and membership.since <= day
            and (membership.until is None or membership.until >= day)
        ]


def slug(identifier: str) -> str:
    """An identifier of the files without the letters that tell its kind: `org-vhs` → `vhs`."""
    return identifier.partition("-")[2]
