"""The answer to a relay, and how it comes home."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change
from meetings.domain import agenda, relay, relay_rules
from meetings.domain.moves import MoveRefused
from meetings.enums import DecisionState, Happened, RelayAnswerKind, RelayKind, RelayOutcome, RelayState
from tests.factories.meetings import AgendaItemFactory
from tests.support.relay_scene import AFTER, LATER, Scene, decide, hand_over, meeting, taken_up, verbs
from tests.world import AT

pytestmark = pytest.mark.django_db


def test_the_decision_of_the_target_is_the_answer_and_comes_home(scene: Scene) -> None:
    sent, item = taken_up(scene)
    decision = decide(item)

    answered = relay.answer_from_decision(decision, by=scene.cast.imke, at=AFTER)

    sent.refresh_from_db()
    assert answered == sent
    assert (sent.state, sent.answer_decision, sent.answer, sent.answer_kind) == (
        RelayState.RETURNED,
        decision,
        "",
        RelayAnswerKind.FULL,
    )
    assert (sent.answered_at, sent.returned_at) == (AFTER, AFTER)
    assert verbs(sent)[-2:] == [Happened.RELAY_ANSWERED, Happened.RELAY_RETURNED]


def test_answer_stands_in_the_next_report_of_who_asked(scene: Scene) -> None:
    may = meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")
    sent, item = taken_up(scene)
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AFTER)

    sent.refresh_from_db()
    report = may.agenda_items.get(standing_code="relays")
    assert (sent.returned_item, list(report.returned_relays.all())) == (report, [sent])


def test_answering_twice_starts_nothing_twice(scene: Scene) -> None:
    sent, item = taken_up(scene)
    decision = decide(item)
    relay.answer_from_decision(decision, by=scene.cast.imke, at=AFTER)
    changes = Change.objects.count()

    assert relay.answer_from_decision(decision, by=scene.cast.imke, at=AFTER) is None
    assert relay.answer_from_decision(decide(item, text="Noch etwas."), by=scene.cast.imke, at=AFTER) is None
    sent.refresh_from_db()
    assert (sent.answer_decision, Change.objects.count()) == (decision, changes)


def test_a_no_is_an_answer_too(scene: Scene) -> None:
    _sent, item = taken_up(scene)

    answered = relay.answer_from_decision(decide(item, state=DecisionState.REJECTED), by=scene.cast.imke, at=AFTER)

    assert answered is not None
    assert answered.state == RelayState.RETURNED


@pytest.mark.parametrize("state", [DecisionState.PROPOSED, DecisionState.POSTPONED, DecisionState.CIRCULATING])
def test_what_is_not_decided_answers_nothing(scene: Scene, state: DecisionState) -> None:
    _sent, item = taken_up(scene)

    assert relay.answer_from_decision(decide(item, state=state), by=scene.cast.imke, at=AFTER) is None


def test_decision_under_any_other_item_answers_nothing(scene: Scene) -> None:
    assert relay.answer_from_decision(scene.decision, by=scene.cast.imke, at=AFTER) is None


def test_put_off_item_is_answered_by_its_successor(scene: Scene) -> None:
    sent, item = taken_up(scene)
    june = meeting(scene.cast.arbeit, 2027, 6, 10, quarter="2027-Q2")
    successor = agenda.defer(item, to=june, reason="Die Zeit reichte nicht.", by=scene.cast.imke, at=LATER)

    answered = relay.answer_from_decision(decide(successor), by=scene.cast.imke, at=AFTER)

    assert answered == sent
    assert answered.target_item == successor


def test_withdrawn_relay_takes_no_answer(scene: Scene) -> None:
    sent, item = taken_up(scene)
    relay.withdraw(sent, reason="Erledigt.", by=scene.cast.imke, at=LATER)

    assert relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AFTER) is None


def test_fachstelle_names_a_decision_taken_under_another_item(scene: Scene) -> None:
    sent = hand_over(scene)
    other = decide(AgendaItemFactory(meeting=scene.arbeit_december))
    relay.answer_with_decision(
        sent, decision=other, kind=RelayAnswerKind.PARTIAL, words="Ein Teil.", by=scene.cast.imke, at=AFTER
    )

    assert (sent.state, sent.answer_decision, sent.answer_kind, sent.answer) == (
        RelayState.RETURNED,
        other,
        RelayAnswerKind.PARTIAL,
        "Ein Teil.",
    )


def test_own_decision_is_no_answer(scene: Scene) -> None:
    with pytest.raises(relay_rules.NotTheirDecision):
        relay.answer_with_decision(
            hand_over(scene), decision=scene.decision, kind=RelayAnswerKind.FULL, by=scene.cast.imke, at=AFTER
        )


def test_unit_answers_in_words(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit, kind=RelayKind.COOPERATION_REQUESTED)
    relay.acknowledge(sent, by=scene.cast.imke, at=AT)
    relay.answer_with_text(sent, words="Die Liste liegt bei.", by=scene.cast.imke, at=LATER)

    assert (sent.state, sent.answer, sent.answer_decision) == (RelayState.RETURNED, "Die Liste liegt bei.", None)
    assert sent.returned_item is not None
    assert sent.returned_item.meeting == scene.bildung_february


def test_answer_needs_words(scene: Scene) -> None:
    with pytest.raises(relay_rules.WordsMissing):
        relay.answer_with_text(hand_over(scene, to=scene.unit), words=" ", by=scene.cast.imke, at=LATER)


def test_talked_about_waits_for_its_answer(scene: Scene) -> None:
    sent, item = taken_up(scene)
    relay.discuss(sent, by=scene.cast.imke, at=AFTER)
    assert sent.state == RelayState.DISCUSSED

    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AFTER)

    sent.refresh_from_db()
    assert sent.state == RelayState.RETURNED


def test_outcome_of_a_recommendation_comes_home(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    relay.record_outcome(
        sent,
        outcome=RelayOutcome.APPROVED,
        on=dt.date(2026, 12, 8),
        words="Einstimmig bewilligt.",
        by=scene.cast.imke,
        at=LATER,
    )

    assert (sent.state, sent.outcome, sent.outcome_on) == (
        RelayState.RETURNED,
        RelayOutcome.APPROVED,
        dt.date(2026, 12, 8),
    )


def test_outcome_cannot_lie_in_the_future_or_before_sending(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)

    for day in (dt.date(2026, 11, 22), dt.date(2027, 2, 1)):
        with pytest.raises(relay_rules.DueTooEarly):
            relay.record_outcome(sent, outcome=RelayOutcome.NOTED, on=day, by=scene.cast.imke, at=LATER)


def test_only_recommendations_have_an_outcome(scene: Scene) -> None:
    with pytest.raises(relay_rules.KindDoesNotFit):
        relay.record_outcome(hand_over(scene), outcome=RelayOutcome.NOTED, on=AT.date(), by=scene.cast.imke, at=LATER)


def test_second_round_follows_an_ended_one(scene: Scene) -> None:
    sent, item = taken_up(scene)
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AFTER)
    sent.refresh_from_db()

    second = hand_over(scene, follows=sent, due_on=None, at=AFTER)

    assert (second.follows, second.number) == (sent, "W-2027-01")


def test_second_round_does_not_follow_what_still_travels(scene: Scene) -> None:
    with pytest.raises(relay_rules.NotOver):
        hand_over(scene, follows=hand_over(scene))


def test_what_is_answered_is_not_talked_about_again(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    relay.record_outcome(sent, outcome=RelayOutcome.APPROVED, on=AT.date(), by=scene.cast.imke, at=AT)

    with pytest.raises(MoveRefused):
        relay.discuss(sent, by=scene.cast.imke, at=AT)
    sent.refresh_from_db()
    assert sent.state == RelayState.RETURNED
