"""A decision typed by mistake: for a minute it can be undone, and its number is never given again."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse.models import Change
from meetings.domain import action_items, decisions, minutes_content, relay
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import DecisionState, MeetingState, RelayState
from meetings.models import Decision, Meeting, Minutes, Relay
from notifications.domain import digest, dispatch, render, ring
from notifications.models import OutboxMessage
from tests.factories.buendnisse import MembershipFactory
from tests.meetings import held
from tests.meetings.held import AT
from tests.notifications import sending
from tests.support import relay_scene, smtp_sink
from tests.support.relay_scene import Scene, hand_over

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)


def taken(now: held.Held, **said: object) -> Decision:
    fields = {"kind": "acknowledgement", "text": "Wir nehmen es zur Kenntnis.", "by": now.world.imke, "at": AT}
    return decisions.adopt(now.bus, **(fields | said))  # type: ignore[arg-type]


def test_slip_keeps_its_number_and_says_what_it_is() -> None:
    now = held.running()
    decision = taken(now)

    decisions.take_back(decision, by=now.world.imke, at=AT + MINUTE - SECOND)

    stored = Decision.objects.get()
    assert (stored.number, stored.get_state_display(), stored.follow_up_on) == ("A-2026-01", "irrtümlich erfasst", None)
    assert taken(now).number == "A-2026-02"
    assert [change.verb for change in Change.objects.of(decision).order_by("pk")] == [
        "decision.adopted",
        "decision.taken_back",
    ]


def test_rejected_and_postponed_ones_can_be_slips_too() -> None:
    now = held.running()
    said = {"kind": "recommendation", "text": "Nein.", "by": now.world.imke, "at": AT}

    for verb in (decisions.reject, decisions.postpone):
        decisions.take_back(verb(now.bus, **said), by=now.world.imke, at=AT)

    assert set(Decision.objects.values_list("state", flat=True)) == {DecisionState.MISTAKEN}


def test_after_a_minute_it_stands() -> None:
    now = held.running()
    decision = taken(now)

    with pytest.raises(decisions.TakenForGood) as refused:
        decisions.take_back(decision, by=now.world.imke, at=AT + MINUTE)

    assert str(refused.value).startswith("Die Minute ist vorbei: A-2026-01 gilt.")
    assert Decision.objects.get().state == DecisionState.ADOPTED


def test_twice_is_refused() -> None:
    now = held.running()
    decision = taken(now)
    decisions.take_back(decision, by=now.world.imke, at=AT)

    with pytest.raises(decisions.TakenForGood):
        decisions.take_back(decision, by=now.world.imke, at=AT)


def test_what_a_slip_took_up_waits_again() -> None:
    now = held.running()
    old = decisions.postpone(now.bus, kind="resolution", text="Vorschlag", by=now.world.imke, at=AT - MINUTE)
    slip = taken(now)
    assert Decision.objects.get(pk=old.pk).state == DecisionState.SUPERSEDED

    decisions.take_back(slip, by=now.world.imke, at=AT)

    old.refresh_from_db()
    assert (old.state, old.superseded_by, old.superseded_on) == (DecisionState.POSTPONED, None, None)


def test_what_replaced_a_decision_that_held_is_no_slip() -> None:
    now = held.running()
    old, new = taken(now), taken(now, text="Anders.")
    decisions.supersede(old, by_decision=new, by=now.world.imke, at=AT)

    with pytest.raises(decisions.TakenForGood, match="Aus A-2026-02 ist schon etwas entstanden"):
        decisions.take_back(new, by=now.world.imke, at=AT)


def test_key_of_a_form_never_gives_a_slip_nor_other_words() -> None:
    now = held.running()
    key = uuid.uuid4()
    slip = taken(now, form_key=key)
    decisions.take_back(slip, by=now.world.imke, at=AT)

    said = [("Wir nehmen es zur Kenntnis.", "A-2026-02"), ("Zweiter.", "A-2026-03"), ("Zweiter.", "A-2026-03")]
    assert [taken(now, text=text, form_key=key).number for text, _number in said] == [number for _text, number in said]


def test_what_came_of_it_keeps_it() -> None:
    now = held.running()
    decision = taken(now)
    due_on = dt.date(2026, 12, 1)
    action_items.assign(decision, owner=now.world.susanne, task="Anfragen", due_on=due_on, by=now.world.imke, at=AT)

    with pytest.raises(decisions.TakenForGood):
        decisions.take_back(decision, by=now.world.imke, at=AT)


def test_after_the_minutes_are_out_it_stands() -> None:
    now = held.running()
    decision = taken(now)
    Meeting.objects.update(state=MeetingState.HELD)
    Minutes.objects.update(state="circulated")

    with pytest.raises(MinutesFrozen):
        decisions.take_back(decision, by=now.world.imke, at=AT)


def test_minutes_do_not_tell_of_it() -> None:
    now = held.running()
    decisions.take_back(taken(now, text="Vertippt"), by=now.world.imke, at=AT)
    taken(now)

    told = minutes_content.content(Meeting.objects.select_related("alliance").get())["items"][1]["decisions"]
    assert [decision["number"] for decision in told] == ["A-2026-02"]


def text(letter: OutboxMessage) -> bytes:
    return render.render(letter, at=letter.created_at).text.encode()


@pytest.fixture
def scene() -> Scene:
    return relay_scene.set_scene()


def answered(scene: Scene, *, at: dt.datetime) -> tuple[Relay, Decision]:
    """Arbeit's meeting in March runs, and a decision there answers what Bildung asked."""
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=relay_scene.AT)
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.IN_SESSION)
    decision = decisions.adopt(item, kind="acknowledgement", text="Ja.", by=scene.cast.imke, at=at)
    sent.refresh_from_db()
    assert (sent.state, sent.answer_decision) == (RelayState.RETURNED, decision)
    return sent, decision


