"""What others do with a relay by their links stands on the Schreibtisch: an addition to an agenda, an answer, a refusal."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.enums import Via
from meetings.domain import agenda_content, relay
from meetings.enums import MeetingState
from meetings.models import AgendaVersion, Meeting
from notifications.domain import desk
from tests.support.relay_scene import Scene, hand_over, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db

ADDED = "Nachtrag in Arbeit: geänderte Fassung verschicken"


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def titles(*, at: dt.datetime = AT) -> list[str]:
    return [line.title for line in desk.desk(at=at).week]


def version(meeting: Meeting, number: int) -> None:
    AgendaVersion.objects.create(
        meeting=meeting, number=number, sent_at=AT, content=agenda_content.content(meeting), introduction=""
    )


def test_what_joins_an_agenda_that_has_left_is_sent_again(scene: Scene) -> None:
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.INVITED, agenda_sent_at=AT)
    scene.arbeit_march.refresh_from_db()
    version(scene.arbeit_march, 1)
    assert ADDED not in titles()

    relay.take_up(hand_over(scene), meeting=scene.arbeit_march, by=scene.cast.birgit, at=AT, via=Via.LINK)
    assert titles().count(ADDED) == 1

    version(scene.arbeit_march, 2)
    assert ADDED not in titles()


def test_answer_and_refusal_by_a_link_are_told_for_a_week(scene: Scene) -> None:
    answered = hand_over(scene, to=scene.unit, subject="Plätze")
    refused = hand_over(scene, to=scene.unit, subject="Busse")
    ours = hand_over(scene, to=scene.unit, subject="Räume")
    relay.answer_with_text(answered, words="Zwei.", by=scene.cast.rolf, at=AT, via=Via.LINK)
    relay.decline(refused, reason="Das macht der Kreis.", by=scene.cast.rolf, at=AT, via=Via.LINK)
    relay.answer_with_text(ours, words="Drei.", by=scene.cast.imke, at=AT)

    told = ["KMT hat geantwortet: Plätze", "KMT ist nicht zuständig: Busse"]
    assert [title for title in titles() if title.startswith("KMT")] == told
    assert [title for title in titles(at=AT + dt.timedelta(days=8)) if title.startswith("KMT")] == []
