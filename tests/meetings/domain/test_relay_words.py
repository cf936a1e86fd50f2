"""Answers in words: a no is told as a no, and nobody reads a decision before its minutes are out but those it is for."""

from __future__ import annotations

import pytest

from meetings.domain import (
    relay,
    relay_path,
    relay_steer,
    relay_words,
    report_lines,
    search,
    search_index,
    search_words,
)
from meetings.domain.relay_turn import RELATED
from meetings.domain.standing_look import Look
from meetings.enums import DecisionState, MinutesState, RelayAnswerKind, RelayKind, RelayOutcome
from meetings.models import AgendaItem, Decision, Meeting, Minutes, Relay
from tests.factories.buendnisse import MembershipFactory
from tests.support.relay_scene import AFTER, Scene, decide, hand_over, meeting, taken_up
from tests.world import AT

pytestmark = pytest.mark.django_db

TEXT = "Die Betreuung soll ab 16 Uhr beginnen."
LATER = "Der Wortlaut steht hier, sobald das Protokoll verschickt ist."


def answered(scene: Scene, state: str = DecisionState.ADOPTED) -> tuple[Relay, Decision]:
    """Arbeit has decided in its meeting; its minutes are not out."""
    sent, item = taken_up(scene)
    decision = decide(item, text=TEXT, meeting=scene.arbeit_march, state=state)
    relay.answer_from_decision(decision, by=scene.cast.imke, at=AFTER)
    return Relay.objects.select_related(*RELATED, "answer_decision").get(pk=sent.pk), decision


def circulate(one: Meeting) -> None:
    Minutes.objects.update_or_create(meeting=one, defaults={"state": MinutesState.CIRCULATED})


def report(one: Meeting) -> list[str]:
    item = AgendaItem.objects.get(meeting=one, standing_code="relays")
    return [line.text for line in report_lines.told(item, Look(one, AFTER))]


def test_a_no_is_told_as_a_no(scene: Scene) -> None:
    may = meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")
    sent, _decision = answered(scene, DecisionState.REJECTED)

    words = relay_words.answer_wording(sent, reader=scene.cast.imke, at=AFTER)

    assert relay_words.answered(sent, words) == f"Das Arbeitsbündnis Arbeit lehnt ab: „{TEXT}“"
    stops = relay_path.path(sent, reader=scene.cast.imke, at=AFTER).stops
    assert [stop.verb for stop in stops] == ["beschließt", "lehnt ab"]
    assert report(may) == ["Antwort aus Arbeit: Kinderbetreuung während der Kurse (W-2026-01)"]
    circulate(scene.arbeit_march)
    assert report(may) == ["Arbeit lehnt ab: Kinderbetreuung während der Kurse (W-2026-01)"]


