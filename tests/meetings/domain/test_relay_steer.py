"""What is done with a relay between sending and answer, and each step put right within its minute."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from buendnisse.models import Change
from meetings.domain import (
    agenda,
    agenda_rules,
    circular,
    circular_end,
    circular_rules,
    decisions,
    relay,
    relay_options,
    relay_report,
    relay_rules,
    relay_steer,
    relay_turn,
    relay_undo,
    relay_ways,
)
from meetings.domain.moves import MoveRefused
from meetings.domain.relay_options import Option
from meetings.enums import AgendaItemState, CircularState, Happened, RelayKind, RelayOutcome, RelayState
from meetings.models import AgendaItem, CircularVote, Decision, Relay
from tests.factories.meetings import AgendaItemFactory
from tests.support.relay_scene import AFTER, LATER, Scene, decide, hand_over, meeting, taken_up, verbs
from tests.world import AT

pytestmark = pytest.mark.django_db

_SECONDS = dt.timedelta(seconds=30)


def stored(one: Relay) -> Relay:
    return Relay.objects.select_related(*relay_turn.RELATED).get(pk=one.pk)


def standing(one: Relay) -> tuple[object, ...]:
    """Everything a step may change."""
    now = stored(one)
    item = now.target_item
    return (
        now.state,
        now.due_on,
        now.kept_at,
        now.sent_at,
        now.acknowledged_at,
        now.declined_at,
        now.withdrawn_at,
        now.answered_at,
        now.answer,
        now.answer_kind,
        now.answer_decision,
        now.outcome,
        now.returned_item,
        now.closed_at,
        now.reason,
        item and (item.pk, item.state, item.position),
    )


def test_put_off_by_its_target_both_sides_read_until_when(scene: Scene) -> None:
    sent, _item = taken_up(scene)
    june = meeting(scene.cast.arbeit, 2027, 6, 10, quarter="2027-Q2")

    successor = relay_steer.defer(sent, to=june, reason="Keine Zeit.", by=scene.cast.imke, at=AT)

    assert (stored(sent).target_item, successor.meeting, successor.answers) == (successor, june, sent)
    assert verbs(sent)[-1] == Happened.RELAY_DEFERRED


def test_what_stands_nowhere_cannot_be_put_off(scene: Scene) -> None:
    with pytest.raises(relay_rules.NotOnAgenda):
        relay_steer.defer(hand_over(scene), to=None, reason="Später.", by=scene.cast.imke, at=AT)


def test_from_the_themenspeicher_it_comes_back_as_the_same_item(scene: Scene) -> None:
    sent, _item = taken_up(scene)
    waiting = relay_steer.defer(sent, to=None, reason="Später.", by=scene.cast.imke, at=AT)
    again = relay.take_up(stored(sent), meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)

    assert (again, again.state, again.meeting) == (waiting, AgendaItemState.ACCEPTED, scene.arbeit_march)
    assert AgendaItem.objects.filter(answers=sent).exclude(state=AgendaItemState.DEFERRED).count() == 1


def test_new_date_leaves_the_wording(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 1))
    relay_steer.move_due(sent, due_on=dt.date(2027, 3, 18), by=scene.cast.imke, at=LATER)

    assert (stored(sent).due_on, stored(sent).message) == (dt.date(2027, 3, 18), sent.message)
    with pytest.raises(relay_rules.DueTooEarly):
        relay_steer.move_due(sent, due_on=dt.date(2026, 12, 1), by=scene.cast.imke, at=LATER)


def test_answered_one_gets_no_new_date(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=AT)

    with pytest.raises(MoveRefused):
        relay_steer.move_due(sent, due_on=dt.date(2027, 3, 18), by=scene.cast.imke, at=AT)


def test_fallen_decision_may_be_let_run_on_and_then_nobody_asks_again(scene: Scene) -> None:
    sent, _item = taken_up(scene)
    decisions.revoke(scene.decision, reason="Überholt.", by=scene.cast.imke, at=AT)
    assert Option.KEEP in relay_options.options(stored(sent))

    relay_steer.keep(stored(sent), by=scene.cast.imke, at=LATER)
    relay_steer.keep(stored(sent), by=scene.cast.imke, at=LATER)

    assert relay_turn.waiting_for(stored(sent), at=LATER).turn is relay_turn.Turn.TARGET
    assert verbs(sent).count(Happened.RELAY_KEPT) == 1


def test_standing_decision_needs_no_keeping(scene: Scene) -> None:
    with pytest.raises(MoveRefused):
        relay_steer.keep(hand_over(scene), by=scene.cast.imke, at=AT)


def test_only_what_is_answered_is_closed_by_hand(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    with pytest.raises(MoveRefused):
        relay_steer.close(sent, by=scene.cast.imke, at=AT)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=AT)
    relay_steer.close(sent, by=scene.cast.imke, at=LATER)

    assert (sent.state, sent.closed_at) == (RelayState.CLOSED, LATER)


def test_information_to_a_unit_counts_as_read_a_day_later(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit, kind=RelayKind.FOR_INFORMATION)
    days = [AT + dt.timedelta(hours=hours) for hours in (23, 25, 26)]

    assert [relay_report.pass_meetings(at=day) for day in days] == [0, 1, 0]
    assert stored(sent).state == RelayState.CLOSED


def test_answer_from_elsewhere_clears_the_agenda(scene: Scene) -> None:
    sent, item = taken_up(scene)
    other = decide(AgendaItemFactory(meeting=scene.arbeit_december), number="A-2026-77")
    relay.answer_with_decision(sent, decision=other, kind="full", by=scene.cast.imke, at=AT)

    item.refresh_from_db()
    assert (item.state, item.position, item.reason) == (
        AgendaItemState.WITHDRAWN,
        0,
        "Schon beantwortet mit A-2026-77.",
    )


def test_topics_dealt_with_under_it_are_free_again_when_it_goes(scene: Scene) -> None:
    sent, item = taken_up(scene)
    guest = AgendaItemFactory(meeting=scene.arbeit_march, state="proposed", position=0, proposer=scene.cast.susanne)
    agenda.merge(guest, into=item, reason="Gehört dazu.", by=scene.cast.imke, at=AT)
    relay.withdraw(stored(sent), reason="Erledigt.", by=scene.cast.imke, at=LATER)

    guest.refresh_from_db()
    assert (guest.state, guest.merged_into, guest.meeting) == ("proposed", None, scene.arbeit_march)


def test_item_of_a_withdrawn_relay_is_not_fetched_back(scene: Scene) -> None:
    sent, item = taken_up(scene)
    relay.withdraw(sent, reason="Erledigt.", by=scene.cast.imke, at=AT)
    item = AgendaItem.objects.select_related("answers", "meeting", "alliance").get(pk=item.pk)

    with pytest.raises(agenda_rules.RelayIsOver):
        agenda.restore(item, by=scene.cast.imke, at=AT)


# --- Votes by mail --------------------------------------------------------------------------------


def put_to_the_vote(scene: Scene, sent: Relay) -> CircularVote:
    item = relay.keep_for_vote(sent, by=scene.cast.imke, at=AT)
    made = circular.draft(
        alliance=scene.cast.arbeit,
        subject="Betreuung",
        text="Betreuung fehlt ab 16 Uhr.",
        closes_on=circular_rules.usual_end(scene.cast.arbeit, AT.date()),
        agenda_item=item,
        by=scene.cast.imke,
        form_key=uuid.uuid4(),
        at=AT,
    )
    circular.open_vote(made, version=made.version, by=scene.cast.imke, at=AT)
    return CircularVote.objects.select_related("alliance").get(pk=made.pk)


@pytest.mark.parametrize("there", [False, True])
def test_vote_by_mail_answers(scene: Scene, there: bool) -> None:
    sent = taken_up(scene)[0] if there else hand_over(scene)
    vote = put_to_the_vote(scene, stored(sent))
    for ballot in vote.ballots.all():
        type(ballot).objects.filter(pk=ballot.pk).update(procedure="agrees", choice="yes", cast_at=AT)
    assert circular_end.close(vote, unreached=(), at=vote.ends_at)

    now = stored(sent)
    assert (now.state, now.answer_decision) == (RelayState.RETURNED, Decision.objects.get(circular=vote))
    assert now.target_item is not None
    assert now.target_item.state == AgendaItemState.WITHDRAWN


def test_objection_to_the_vote_leaves_it_open_on_the_agenda(scene: Scene) -> None:
    sent = hand_over(scene)
    vote = put_to_the_vote(scene, sent)
    for ballot in vote.ballots.all():
        type(ballot).objects.filter(pk=ballot.pk).update(procedure="objects", cast_at=AT)
    circular_end.close(vote, unreached=(), at=vote.ends_at)

    vote.refresh_from_db()
    now = stored(sent)
    assert (vote.state, now.state) == (CircularState.LAPSED, RelayState.ON_AGENDA)
    assert now.target_item is not None
    assert (now.target_item, now.target_item.meeting) == (vote.next_item, scene.arbeit_march)


# --- Put right within a minute --------------------------------------------------------------------


def send(scene: Scene, one: Relay) -> None:
    relay.send(one, by=scene.cast.imke, at=LATER)


STEPS: dict[str, tuple[str, Callable[[Scene, Relay], object]]] = {
    "send": ("draft", send),
    "acknowledge": ("sent", lambda scene, one: relay.acknowledge(one, by=scene.cast.imke, at=LATER)),
    "take up": (
        "sent",
        lambda scene, one: relay.take_up(one, meeting=scene.arbeit_march, by=scene.cast.imke, at=LATER),
    ),
    "discuss": ("on agenda", lambda scene, one: relay.discuss(one, by=scene.cast.imke, at=LATER)),
    "put off": (
        "on agenda",
        lambda scene, one: relay_steer.defer(one, to=None, reason="Später.", by=scene.cast.imke, at=LATER),
    ),
    "decline": ("on agenda", lambda scene, one: relay.decline(one, reason="Nein.", by=scene.cast.imke, at=LATER)),
    "withdraw": ("on agenda", lambda scene, one: relay.withdraw(one, reason="Nein.", by=scene.cast.imke, at=LATER)),
    "answer": ("on agenda", lambda scene, one: relay.answer_with_text(one, words="Ja.", by=scene.cast.imke, at=LATER)),
    "new date": (
        "sent",
        lambda scene, one: relay_steer.move_due(one, due_on=dt.date(2027, 6, 1), by=scene.cast.imke, at=LATER),
    ),
    "outcome": (
        "outward",
        lambda scene, one: relay.record_outcome(
            one, outcome=RelayOutcome.NOTED, on=LATER.date(), by=scene.cast.imke, at=LATER
        ),
    ),
    "note": ("told", lambda scene, one: relay.answer_with_text(one, words="", by=scene.cast.imke, at=LATER)),
}


def begun(scene: Scene, where: str) -> Relay:
    match where:
        case "draft":
            return hand_over(scene, as_draft=True)
        case "on agenda":
            return stored(taken_up(scene)[0])
        case "outward":
            return hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
        case "told":
            return hand_over(scene, kind=RelayKind.FOR_INFORMATION)
    return hand_over(scene)


@pytest.mark.parametrize("name", STEPS)
def test_each_step_is_taken_back_within_its_minute(scene: Scene, name: str) -> None:
    where, step = STEPS[name]
    one = begun(scene, where)
    before = standing(one)
    step(scene, stored(one))
    done = relay_undo.last_step(stored(one), at=LATER + _SECONDS)
    assert done is not None

    for _tap in range(2):
        relay_undo.take_back(stored(one), step=done.pk, by=scene.cast.imke, at=LATER + _SECONDS)

    assert standing(one) == before
    assert verbs(one).count(Happened.RELAY_TAKEN_BACK) == 1
    assert relay_undo.last_step(stored(one), at=LATER + _SECONDS) is None


def test_minute_is_over(scene: Scene) -> None:
    sent = hand_over(scene)
    step = Change.objects.of(sent).get()

    with pytest.raises(relay_undo.TooLate):
        relay_undo.take_back(sent, step=step.pk, by=scene.cast.imke, at=AT + dt.timedelta(minutes=1))
    assert stored(sent).state == RelayState.SENT


def test_only_the_last_step_is_taken_back(scene: Scene) -> None:
    sent = hand_over(scene)
    first = Change.objects.of(sent).get()
    relay.acknowledge(sent, by=scene.cast.imke, at=AT)

    with pytest.raises(relay_undo.TooLate):
        relay_undo.take_back(sent, step=first.pk, by=scene.cast.imke, at=AT)


def test_answer_by_a_decision_goes_with_that_decision(scene: Scene) -> None:
    sent, item = taken_up(scene)
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AFTER)

    assert relay_undo.last_step(stored(sent), at=AFTER) is None


# --- Who may, and which ways ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("imke", 7),
        ("birgit", {Option.TAKE_UP, Option.ACKNOWLEDGE, Option.DECLINE}),
        ("susanne", set()),
        ("theda", set()),
    ],
)
def test_what_each_may_do(scene: Scene, who: str, expected: object) -> None:
    found = relay_options.options_for(hand_over(scene), getattr(scene.cast, who), at=AT)

    assert (len(found) if isinstance(expected, int) else set(found)) == expected


def test_ways_are_set_and_a_stale_page_is_told(scene: Scene) -> None:
    cast = scene.cast
    seen = relay_ways.targets_of(cast.bildung)
    assert relay_ways.allow(cast.bildung, [cast.arbeit], seen=seen, by=cast.imke, at=AT)

    assert relay_ways.targets_of(cast.bildung) == [cast.arbeit.pk]
    assert not relay_ways.allow(cast.bildung, [cast.arbeit], seen=seen, by=cast.imke, at=AT)
    with pytest.raises(relay_ways.WaysChanged):
        relay_ways.allow(cast.bildung, [cast.gesellschaft], seen=seen, by=cast.imke, at=AT)
