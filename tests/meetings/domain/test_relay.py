"""A matter handed from one body to another, and its answer brought back."""

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
from meetings.domain import agenda, cancellation, planning, relay, relay_report, relay_rules
from meetings.domain.moves import MoveRefused
from meetings.enums import (
    DECISION_STANDING,
    AgendaItemState,
    DecisionState,
    Happened,
    MeetingState,
    RelayAnswerKind,
    RelayKind,
    RelayOutcome,
    RelayState,
)
from meetings.models import AgendaItem, Meeting, Relay
from tests.factories.meetings import AgendaItemFactory
from tests.support.relay_scene import Scene, decide, hand_over, meeting, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db

LATER = AT + dt.timedelta(days=30)
AFTER = dt.datetime(2027, 3, 12, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def verbs(one: Relay) -> list[str]:
    return list(Change.objects.of(one).order_by("pk").values_list("verb", flat=True))


def held(one: Meeting) -> None:
    Meeting.objects.filter(pk=one.pk).update(state=MeetingState.HELD)


def taken_up(scene: Scene) -> tuple[Relay, AgendaItem]:
    sent = hand_over(scene)
    return sent, relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)


# --- Setting out ----------------------------------------------------------------------------------


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


# --- With the target ------------------------------------------------------------------------------


def test_take_up_makes_an_own_item_that_links_to_the_one_text(scene: Scene) -> None:
    sent, item = taken_up(scene)

    assert (item.meeting, item.alliance_id, item.answers, item.state) == (
        scene.arbeit_march,
        scene.cast.arbeit.pk,
        sent,
        AgendaItemState.ACCEPTED,
    )
    assert item.title == "Kinderbetreuung während der Kurse: Bitte um Stellungnahme aus Bildung"
    assert (item.description, item.is_late) == ("", False)
    assert (sent.state, sent.target_item, sent.acknowledged_at) == (RelayState.ON_AGENDA, item, AT)


def test_own_item_stands_between_the_frame(scene: Scene) -> None:
    taken_up(scene)

    assert [(item.position, item.standing_code) for item in scene.arbeit_march.agenda_items.on_agenda()] == [
        (1, "opening"),
        (2, "relays"),
        (3, ""),
        (4, "closing"),
    ]


def test_long_subject_still_fits_the_title(scene: Scene) -> None:
    sent = hand_over(scene, subject="x" * 250)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)

    assert (len(item.title), item.title[-41:]) == (250, "…: Bitte um Stellungnahme aus Bildung"[-41:].rjust(41, "x"))


def test_taking_up_twice_is_one_item(scene: Scene) -> None:
    sent, item = taken_up(scene)

    assert relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT) == item
    assert AgendaItem.objects.filter(answers=sent).count() == 1


def test_taking_up_for_two_meetings_is_refused_without_a_trace(scene: Scene) -> None:
    sent, item = taken_up(scene)
    june = meeting(scene.cast.arbeit, 2027, 6, 10, quarter="2027-Q2")

    with pytest.raises(MoveRefused):
        relay.take_up(sent, meeting=june, by=scene.cast.imke, at=AT)
    assert list(AgendaItem.objects.filter(answers=sent)) == [item]


def test_after_the_editorial_deadline_it_is_a_nachtrag(scene: Scene) -> None:
    item = relay.take_up(hand_over(scene), meeting=scene.arbeit_december, by=scene.cast.imke, at=AT)

    assert (item.is_late, item.state) == (True, AgendaItemState.SCHEDULED)


def test_after_the_last_papers_only_what_is_urgent_goes_in(scene: Scene) -> None:
    sent, at = hand_over(scene), dt.datetime(2026, 12, 2, 8, 0, tzinfo=dt.UTC)

    with pytest.raises(relay_rules.WrongMeeting):
        relay.take_up(sent, meeting=scene.arbeit_december, by=scene.cast.imke, at=at)
    relay.take_up(sent, meeting=scene.arbeit_december, is_urgent=True, by=scene.cast.imke, at=at)
    assert Change.objects.of(sent).latest("pk").reason == "urgent"


def test_another_bodys_meeting_is_refused(scene: Scene) -> None:
    with pytest.raises(relay_rules.WrongMeeting):
        relay.take_up(hand_over(scene), meeting=scene.bildung_february, by=scene.cast.imke, at=AT)


def test_decline_tells_home_and_clears_the_agenda(scene: Scene) -> None:
    sent, item = taken_up(scene)
    relay.decline(sent, reason="Das Gebäude gehört der Gemeinde.", by=scene.cast.imke, at=LATER)

    item.refresh_from_db()
    assert (sent.state, sent.declined_at, sent.reason) == (
        RelayState.DECLINED,
        LATER,
        "Das Gebäude gehört der Gemeinde.",
    )
    assert (item.state, item.position) == (AgendaItemState.WITHDRAWN, 0)
    assert sent.returned_item is not None
    assert (sent.returned_item.meeting, sent.returned_item.standing_code) == (scene.bildung_february, "relays")


