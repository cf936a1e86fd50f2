"""Everything loaded so far, by the identifiers of the files, for those who refer to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from buendnisse import clock
from buendnisse.models import (
    Alliance,
    Body,
    Membership,
    Organisation,
    Paper,
    PaperVersion,
    Person,
    Topic,
    Unit,
    Venue,
)
from meetings.domain.schedule import Schedule
from meetings.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    CircularVote,
    Decision,
    Meeting,
    Minutes,
    MinutesVersion,
    Notice,
    Objection,
    Relay,
    Remark,
    UnitReport,
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
    #: Alliance → the venues that host it in turn.
    hosts: dict[str, list[str]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    papers: dict[str, Paper] = field(default_factory=dict)
    paper_versions: list[PaperVersion] = field(default_factory=list)
    #: Paper → the meeting and the item it was written for.
    paper_homes: dict[str, tuple[str, str]] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    items: dict[str, AgendaItem] = field(default_factory=dict)
    #: Item → the relay it takes up, as the files name it before relays are read.
    item_answers: dict[str, str] = field(default_factory=dict)
    #: Item → the decision made under it, said again by the decision.
    item_decisions: dict[str, str] = field(default_factory=dict)
    item_papers: dict[str, list[str]] = field(default_factory=dict)
    attendance: list[Attendance] = field(default_factory=list)
    minutes: dict[str, Minutes] = field(default_factory=dict)
    minutes_versions: list[MinutesVersion] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    actions: dict[str, ActionItem] = field(default_factory=dict)
    relays: dict[str, Relay] = field(default_factory=dict)
    circulars: dict[str, CircularVote] = field(default_factory=dict)
    reports: list[UnitReport] = field(default_factory=list)
    notices: dict[str, Notice] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def head(self) -> Person:
        """Who leads the Fachstelle."""
        return self.people["p-albers"]

    @property
    def writer(self) -> Person:
        """Who takes the minutes and writes the mails."""
        return self.people["p-reiter"]

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


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """The files know days only; the hour is ours. Never after START."""
    return min(clock.at_local(day, dt.time(hour, minute)), START - dt.timedelta(minutes=10))


def maybe(day: dt.date | None, hour: int, minute: int = 0) -> dt.datetime | None:
    return moment(day, hour, minute) if day else None


def at_some_hour(day: dt.date, number: int) -> dt.datetime:
    """A moment between 8 and 18 o'clock, another one for another number, the same at every load."""
    return moment(day, 8 + number * 7 % 10, number * 23 % 60)


def link(through: type[models.Model], pairs: Iterable[tuple[models.Model, models.Model]]) -> None:
    """Fill a many-to-many table in one statement."""
    rows: list[Any] = []
    for left, right in pairs:
        names = {_column(through, side): side.pk for side in (left, right)}
        rows.append(through(**names))
    through._default_manager.bulk_create(rows)


def _column(through: type[models.Model], side: models.Model) -> str:
    """The column of a many-to-many table that points to the kind of thing `side` is."""
    for item in through._meta.concrete_fields:
        target = item.related_model
        if isinstance(target, type) and isinstance(side, target):
            return str(item.attname)
    raise LookupError(f"{through} has no column for {side!r}")
