"""The whole way of a matter: every relay that hangs together, as stops in the bodies' lanes and legs between them.

A stop is where something was said: a decision, an answer in words, an outcome, or a place where an answer is
still due. A leg is a relay from one stop to the next. Relays hang together where one follows or supports
another, where they carry the same decision, or where one carries the decision that answered another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Body
from meetings.domain import relay_turn
from meetings.enums import RelayKind, RelayState
from meetings.models import AgendaItem, Decision, Relay

_MOST = 60  # relays on one page; more than that is no story any more
_ROUNDS = 12  # how far a chain is followed
_LOADED = (
    *relay_turn.RELATED,
    "source_item",
    "source_decision__agenda_item",
    "answer_decision__agenda_item",
    "follows",
)


@dataclass
class Stop:
    """Something said in a body's lane. `day` is None where it is still due; `expected_on` says when, if anybody knows.

    `label` is short and stands over the day: a number, or "Antwort bis".
    """

    body: Body
    day: dt.date | None
    label: str
    verb: str
    wording: str = ""
    decision: Decision | None = None
    expected_on: dt.date | None = None
    remark: str = ""
    came_by: list[Relay] = field(default_factory=list)

    @property
    def shown_on(self) -> dt.date:
        return self.day or self.expected_on or dt.date.max

    @property
    def is_open(self) -> bool:
        return self.day is None


@dataclass(frozen=True)
class Leg:
    """One relay from stop to stop. `days`: until the answer; None while it is open or when nobody answered."""

    relay: Relay
    start: Stop
    end: Stop
    days: int | None

    @property
    def is_open(self) -> bool:
        return self.end.is_open


@dataclass(frozen=True)
class Path:
    """`stops` in the order they happened; `legs` by number; `lanes` in the order they were first touched."""

    relay: Relay
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]
    lanes: tuple[Body, ...]

    @property
    def answered(self) -> int:
        return sum(1 for leg in self.legs if leg.days is not None)

    @property
    def open(self) -> int:
        return sum(1 for leg in self.legs if leg.relay.state in relay_turn.UNDER_WAY)

    @property
    def mean_days(self) -> int | None:
        days = [leg.days for leg in self.legs if leg.days is not None]
        return round(sum(days) / len(days)) if days else None

    @property
    def total_days(self) -> int | None:
        """From the first word to the last so far."""
        days = [stop.day for stop in self.stops if stop.day]
        return (max(days) - min(days)).days if len(days) > 1 else None

    @property
    def decisions(self) -> int:
        return len({stop.decision.pk for stop in self.stops if stop.decision})


def path(relay: Relay, *, reader: object, at: dt.datetime) -> Path:
    """The way of everything that hangs together with `relay`, as `reader` may see it."""
    relays = _connected(relay, reader=reader, at=at)
    hidden = _hidden_decisions(relays, reader=reader, at=at)
    stops: dict[str, Stop] = {}
    legs: list[Leg] = []
    for one in relays:
        start = stops.setdefault(_start_key(one), _start(one, hidden))
        end = stops.setdefault(_end_key(one), _end(one, hidden, at=at))
        end.came_by.append(one)
        if one.answer_decision_id:
            end.verb = _answer_verb(one)  # also where the same decision asks on
        legs.append(Leg(one, start, end, relay_turn.turnaround_days(one)))
    ordered = sorted(stops.values(), key=lambda stop: stop.shown_on)
    lanes = {stop.body.pk: stop.body for stop in ordered}
    return Path(relay, tuple(ordered), tuple(legs), tuple(lanes.values()))


def _connected(relay: Relay, *, reader: object, at: dt.datetime) -> list[Relay]:
    """Everything that hangs together, found ring by ring: one query each, and few rings."""
    known: dict[int, Relay] = {}
    frontier: list[Relay] = [relay]
    for _ring in range(_ROUNDS):
        found = (
            Relay.objects.visible_to(reader, at=at)
            .filter(_touching(frontier))
            .exclude(pk__in=known)
            .select_related(*_LOADED)
            .order_by("number")[:_MOST]
        )
        frontier = list(found)
        known |= {one.pk: one for one in frontier}
        if not frontier or len(known) >= _MOST:
            break
    return sorted(known.values(), key=lambda one: (one.sent_at is None, one.sent_at or at, one.number))


def _touching(relays: list[Relay]) -> Q:
    """These relays and what hangs on one of them. By ids instead of joins, which PostgreSQL plans half a second long."""
    ids = {one.pk for one in relays}
    followed = {one.follows_id for one in relays if one.follows_id}
    decisions = {pk for one in relays for pk in (one.source_decision_id, one.answer_decision_id) if pk}
    support = Relay.supporting.through.objects
    return (
        Q(pk__in=ids | followed)
        | Q(follows__in=ids)
        | Q(pk__in=support.filter(to_relay__in=ids).values("from_relay"))
        | Q(pk__in=support.filter(from_relay__in=ids).values("to_relay"))
        | Q(source_decision__in=decisions)
        | Q(answer_decision__in=decisions)
    )


def _hidden_decisions(relays: Iterable[Relay], *, reader: object, at: dt.datetime) -> frozenset[int]:
    """Decisions under confidential items the reader may not see. All others may be read: they were told by relay."""
    ids = {pk for one in relays for pk in (one.source_decision_id, one.answer_decision_id) if pk}
    kept = Decision.objects.filter(pk__in=ids, agenda_item__confidential_to__isnull=False)
    seen = Decision.objects.visible_to(reader, at=at).filter(pk__in=ids)
    return frozenset(kept.exclude(pk__in=seen.values("pk")).values_list("pk", flat=True))


def _start_key(relay: Relay) -> str:
    return f"decision {relay.source_decision_id}" if relay.source_decision_id else f"item {relay.source_item_id}"


def _end_key(relay: Relay) -> str:
    return f"decision {relay.answer_decision_id}" if relay.answer_decision_id else f"relay {relay.pk}"


def _start(relay: Relay, hidden: frozenset[int]) -> Stop:
    decision, item = relay.source_decision, relay.source_item
    if decision is not None:
        return _decided(decision, relay.source, _("beschließt"), hidden)
    day = local_date(relay.sent_at) if relay.sent_at else None
    title = item.title if item else relay.subject
    return Stop(relay.source, day, _("Thema"), _("bringt ein"), wording=title)


def _end(relay: Relay, hidden: frozenset[int], *, at: dt.datetime) -> Stop:
    if relay.answer_decision is not None:
        return _decided(relay.answer_decision, relay.target, _answer_verb(relay), hidden, said=relay.answer)
    if relay.outcome:
        words = relay.outcome_text or str(relay.get_outcome_display())
        return Stop(relay.target, relay.outcome_on, str(relay.get_outcome_display()), _("teilt mit"), wording=words)
    if relay.state == RelayState.DECLINED and relay.declined_at:
        day = local_date(relay.declined_at)
        return Stop(relay.target, day, _("nicht zuständig"), _("gibt zurück"), wording=relay.reason)
    if relay.state == RelayState.WITHDRAWN:
        day = local_date(relay.withdrawn_at or at)
        return Stop(relay.target, day, _("zurückgenommen"), _("wird nicht mehr gefragt"), wording=relay.reason)
    if relay.answered_at:
        is_noted = relay.kind == RelayKind.FOR_INFORMATION
        verb, label = (_("nimmt zur Kenntnis"), _("notiert")) if is_noted else (_("antwortet"), _("Antwort"))
        return Stop(relay.target, local_date(relay.answered_at), label, verb, wording=relay.answer)
    return _awaited(relay)


def _awaited(relay: Relay) -> Stop:
    item: AgendaItem | None = relay.target_item
    meeting = item.meeting if item else None
    if relay.state == RelayState.DRAFT:
        return Stop(relay.target, None, _("Entwurf"), _("ist noch nicht gefragt"), expected_on=relay.due_on)
    verb = _("hat noch nicht geantwortet")
    if meeting is not None:
        label = _("beraten am") if relay.state == RelayState.DISCUSSED else _("Beratung am")
        return Stop(relay.target, None, label, verb, expected_on=local_date(meeting.start))
    label = _("Antwort bis") if relay.due_on else _("Antwort fehlt")
    return Stop(relay.target, None, label, verb, expected_on=relay.due_on)


def _decided(decision: Decision, body: Body, verb: str, hidden: frozenset[int], *, said: str = "") -> Stop:
    is_hidden = decision.pk in hidden
    return Stop(
        body,
        decision.decided_on,
        decision.number,
        verb,
        wording=_("Der Wortlaut ist vertraulich.") if is_hidden else decision.text,
        decision=decision,
        remark=" ".join(filter(None, [said if not is_hidden else "", _standing(decision)])),
    )


def _standing(decision: Decision) -> str:
    """What became of the words: a revoked decision is never shown as if it stood."""
    if decision.revoked_on:
        return _("Aufgehoben am %s.") % german.day(decision.revoked_on)
    if decision.superseded_on:
        return _("Ersetzt am %s.") % german.day(decision.superseded_on)
    return ""


def _answer_verb(relay: Relay) -> str:
    kinds = {
        "full": _("antwortet"),
        "conditional": _("antwortet mit Bedingungen"),
        "partial": _("antwortet zum Teil"),
        "noted": _("nimmt zur Kenntnis"),
    }
    return kinds.get(relay.answer_kind, _("antwortet"))