def test_decline_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(relay_rules.WordsMissing):
        relay.decline(hand_over(scene), reason=" ", by=scene.cast.imke, at=LATER)


def test_a_not_ours_can_be_taken_back(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.decline(sent, reason="Nicht bei uns.", by=scene.cast.imke, at=AT)
    relay.acknowledge(sent, by=scene.cast.imke, at=LATER)

    assert (sent.state, sent.reason, sent.returned_item) == (RelayState.ACKNOWLEDGED, "", None)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=LATER)
    assert item.answers == sent


def test_withdrawn_relay_leaves_an_agenda_that_was_sent_as_it_is(scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_december, by=scene.cast.imke, at=AT)
    relay.withdraw(sent, reason="Die Förderung kam anders zustande.", by=scene.cast.imke, at=LATER)

    item.refresh_from_db()
    assert (sent.state, item.state) == (RelayState.WITHDRAWN, AgendaItemState.SCHEDULED)


def test_withdraw_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(relay_rules.WordsMissing):
        relay.withdraw(hand_over(scene), reason="", by=scene.cast.imke, at=LATER)


def test_draft_can_be_withdrawn_and_keeps_its_number(scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    relay.withdraw(draft, reason="Erledigt.", by=scene.cast.imke, at=AT)

    assert (draft.state, draft.sent_at, hand_over(scene).number) == (RelayState.WITHDRAWN, None, "W-2026-02")


# --- The way home ---------------------------------------------------------------------------------


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


# --- What is only for information, and what meetings do by themselves ------------------------------


def test_information_joins_the_next_report_by_itself(scene: Scene) -> None:
    sent = hand_over(scene, kind=RelayKind.FOR_INFORMATION)

    assert sent.target_item is not None
    assert (sent.state, sent.target_item.standing_code, sent.target_item.meeting) == (
        RelayState.ON_AGENDA,
        "relays",
        scene.arbeit_december,
    )


def test_information_is_noted_once_its_meeting_was_held(scene: Scene) -> None:
    sent = hand_over(scene, kind=RelayKind.FOR_INFORMATION)
    assert relay_report.pass_meetings(at=LATER) == 0
    held(scene.arbeit_december)

    assert [relay_report.pass_meetings(at=LATER), relay_report.pass_meetings(at=LATER)] == [1, 0]
    sent.refresh_from_db()
    assert (sent.state, sent.answer_kind, sent.closed_at) == (RelayState.CLOSED, RelayAnswerKind.NOTED, LATER)


def test_information_waits_for_a_meeting_that_is_not_planned_yet(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.cast.gesellschaft, kind=RelayKind.FOR_INFORMATION)
    assert (sent.state, relay_report.pass_meetings(at=AT)) == (RelayState.SENT, 0)
    march = meeting(scene.cast.gesellschaft, 2027, 3, 3, quarter="2027-Q1")

    assert relay_report.pass_meetings(at=AT) == 1
    sent.refresh_from_db()
    assert sent.target_item is not None
    assert sent.target_item.meeting == march


def test_answer_is_closed_once_it_was_read_at_home(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=LATER)
    held(scene.bildung_february)

    assert [relay_report.pass_meetings(at=AFTER), relay_report.pass_meetings(at=AFTER)] == [1, 0]
    sent.refresh_from_db()
    assert (sent.state, sent.closed_at) == (RelayState.CLOSED, AFTER)


def test_answer_moves_on_when_the_meeting_is_cancelled(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=LATER)
    Meeting.objects.filter(pk=scene.bildung_february.pk).update(state=MeetingState.CANCELLED)
    may = meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")

    assert [relay_report.pass_meetings(at=LATER), relay_report.pass_meetings(at=LATER)] == [1, 0]
    sent.refresh_from_db()
    assert sent.returned_item is not None
    assert sent.returned_item.meeting == may


def test_answer_waits_for_a_cancellation_that_may_be_taken_back(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=LATER)
    meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")
    planning.cancel(scene.bildung_february, reason="Glatteis.", by=scene.cast.imke, at=LATER)
    in_the_minute = relay_report.pass_meetings(at=LATER + dt.timedelta(minutes=1))
    cancellation.restore(scene.bildung_february, by=scene.cast.imke, at=LATER + dt.timedelta(minutes=1))

    later = relay_report.pass_meetings(at=LATER + dt.timedelta(minutes=3))
    sent.refresh_from_db()
    assert sent.returned_item is not None
    assert (in_the_minute, later, sent.returned_item.meeting) == (0, 0, scene.bildung_february)


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
