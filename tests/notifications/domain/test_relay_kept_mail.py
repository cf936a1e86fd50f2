"""The mail that a relay runs on without what it carries: in words that fit its kind, and never once that stands again."""

from __future__ import annotations

import pytest

from meetings.domain import decision_undo, decisions, relay_steer, relay_turn
from meetings.enums import RelayKind
from meetings.models import Decision, Relay
from notifications.domain import dispatch, render
from notifications.domain.letter import NothingToSay
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from tests.support.relay_scene import Scene, hand_over, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def last(about: str) -> OutboxMessage:
    """What waits for the target's chair."""
    dispatch.fan_out(at=AT)
    message = OutboxMessage.objects.select_related("person__organisation").latest("pk")
    assert (message.person.handle, message.data["about"]) == ("birgit", about)
    return message


def text(message: OutboxMessage) -> str:
    rendered = render.render(message, at=AT)
    return f"{rendered.subject}\n{rendered.text}".replace("\N{NO-BREAK SPACE}", " ")


def kept(scene: Scene, sent: Relay) -> OutboxMessage:
    """The request has arrived, its decision falls, and the Fachstelle lets it run on."""
    last("sent")
    OutboxMessage.objects.update(state=OutboxState.SENT)
    fall(scene, sent)
    return last("kept")


def fall(scene: Scene, sent: Relay) -> None:
    decisions.revoke(Decision.objects.get(pk=scene.decision.pk), reason="Überholt.", by=scene.cast.imke, at=AT)
    stored = Relay.objects.select_related(*relay_turn.RELATED).get(pk=sent.pk)
    relay_steer.keep(stored, by=scene.cast.imke, at=AT)


def stand_again(scene: Scene) -> None:
    decision_undo.reinstate(Decision.objects.get(pk=scene.decision.pk), by=scene.cast.imke, at=AT)


def test_waiting_mail_is_dropped_once_the_decision_stands_again(scene: Scene) -> None:
    message = kept(scene, hand_over(scene))
    assert text(message).count("Die Frage bleibt, Bitte aus Bildung") == 2

    stand_again(scene)
    with pytest.raises(NothingToSay):
        text(message)
    with pytest.raises(NothingToSay):
        text(last("stands"))


def test_who_has_read_of_the_fall_reads_that_it_stands_again_and_nobody_twice(scene: Scene) -> None:
    kept(scene, hand_over(scene))
    OutboxMessage.objects.update(state=OutboxState.SENT)
    stand_again(scene)

    said = text(message := last("stands"))
    heading = "Arbeit, 03.12.2026: Gilt wie zuvor, Bitte aus Bildung, „Kinderbetreuung während der Kurse“"
    assert said.splitlines()[0] == heading
    assert said.count("B-2026-02 gilt wieder wie zuvor. Die Bitte noch einmal:") == 1
    assert said.count("Bitte beachten Sie") == 0
    OutboxMessage.objects.update(state=OutboxState.SENT)
    again = OutboxMessage.objects.create(
        kind=message.kind, person=message.person, matter=message.matter, data=message.data, created_at=AT, not_before=AT
    )
    with pytest.raises(NothingToSay):
        text(again)


def test_request_that_had_not_left_leaves_all_the_same(scene: Scene) -> None:
    sent = hand_over(scene)
    last("sent")
    fall(scene, sent)
    last("kept")
    stand_again(scene)

    assert text(last("stands")).splitlines()[0] == (
        "Arbeit, 03.12.2026: Bitte aus Bildung, „Kinderbetreuung während der Kurse“"
    )


def test_mail_says_nothing_of_a_ground_that_holds(scene: Scene) -> None:
    """Whoever took the fall back without telling the relay."""
    message = kept(scene, hand_over(scene))

    Decision.objects.filter(pk=scene.decision.pk).update(state="adopted", revoked_on=None)
    with pytest.raises(NothingToSay):
        text(message)


def test_notice_that_stays_asks_for_nothing(scene: Scene) -> None:
    sent = hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None)
    said = text(kept(scene, sent))

    assert said.splitlines()[0] == (
        "Arbeit, 03.12.2026: Die Mitteilung aus Bildung bleibt, „Kinderbetreuung während der Kurse“"
    )
    for sentence in (
        "die Mitteilung aus Bildung bleibt, auch wenn nicht mehr gilt, worauf sie sich stützt.",
        "worauf sie sich stützt. Eine Antwort ist nicht nötig.",
        "steht es im Bericht der Fachstelle. Sie müssen nichts tun.",
    ):
        assert " ".join(said.split()).count(sentence) == 1
    assert [said.count(untrue) for untrue in ("die Frage", "ist die Antwort", "Passt die Bitte")] == [0, 0, 0]
