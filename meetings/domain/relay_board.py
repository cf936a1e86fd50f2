"""All relays at a glance: who acts next, what happens otherwise, what is overdue. The same few queries for any number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Body
from meetings.domain import relay_turn
from meetings.domain.relay_rules import ANSWERING
from meetings.domain.relay_turn import Turn, Waiting
from meetings.enums import RELAY_OPEN
from meetings.models import Decision, Relay
from meetings.models.relay import RelayQuerySet

_RECENT = 40
_SOON = dt.timedelta(days=15)  # from here on a due date is coloured


@dataclass(frozen=True)
class Filters:
    """What the board is narrowed to; empty values narrow nothing. `scope`: open, ended or all."""

    body_id: int | None = None
    kind: str = ""
    scope: str = "open"
    year: int | None = None


@dataclass(frozen=True)
class Row:
    relay: Relay
    waiting: Waiting
    is_overdue: bool
    is_soon: bool
    due_words: str
    days: int | None


@dataclass(frozen=True)
class Board:
    """Sections in the order of need. A relay stands in exactly one."""

    overdue: tuple[Row, ...]
    ours: tuple[Row, ...]
    theirs: tuple[Row, ...]
    quiet: tuple[Row, ...]
    ended: tuple[Row, ...]

    @property
    def open_count(self) -> int:
        return len(self.overdue) + len(self.ours) + len(self.theirs) + len(self.quiet)

    @property
    def is_empty(self) -> bool:
        return not (self.open_count or self.ended)

    @property
    def mean_days(self) -> int | None:
        """Days to the answer on average over what has ended here and expected one."""
        days = [row.days for row in self.ended if row.days is not None and row.relay.expects_answer]
        return round(sum(days) / len(days)) if days else None


def board(reader: object, filters: Filters, *, at: dt.datetime) -> Board:
    """The relays `reader` may see."""
    relays = list(relay_turn.listed(_chosen(Relay.objects.visible_to(reader, at=at), filters)))
    around = relay_turn.surroundings([relay.target for relay in relays if relay.state in RELAY_OPEN], at=at)
    rows = [_row(relay, at=at, around=around) for relay in relays]
    under_way = sorted((row for row in rows if row.relay.state in RELAY_OPEN), key=_by_due)
    return Board(
        overdue=tuple(row for row in under_way if row.is_overdue),
        ours=_of(under_way, Turn.FACHSTELLE),
        theirs=_of(under_way, Turn.TARGET),
        quiet=_of(under_way, Turn.NOBODY),
        ended=tuple(sorted((row for row in rows if row.relay.state not in RELAY_OPEN), key=_by_end, reverse=True)),
    )


def bodies() -> list[Body]:
    """Everybody who ever sent or got a relay, for the filter."""
    ways = Q(relays_sent__isnull=False) | Q(relays_received__isnull=False)
    return list(Body.objects.filter(ways).distinct().order_by("kind", "pk"))


def decisions_to_relay(*, at: dt.datetime) -> list[Decision]:
    """Standing decisions of the last year, the latest first: where a relay usually begins."""
    since = local_date(at) - dt.timedelta(days=365)
    return list(
        Decision.objects.standing()
        .filter(decided_on__gte=since)
        .select_related("alliance")
        .order_by("-decided_on", "number")[:_RECENT]
    )


def decisions_that_may_answer(relay: Relay) -> list[Decision]:
    """Decisions the target has taken since it was asked, the latest first."""
    since = local_date(relay.sent_at) if relay.sent_at else dt.date.max
    return list(
        Decision.objects.filter(alliance_id=relay.target_id, state__in=ANSWERING, decided_on__gte=since).order_by(
            "-decided_on", "-number"
        )[:_RECENT]
    )


def years() -> list[int]:
    """The years in which relays were sent, the latest first."""
    numbers = Relay.objects.values_list("number", flat=True)
    return sorted({int(number.split("-")[1]) for number in numbers}, reverse=True)


def _chosen(relays: RelayQuerySet, filters: Filters) -> RelayQuerySet:
    if filters.body_id:
        relays = relays.filter(Q(source=filters.body_id) | Q(target=filters.body_id))
    if filters.kind:
        relays = relays.filter(kind=filters.kind)
    if filters.year:
        relays = relays.filter(number__startswith=f"W-{filters.year}-")
    match filters.scope:
        case "open":
            relays = relays.open()
        case "ended":
            relays = relays.exclude(state__in=RELAY_OPEN)
    return relays.order_by("number")


def _row(relay: Relay, *, at: dt.datetime, around: relay_turn.Surroundings) -> Row:
    today = local_date(at)
    return Row(
        relay,
        relay_turn.waiting_for(relay, at=at, around=around),
        is_overdue=relay_turn.is_overdue(relay, today),
        is_soon=relay.due_on is not None and today <= relay.due_on <= today + _SOON,
        due_words=german.days_until(relay.due_on, today) if relay.due_on else "",
        days=relay_turn.turnaround_days(relay),
    )


def _of(rows: Iterable[Row], turn: Turn) -> tuple[Row, ...]:
    return tuple(row for row in rows if not row.is_overdue and row.waiting.turn is turn)


def _by_due(row: Row) -> tuple[dt.date, str]:
    return row.relay.due_on or dt.date.max, row.relay.number


def _by_end(row: Row) -> tuple[str, str]:
    relay = row.relay
    ended = relay.closed_at or relay.declined_at or relay.withdrawn_at
    return ended.isoformat() if ended else "", relay.number
