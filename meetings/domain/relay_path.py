"""The whole way of a matter: every relay that hangs together, as stops in the bodies' lanes and legs between them.

A stop is where something was said: a decision, an answer in words, an outcome, or a place where an answer is
still due. A leg is a relay from one stop to the next; a flow leads from an answer to the relay that goes on from
it, as a second round or supported by it. Relays hang together where one follows or supports another, where they
carry the same decision, or where one carries the decision that answered another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Body, Paper
from meetings.domain import relay_ground, relay_papers, relay_told, relay_tree, relay_turn, relay_words
from meetings.domain.relay_told import DEEP, Told
from meetings.domain.relay_tree import Tree
from meetings.enums import RELAY_TRAVELLING, DecisionState, MeetingState, RelayKind, RelayState
from meetings.models import AgendaItem, Decision, Relay


@dataclass
class Stop:
    """Something said in a body's lane. `day` is None where it is still due; `expected_on` says when, if anybody knows.

    `label` is short and stands over the day: a number, or "Antwort bis". `is_linked`: the reader may open its decision. `papers`: letters kept
    with it, as far as the reader may read them.
    """

    body: Body
    day: dt.date | None
    label: str
    verb: str
    wording: str = ""
    decision: Decision | None = None
    expected_on: dt.date | None = None
    remark: str = ""
    is_linked: bool = False
    papers: tuple[Paper, ...] = ()
    came_by: list[Leg] = field(default_factory=list)

    @property
    def shown_on(self) -> dt.date:
        return self.day or self.expected_on or dt.date.max

    @property
    def is_open(self) -> bool:
        return self.day is None

    @property
    def is_refusal(self) -> bool:
        """A no, as far as its reader may know."""
        return self.verb == _("lehnt ab")

    @property
    def is_fallen(self) -> bool:
        """A decision that does not hold any more."""
        return self.decision is not None and bool(self.decision.revoked_on or self.decision.superseded_on)


@dataclass(frozen=True)
class Leg:
    """One relay from stop to stop. `days`: until the answer; None while it is open or when nobody answered.

    `papers`: what was handed on with it, as far as the reader may read it. `ground`: what it goes on from, "schließt an W-2026-02 an"; mostly empty.
    """

    relay: Relay
    start: Stop
    end: Stop
    days: int | None
    ground: str = ""
    papers: tuple[Paper, ...] = ()

    @property
    def came(self) -> str:
        """What came of it, as a noun before "nach 19 Tagen"."""
        if self.relay.outcome:
            return _("Ergebnis")
        if self.relay.state == RelayState.DECLINED:
            return _("zurückgegeben")
        return _("Antwort") if self.relay.expects_answer else _("gelesen")

    @property
    def took(self) -> str:
        """ "nach 19 Tagen", "am selben Tag"; empty while nobody has answered."""
        return "" if self.days is None else german.after(self.days)

    @property
    def is_open(self) -> bool:
        return self.end.is_open


@dataclass(frozen=True)
class Flow:
    """An answer that the next question builds on. No relay of its own: within a body, or from a supporting one."""

    start: Stop
    end: Stop


@dataclass(frozen=True)
class Path:
    """`stops` in the order they happened; `legs` by number; `lanes` in the order they were first touched.

    `letters`: the ids of the papers that came with the answer to `relay` itself.
    """

    relay: Relay
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]
    flows: tuple[Flow, ...]
    lanes: tuple[Body, ...]
    letters: frozenset[int] = frozenset()

    @property
    def answered(self) -> int:
        return sum(1 for leg in self.legs if leg.days is not None)

    @property
    def open(self) -> int:
        return sum(1 for leg in self.legs if leg.relay.state in relay_ground.UNDER_WAY)

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


def path(relay: Relay, *, reader: object, at: dt.datetime, is_for_others: bool = False) -> Path:
    """The way of everything that hangs together with `relay`, as `reader` may see it.

    `is_for_others`: on paper that may be handed on; beside `relay` itself, nothing that was never sent stands there.
    """
    tree = relay_tree.grown(relay.pk, reader=reader, at=at)
    if is_for_others:
        told = [one for one in tree.relays if one.sent_at is not None or one.pk == relay.pk]
        tree = Tree(told, tree.supporters)
    return _path(relay, tree, reader=reader, at=at)


def path_of(number: str, *, reader: object, at: dt.datetime) -> Path | None:
    """The same by a number, for a page: its relay is read with the others. None where the reader sees no such relay."""
    tree = relay_tree.grown(number, reader=reader, at=at)
    relay = next((one for one in tree.relays if one.number == number), None)
    return _path(relay, tree, reader=reader, at=at) if relay is not None else None


def _path(relay: Relay, tree: Tree, *, reader: object, at: dt.datetime) -> Path:
    told = relay_told.told(tree.relays, reader=reader, at=at)
    papers = relay_papers.along(tree.relays, reader=reader, at=at)
    stops: dict[str, Stop] = {}
    legs: dict[int, Leg] = {}
    for one in tree.relays:
        start = stops.setdefault(_start_key(one), _start(one, told, at=at))
        if start.decision is None:  # a topic begins with the first that carried it
            start.day = min(start.shown_on, _set_out_on(one, at=at))
        end = stops.setdefault(_end_key(one), _end(one, told, at=at))
        leg = Leg(one, start, end, relay_turn.turnaround_days(one), _ground(one, tree), papers.handed.get(one.pk, ()))
        end.came_by.append(leg)
        end.papers += papers.letters.get(one.pk, ())
        if end.decision is not None and one.answer_decision_id:
            end.verb = _answer_verb(one, end.decision, told)  # also where the same decision asks on
        legs[one.pk] = leg
    flows = [*_flows(legs, tree), *_rested(legs, stops, told)]
    ordered = sorted(stops.values(), key=lambda stop: stop.shown_on)
    lanes = {stop.body.pk: stop.body for stop in ordered}
    letters = frozenset(paper.pk for paper in papers.letters.get(relay.pk, ()))
    return Path(relay, tuple(ordered), tuple(legs.values()), tuple(flows), tuple(lanes.values()), letters)


def _ground(relay: Relay, tree: Tree) -> str:
    """ "schließt an W-2026-02 an", "stützt sich auf W-2026-03 und W-2026-04"."""
    numbers = {one.pk: one.number for one in tree.relays}
    said = []
    if relay.follows_id in numbers:
        said.append(_("schließt an %s an") % numbers[relay.follows_id])
    supported = [numbers[pk] for pk in sorted(tree.supporters.get(relay.pk, [])) if pk in numbers]
    if supported:
        said.append(_("stützt sich auf %s") % german.listing(supported))
    return ", ".join(said)


def _flows(legs: Mapping[int, Leg], tree: Tree) -> Iterable[Flow]:
    """Each pair of stops once; none where the answer is the very decision that goes on."""
    seen: set[tuple[int, int]] = set()
    for leg in legs.values():
        for pk in (leg.relay.follows_id, *tree.supporters.get(leg.relay.pk, [])):
            before = legs.get(pk) if pk else None
            if before is None or before.end is leg.start or (id(before.end), id(leg.start)) in seen:
                continue
            seen.add((id(before.end), id(leg.start)))
            yield Flow(before.end, leg.start)


def _rested(legs: Mapping[int, Leg], stops: dict[str, Stop], told: Told) -> Iterable[Flow]:
    """From an answer to what its body decided on it; the stop is added where no relay carries that decision on."""
    for decision in told.decisions.values():
        leg = legs.get(decision.rests_on_id or 0)
        if leg is None or decision.pk in told.kept:
            continue
        fresh = _decided(decision, leg.relay.source, _("beschließt"), told)
        stop = stops.setdefault(f"decision {decision.pk}", fresh)
        if stop is not leg.end:
            yield Flow(leg.end, stop)


def _start_key(relay: Relay) -> str:
    return f"decision {relay.source_decision_id}" if relay.source_decision_id else f"item {relay.source_item_id}"


def _end_key(relay: Relay) -> str:
    return f"decision {relay.answer_decision_id}" if relay.answer_decision_id else f"relay {relay.pk}"


def _start(relay: Relay, told: Told, *, at: dt.datetime) -> Stop:
    if relay.source_decision_id:
        return _decided(told.decisions[relay.source_decision_id], relay.source, _("beschließt"), told)
    title = relay.source_item.title if relay.source_item else relay.subject
    return Stop(relay.source, _set_out_on(relay, at=at), _("Thema"), _("bringt ein"), wording=title)


def _set_out_on(relay: Relay, *, at: dt.datetime) -> dt.date:
    """The day its topic was handed on. A draft that was taken back has that day, one that still waits the day of `at`."""
    return local_date(relay.sent_at or relay.withdrawn_at or at)


def _end(relay: Relay, told: Told, *, at: dt.datetime) -> Stop:
    if relay.answer_decision_id:
        answer = told.decisions[relay.answer_decision_id]
        return _decided(answer, relay.target, _answer_verb(relay, answer, told), told, said=relay.answer)
    if relay.outcome:
        words = relay.outcome_text or str(relay.get_outcome_display())
        verb = _("lehnt ab") if relay_words.is_rejected(relay) else _("teilt mit")
        return Stop(relay.target, relay.outcome_on, str(relay.get_outcome_display()), verb, wording=words)
    if relay.state == RelayState.DECLINED and relay.declined_at:
        day = local_date(relay.declined_at)
        return Stop(relay.target, day, _("nicht zuständig"), _("gibt zurück"), wording=relay.reason)
    if relay.state == RelayState.WITHDRAWN:
        day = local_date(relay.withdrawn_at or at)
        return Stop(relay.target, day, _("zurückgenommen"), _("wird nicht mehr gefragt"), wording=relay.reason)
    if relay.answered_at:
        is_told = relay.kind == RelayKind.FOR_INFORMATION
        verb, label = (_("nimmt zur Kenntnis"), _("notiert")) if is_told else (relay_words.answers(relay), _("Antwort"))
        return Stop(relay.target, local_date(relay.answered_at), label, verb, wording=relay.answer)
    return _awaited(relay, told)


def _awaited(relay: Relay, told: Told) -> Stop:
    """Where an answer is still due; what was decided on the way to it stands there already."""
    item: AgendaItem | None = relay.target_item if relay.state in RELAY_TRAVELLING else None
    meeting = item.meeting if item else None
    if relay.state == RelayState.DRAFT:
        label = _("Entwurf, Antwort bis") if relay.due_on else _("Entwurf, ohne Frist")
        return Stop(relay.target, None, label, _("ist noch nicht gefragt"), expected_on=relay.due_on)
    verb, label, expected, off = _("hat noch nicht geantwortet"), _("ohne Frist"), relay.due_on, ""
    if meeting is not None and meeting.state == MeetingState.CANCELLED:
        label, expected = _("neuer Termin offen"), None
        off = _("Die Sitzung am %s fällt aus.") % german.day(meeting.start)
    elif meeting is not None:
        label = _("beraten am") if relay.state == RelayState.DISCUSSED else _("Beratung am")
        expected = local_date(meeting.start)
    elif relay.due_on:
        label = _("Antwort bis")
    kept = _("Liegt im Themenspeicher.") if item is not None and meeting is None else ""
    remark = " ".join(filter(None, [_put_off(item), kept, off]))
    stop = Stop(relay.target, None, label, verb, expected_on=expected, remark=remark)
    if (decision := told.interim.get(relay.pk)) is not None:
        stop.wording = decision.text
        stop.remark = " ".join(filter(None, [stop.remark, _("Zwischenstand: %s.") % decision.number]))
    return stop


def _put_off(item: AgendaItem | None) -> str:
    """ "Vertagt am 9. September 2026 und am 19. November 2026." """
    days: list[str] = []
    for _step in range(DEEP):
        item = item.continued_from if item else None
        if item is not None and item.meeting is not None:
            days.insert(0, _("am %s") % german.day(item.meeting.start))
    return _("Vertagt %s.") % german.listing(days) if days else ""


def _decided(decision: Decision, body: Body, verb: str, told: Told, *, said: str = "") -> Stop:
    is_hidden = decision.pk in told.kept
    return Stop(
        body,
        decision.decided_on,
        decision.number,
        verb,
        wording=told.kept.get(decision.pk, decision.text),
        decision=decision,
        is_linked=decision.pk in told.opened,
        remark=" ".join(filter(None, [said if not is_hidden else "", _standing(decision)])),
    )


def _standing(decision: Decision) -> str:
    """What became of the words: a revoked decision is never shown as if it stood."""
    if decision.revoked_on:
        return _("Aufgehoben am %s.") % german.day(decision.revoked_on)
    if decision.superseded_on:
        return _("Ersetzt am %s.") % german.day(decision.superseded_on)
    return ""


def _answer_verb(relay: Relay, answer: Decision, told: Told) -> str:
    """A no is never told as if it were a yes; of what the reader may not read, only that it has come."""
    if answer.pk in told.kept:
        return _("antwortet")
    if answer.state == DecisionState.REJECTED:
        return _("lehnt ab")
    return relay_words.answers(relay)