def test_a_no_from_outside_is_told_as_a_no(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    relay.record_outcome(sent, outcome=RelayOutcome.REJECTED, on=AT.date(), by=scene.cast.imke, at=AT)

    words = relay_words.answer_wording(sent, reader=scene.cast.imke, at=AT)

    assert relay_words.answered(sent, words).endswith(" lehnt ab.")
    assert relay_path.path(sent, reader=scene.cast.imke, at=AT).stops[-1].verb == "lehnt ab"


def test_before_the_minutes_are_out_only_the_two_bodies_read_the_answer(scene: Scene) -> None:
    """Everybody else reads that there is one: neither its words nor, of a no, its result."""
    cast = scene.cast
    third, asking = cast.hedwig, cast.corinna
    MembershipFactory(body=cast.bildung, person=asking)
    sent, decision = answered(scene, DecisionState.REJECTED)
    readers = {"imke": cast.imke, "bildung": asking, "arbeit": cast.birgit, "third": third}

    def told() -> dict[str, tuple[str, str]]:
        stops = {name: relay_path.path(sent, reader=one, at=AFTER).stops[-1] for name, one in readers.items()}
        return {name: (stop.verb, stop.wording) for name, stop in stops.items()}

    known = ("lehnt ab", TEXT)
    assert told() == {"imke": known, "bildung": known, "arbeit": known, "third": ("antwortet", LATER)}
    words = relay_words.answer_wording(sent, reader=third, at=AFTER)
    assert relay_words.answered(sent, words) == f"Das Arbeitsbündnis Arbeit antwortet: „{LATER}“"

    circulate(scene.arbeit_march)
    assert set(told().values()) == {known}
    assert relay_words.kept_from([decision.pk], reader=third, at=AFTER) == {}


def test_words_beside_an_answer_are_kept_and_found_like_the_answer(scene: Scene) -> None:
    third = scene.cast.hedwig
    sent, item = taken_up(scene)
    decision = decide(item, text=TEXT, meeting=scene.arbeit_march)
    kind = RelayAnswerKind.CONDITIONAL
    relay.answer_with_decision(
        sent, decision=decision, kind=kind, words="Nur mit Zuckerwatte.", by=scene.cast.imke, at=AFTER
    )

    def found() -> int:
        search_index.refresh(at=AFTER)
        return search.find(search_words.query("Zuckerwatte"), reader=third, at=AFTER).total

    assert (relay_path.path(sent, reader=third, at=AFTER).stops[-1].remark, found()) == ("", 0)
    circulate(scene.arbeit_march)
    assert found() == 0  # no verb was at work: the index looks again at the next change, or the next day
    relay_steer.close(sent, by=scene.cast.imke, at=AFTER)
    assert found() == 1
    assert relay_path.path(sent, reader=third, at=AFTER).stops[-1].remark == "Nur mit Zuckerwatte."


def test_target_reads_what_is_handed_to_it_before_the_minutes_of_the_source_are_out(scene: Scene) -> None:
    third = scene.cast.hedwig
    Decision.objects.filter(pk=scene.decision.pk).update(meeting=scene.bildung_november)
    sent = hand_over(scene)

    asked = relay_path.path(sent, reader=scene.cast.birgit, at=AT).stops[0].wording
    other = relay_path.path(sent, reader=third, at=AT).stops[0].wording
    assert (asked, other) == (scene.decision.text, LATER)


@pytest.mark.parametrize(
    ("kind", "verb"),
    [
        (RelayAnswerKind.FULL, "antwortet"),
        (RelayAnswerKind.CONDITIONAL, "antwortet mit Bedingungen"),
        (RelayAnswerKind.PARTIAL, "antwortet zum Teil"),
    ],
)
def test_how_far_a_text_answers_is_told_on_the_path_and_in_letters(
    scene: Scene, kind: RelayAnswerKind, verb: str
) -> None:
    sent = hand_over(scene)
    relay.answer_with_text(sent, words="Ja, ab Mai.", kind=kind, by=scene.cast.imke, at=AFTER)

    assert relay_words.answered(sent, "Ja, ab Mai.") == f"Das Arbeitsbündnis Arbeit {verb}: „Ja, ab Mai.“"
    assert [stop.verb for stop in relay_path.path(sent, reader=scene.cast.imke, at=AFTER).stops][1:] == [verb]


def test_partial_decision_is_told_with_its_sentence_to_who_may_read_it(scene: Scene) -> None:
    sent, item = taken_up(scene)
    decision = decide(item, text=TEXT, meeting=scene.arbeit_march)
    reply = relay.Reply(RelayAnswerKind.PARTIAL, "zwei von drei Zielen stehen fest")
    relay.answer_from_decision(decision, reply=reply, by=scene.cast.imke, at=AFTER)
    sent = Relay.objects.select_related(*RELATED, "answer_decision").get(pk=sent.pk)

    told = [
        relay_words.answered(sent, relay_words.answer_wording(sent, reader=person, at=AFTER))
        for person in (scene.cast.imke, scene.cast.hedwig)
    ]
    assert told == [
        f"Das Arbeitsbündnis Arbeit antwortet zum Teil: „{TEXT}“ Zwei von drei Zielen stehen fest.",
        f"Das Arbeitsbündnis Arbeit antwortet: „{LATER}“",
    ]