def test_answer_to_another_body_is_taken_back_with_it_and_the_next_decision_answers(scene: Scene) -> None:
    at = scene.arbeit_march.start
    sent, decision = answered(scene, at=at)

    decisions.take_back(decision, by=scene.cast.imke, at=at + SECOND)

    sent.refresh_from_db()
    assert (sent.state, sent.answer_decision, sent.answered_at, sent.returned_at, sent.returned_item) == (
        RelayState.DISCUSSED, None, None, None, None,
    )  # fmt: skip
    item = scene.arbeit_march.agenda_items.get(answers=sent)
    again = decisions.adopt(item, kind="acknowledgement", text="Nein.", by=scene.cast.imke, at=at + 2 * SECOND)
    sent.refresh_from_db()
    assert (sent.state, sent.answer_decision) == (RelayState.RETURNED, again)


def test_nobody_hears_of_an_answer_that_was_a_slip(scene: Scene, settings: object) -> None:
    at = scene.arbeit_march.start
    with smtp_sink.running() as sink:
        sending.use(settings, sink)
        _sent, decision = answered(scene, at=at)
        ring.ring(at=at + SECOND)  # the letter is written and waits
        assert OutboxMessage.objects.filter(kind="relay_answer", state="waiting").exists()
        decisions.take_back(decision, by=scene.cast.imke, at=at + 2 * SECOND)
        ring.ring(at=at + 5 * MINUTE)

    assert set(OutboxMessage.objects.filter(kind="relay_answer").values_list("state", flat=True)) == {"superseded"}
    assert not [recipient for recipient, data in sink.mail if b"Antwort aus Arbeit" in data]


@pytest.mark.parametrize("is_slip", [False, True])
def test_letter_with_news_tells_of_an_answer_unless_it_was_a_slip(scene: Scene, *, is_slip: bool) -> None:
    """Members read it there; Susanne, whose topic it was, has a mail of her own."""
    member = MembershipFactory(body=scene.cast.bildung).person
    at = scene.arbeit_march.start
    digest.write(at=at)
    _sent, decision = answered(scene, at=at)
    if is_slip:
        decisions.take_back(decision, by=scene.cast.imke, at=at + SECOND)
    dispatch.fan_out(at=at + MINUTE)

    digest.write(at=at + dt.timedelta(days=4))

    letters = OutboxMessage.objects.filter(kind="digest", person__in=[member, scene.cast.susanne])
    told = [(letter.person, b"Antwort aus Arbeit" in text(letter)) for letter in letters]
    assert told == ([] if is_slip else [(member, True)])
