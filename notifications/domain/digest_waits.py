"""What waits for somebody without a row of their own: relays their body has not answered, reports their unit owes.

Gathered once for all letters of a Monday, since who is asked hangs on a body or a unit, not on a person.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import BodyKind
from buendnisse.models import StandingItem
from meetings.domain import relay_turn, spokespeople, unit_reports
from meetings.domain.relay_turn import Turn
from meetings.enums import RELAY_TRAVELLING, MeetingState, RelayKind, RelayState, StandingCode
from meetings.models import AgendaItem, Meeting, Relay

#: From the call on a unit knows of its report.
_CALLED = (MeetingState.CALL_OPEN, MeetingState.AGENDA_CLOSED, MeetingState.INVITED)


@dataclass(frozen=True)
class Report:
    """What one person is asked to write for a meeting, and until when it is in time."""

    meeting: Meeting
    units: str
    until: dt.date


@dataclass(frozen=True)
class Waits:
    """By person, what is due first comes first."""

    relays: Mapping[int, Sequence[Relay]]
    reports: Mapping[int, Sequence[Report]]


def gather(*, at: dt.datetime) -> Waits:
    """As of `at`. The same queries however many people read it; a few for each meeting that hears reports of units."""
    return Waits(_relays(at), _reports(at))


def _relays(at: dt.datetime) -> dict[int, list[Relay]]:
    """For whoever speaks for a body whose turn it is; not what its next meeting is going to answer.

    What has become confidential since is for the Fachstelle alone.
    """
    waiting = RELAY_TRAVELLING - {RelayState.ON_AGENDA}
    rows = Relay.objects.filter(state__in=waiting).exclude(kind=RelayKind.FOR_INFORMATION)
    rows = rows.exclude(target__kind=BodyKind.EXTERNAL).without_secrets()
    relays = list(rows.select_related(*relay_turn.RELATED).order_by("due_on", "pk"))
    if not relays:
        return {}
    bodies = [body for relay in relays for body in (relay.source, relay.target)]
    around = relay_turn.surroundings(bodies, at=at)
    speakers = spokespeople.of([relay.target for relay in relays], day=local_date(at))
    found: dict[int, list[Relay]] = defaultdict(list)
    for relay in relays:
        person = speakers.get(relay.target_id)
        if person is not None and relay_turn.waiting_for(relay, at=at, around=around).turn == Turn.TARGET:
            found[person.pk].append(relay)
    return found


def _reports(at: dt.datetime) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = defaultdict(list)
    standing = StandingItem.objects.in_force().filter(code=StandingCode.UNITS)
    items = AgendaItem.objects.on_agenda().filter(standing_code=StandingCode.UNITS)
    asking = Q(alliance__in=standing.values("alliance")) | Q(pk__in=items.values("meeting"))
    called = Meeting.objects.filter(asking, state__in=_CALLED, start__gt=at).select_related("alliance")
    for meeting in called.order_by("start", "pk"):
        units: dict[int, list[str]] = defaultdict(list)
        for row in unit_reports.waiting_for(meeting, at=at):
            units[row.contact.pk].append(row.unit.short_name)
        if units:
            window = unit_reports.window(meeting, at=at)
            until = window.late_until if window.is_late else window.in_time_until
            for person, names in units.items():
                found[person].append(Report(meeting, german.listing(names), until))
    return found
