"""A matter handed from one body to another: drafted, sent, and nothing delivered twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from contextlib import suppress

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buendnisse.models import Change
from meetings.domain import relay, relay_report, relay_rules
from meetings.domain.moves import MoveRefused
from meetings.enums import (
    DECISION_STANDING,
    AgendaItemState,
    DecisionState,
    Happened,
    RelayAnswerKind,
    RelayKind,
    RelayState,
)
from meetings.models import Relay
from tests.factories.meetings import AgendaItemFactory
from tests.support.relay_scene import AFTER, LATER, Scene, decide, hand_over, held, verbs
from tests.world import AT

pytestmark = pytest.mark.django_db


def test_hand_over_sends_with_number_and_change(scene: Scene) -> None:
    sent = hand_over(scene)

    assert (sent.number, sent.state, sent.sent_by, sent.sent_at) == ("W-2026-01", RelayState.SENT, scene.cast.imke, AT)
    assert (sent.source_decision, sent.source_item) == (scene.decision, scene.topic)
    assert verbs(sent) == [Happened.RELAY_SENT]
    change = Change.objects.of(sent).get()
    assert change.data == {"source": scene.cast.bildung.pk, "target": scene.cast.arbeit.pk}


def test_one_decision_goes_to_both_others(scene: Scene) -> None:
    first, second = hand_over(scene), hand_over(scene, to=scene.cast.gesellschaft)

    assert (first.number, second.number) == ("W-2026-01", "W-2026-02")
    assert list(scene.decision.relays.order_by("pk")) == [first, second]


def test_same_form_twice_is_one_relay(scene: Scene) -> None:
    key = uuid.uuid4()

    assert hand_over(scene, form_key=key) == hand_over(scene, form_key=key)
    assert Relay.objects.count() == 1


def test_an_item_can_be_handed_over_without_a_decision(scene: Scene) -> None:
    sent = hand_over(scene, source=scene.topic)

    assert (sent.source_decision, sent.source_item, sent.source_id) == (None, scene.topic, scene.cast.bildung.pk)


def test_draft_is_reworded_and_sent(scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    relay.reword(
        draft, subject="Betreuung", message="Wann fehlt sie?", due_on=None, version=1, by=scene.cast.imke, at=AT
    )
    relay.send(draft, by=scene.cast.imke, at=LATER)

    assert (draft.state, draft.subject, draft.sent_at, draft.version) == (RelayState.SENT, "Betreuung", LATER, 2)
    assert verbs(draft) == [Happened.RELAY_DRAFTED, Happened.RELAY_DRAFTED, Happened.RELAY_SENT]


def test_wording_is_fixed_once_sent(scene: Scene) -> None:
    sent = hand_over(scene)

    with pytest.raises(relay_rules.AlreadySent):
        relay.reword(sent, subject="Anders", message="Anders", due_on=None, version=1, by=scene.cast.imke, at=AT)
    assert Relay.objects.get().subject == "Kinderbetreuung während der Kurse"


def test_stale_draft_is_refused_with_what_is_stored(scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    relay.reword(draft, subject="Neu", message="Neu", due_on=None, version=1, by=scene.cast.imke, at=AT)

    with pytest.raises(relay_rules.Stale) as refused:
        relay.reword(draft, subject="Alt", message="Alt", due_on=None, version=1, by=scene.cast.imke, at=AT)
    assert refused.value.current.subject == "Neu"


@pytest.mark.parametrize("state", sorted(set(DecisionState) - DECISION_STANDING))
def test_only_a_standing_decision_is_handed_over(scene: Scene, state: DecisionState) -> None:
    scene.decision.state = state

    with pytest.raises(relay_rules.SourceFallen):
        hand_over(scene)


def test_draft_whose_decision_fell_is_not_sent(scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    scene.decision.state = DecisionState.SUPERSEDED
    scene.decision.save()

    with pytest.raises(relay_rules.SourceFallen):
        relay.send(Relay.objects.get(pk=draft.pk), by=scene.cast.imke, at=LATER)


def test_item_that_never_came_to_the_table_is_refused(scene: Scene) -> None:
    declined = AgendaItemFactory(meeting=scene.bildung_february, state=AgendaItemState.DECLINED)

    with pytest.raises(relay_rules.SourceFallen):
        hand_over(scene, source=declined)


def test_only_allowed_ways_are_gone(scene: Scene) -> None:
    scene.cast.bildung.may_relay_to.remove(scene.cast.arbeit)

    with pytest.raises(relay_rules.WayClosed) as refused:
        hand_over(scene)
    assert str(refused.value) == "Arbeitsbündnis Bildung gibt nichts an Arbeitsbündnis Arbeit weiter."


def test_body_that_is_no_more_gets_nothing(scene: Scene) -> None:
    scene.unit.valid_until = dt.date(2026, 6, 30)
    scene.unit.save()

    with pytest.raises(relay_rules.WayClosed):
        hand_over(scene, to=scene.unit)


def test_recommendation_goes_outside_only(scene: Scene) -> None:
    with pytest.raises(relay_rules.KindDoesNotFit):
        hand_over(scene, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    with pytest.raises(relay_rules.KindDoesNotFit):
        hand_over(scene, to=scene.committee, kind=RelayKind.OPINION_REQUESTED)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"subject": "  "}, relay_rules.WordsMissing),
        ({"message": ""}, relay_rules.WordsMissing),
        ({"due_on": dt.date(2026, 11, 22)}, relay_rules.DueTooEarly),
    ],
)
def test_hand_over_refuses_what_cannot_be_answered(
    scene: Scene, wrong: dict[str, object], refusal: type[relay_rules.RelayRefused]
) -> None:
    with pytest.raises(refusal):
        hand_over(scene, **wrong)
    assert Relay.objects.count() == 0


def test_refused_number_is_not_used_up(scene: Scene) -> None:
    with pytest.raises(relay_rules.WordsMissing):
        hand_over(scene, subject="")

    assert hand_over(scene).number == "W-2026-01"


def act(name: str, scene: Scene, sent: Relay, at: dt.datetime) -> None:
    by, item = scene.cast.imke, sent.target_item or AgendaItemFactory(meeting=scene.arbeit_march)
    match name:
        case "take up":
            relay.take_up(sent, meeting=scene.arbeit_march, by=by, at=AT)
        case "decide":
            relay.answer_from_decision(decide(item), by=by, at=at)
        case "name a decision":
            relay.answer_with_decision(sent, decision=decide(item), kind=RelayAnswerKind.FULL, by=by, at=at)
        case "write":
            relay.answer_with_text(sent, words="Ja.", by=by, at=at)
        case "withdraw":
            relay.withdraw(sent, reason="Erledigt.", by=by, at=at)
        case "decline":
            relay.decline(sent, reason="Nicht bei uns.", by=by, at=at)
        case "acknowledge":
            relay.acknowledge(sent, by=by, at=at)
        case "meet":
            held(scene.bildung_february)
            relay_report.pass_meetings(at=at)


ACTS = ("take up", "decide", "decide", "name a decision", "write", "withdraw", "decline", "acknowledge", "meet")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(ACTS), min_size=3, max_size=12))
def test_in_whatever_order_nothing_is_delivered_twice(scene: Scene, acts: list[str]) -> None:
    """At most one answer, one return, one closing; and never an answer to what was withdrawn."""
    undo = connection.savepoint()
    sent = hand_over(scene)
    for number, name in enumerate(acts):
        sent.refresh_from_db()
        with suppress(MoveRefused, relay_rules.RelayRefused):
            act(name, scene, sent, AFTER + dt.timedelta(days=number))
    told = Counter(verbs(sent))
    sent.refresh_from_db()
    answers = told[Happened.RELAY_ANSWERED]
    connection.savepoint_rollback(undo)

    assert answers + told[Happened.RELAY_WITHDRAWN] <= 1
    assert told[Happened.RELAY_RETURNED] == answers
    assert told[Happened.RELAY_CLOSED] <= answers
    assert (sent.answered_at is not None) == (answers == 1)
