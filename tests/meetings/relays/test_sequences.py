"""Whatever three bodies do to each other, and in whatever order: no relay is lost, and both sides tell the same.

Random sequences of acts (meetings planned, moved, called off, held; topics merged, put off, withdrawn; decisions taken,
revoked, replaced; relays sent, taken up, answered, declined, taken back; votes by mail; the clock going on), and after
every act the invariants. Few of them with every run; `SEQUENCES=2000 pytest tests/meetings/relays` runs as many as one
likes, always other ones, and prints how often each act went through.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from buendnisse.domain import counters
from buendnisse.models import Change
from tests.meetings.relays import invariants
from tests.meetings.relays.world_of_acts import Acts
from tests.support.relay_scene import Scene, set_scene

pytestmark = pytest.mark.django_db

SEQUENCES = int(os.environ.get("SEQUENCES", "0"))
_USUAL = 6
_STEPS = 14
NUMBER = st.integers(0, 47)
_SMALL = st.integers(0, 11)


class Relays(RuleBasedStateMachine):
    """One sequence; its scene is the one the test has set, and all of it is rolled back at the end."""

    scene: Scene
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()
        self.acts = Acts(self.scene)
        self.known: dict[str, str] = {}
        self._seen: object = None

    def teardown(self) -> None:
        self.done.update(self.acts.done)
        self.done["sequences"] += 1
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)

    @initialize(kinds=st.lists(st.tuples(_SMALL, _SMALL, _SMALL, st.integers(0, 120)), min_size=1, max_size=3))
    def begin(self, kinds: list[tuple[int, int, int, int]]) -> None:
        """No sequence without a question on its way."""
        for number, to, kind, days in kinds:
            self.acts.hand_over(number, to, kind, days, as_draft=False)

    @rule(days=st.integers(0, 60))
    def time(self, days: int) -> None:
        self.acts.pass_time(days)

    @rule(body=_SMALL, weeks=st.integers(1, 30))
    def plan(self, body: int, weeks: int) -> None:
        self.acts.plan(body, weeks)

    @rule(number=_SMALL, weeks=st.integers(-6, 12))
    def move(self, number: int, weeks: int) -> None:
        self.acts.move_meeting(number, weeks)

    @rule(number=_SMALL)
    def cancel(self, number: int) -> None:
        self.acts.cancel_meeting(number)

    @rule(number=_SMALL)
    def restore(self, number: int) -> None:
        self.acts.restore_meeting(number)

    @rule(number=_SMALL)
    def send_agenda(self, number: int) -> None:
        self.acts.send_agenda(number)

    @rule(number=_SMALL, decide=st.lists(_SMALL, min_size=1, max_size=4))
    def hold(self, number: int, decide: list[int]) -> None:
        self.acts.hold(number, decide)

    @rule(number=_SMALL)
    def reopen(self, number: int) -> None:
        self.acts.reopen(number)

    @rule(number=NUMBER, what=_SMALL)
    def decide_late(self, number: int, what: int) -> None:
        self.acts.decide_late(number, what)

    @rule(number=_SMALL)
    def take_decision_back(self, number: int) -> None:
        self.acts.take_decision_back(number)

    @rule(number=_SMALL, other=_SMALL)
    def revoke_or_replace(self, number: int, other: int) -> None:
        if other % 2:
            self.acts.revoke(number)
        else:
            self.acts.supersede(number, other)

    @rule(number=NUMBER, to=_SMALL, kind=_SMALL, days=st.integers(0, 120), as_draft=st.booleans())
    def hand_over(self, number: int, to: int, kind: int, days: int, as_draft: bool) -> None:
        self.acts.hand_over(number, to, kind, days, as_draft=as_draft)

    @rule(number=NUMBER, to=_SMALL, kind=st.sampled_from([1, 2, 3, 4]), days=st.integers(0, 120))
    def ask(self, number: int, to: int, kind: int, days: int) -> None:
        self.acts.hand_over(number, to, kind, days, as_draft=False)

    @rule(number=NUMBER, what=NUMBER, more=NUMBER)
    def step(self, number: int, what: int, more: int) -> None:
        self.acts.with_relay(number, what, more)

    @rule(number=NUMBER, more=_SMALL)
    def take_up(self, number: int, more: int) -> None:
        self.acts.with_relay(number, 0, more)

    @rule(number=NUMBER)
    def undo(self, number: int) -> None:
        self.acts.undo(number)

    @rule(number=NUMBER, how=_SMALL)
    def vote(self, number: int, how: int) -> None:
        self.acts.vote(number, how)

    @rule()
    def close_votes(self) -> None:
        self.acts.close_votes()

    @rule(body=_SMALL, number=_SMALL)
    def topic(self, body: int, number: int) -> None:
        self.acts.topic(body, number)

    @rule(number=NUMBER, what=NUMBER, more=NUMBER)
    def item(self, number: int, what: int, more: int) -> None:
        self.acts.with_item(number, what, more)

    @invariant()
    def holds(self) -> None:
        now = (self.acts.at, Change.objects.count(), sum(self.acts.done.values()))
        if now == self._seen:
            return  # refused: what was refused wrote nothing
        self._seen = now
        at, cast, found = self.acts.at, self.scene.cast, invariants.relays()
        invariants.somebody_acts_next(found, at=at)
        invariants.answered_once_and_by_its_target(found)
        invariants.none_is_lost(found, at=at)
        invariants.numbers_stay(self.known)
        invariants.both_sides_tell_the_same(found, cast, at=at)
        invariants.nobody_sees_what_is_not_theirs(found, cast, at=at)


def test_in_whatever_order_no_relay_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    Relays.scene, Relays.done = set_scene(), Counter()
    for _number in range(2):
        counters.take("decision:B:2026")  # the scene's decision was the second
    for one in (Relays.scene.cast.gesellschaft, Relays.scene.cast.arbeit):
        one.may_relay_to.add(Relays.scene.committee, Relays.scene.unit)
    run_state_machine_as_test(
        Relays,
        settings=settings(
            max_examples=SEQUENCES or _USUAL,
            stateful_step_count=_STEPS,
            deadline=None,
            derandomize=not SEQUENCES,
            database=None,
            phases=(Phase.generate,),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if SEQUENCES:
        with capsys.disabled():
            sys.stdout.write(f"\n{SEQUENCES} sequences of up to {_STEPS} acts: {dict(Relays.done.most_common())}\n")
