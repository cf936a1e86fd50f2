"""What the other alliances are told: the sent agenda only, fresh decisions, and nothing confidential."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.domain import agenda_content, elsewhere
from meetings.enums import MinutesState
from meetings.models import AgendaItem, AgendaVersion, Minutes
from tests.factories.meetings import AgendaItemFactory, DecisionFactory
from tests.support.relay_scene import Scene, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def topic(scene: Scene, title: str, place: int = 1) -> AgendaItem:
    item: AgendaItem = AgendaItemFactory(meeting=scene.arbeit_december, title=title, position=place)
    return item


def send(scene: Scene) -> None:
    content = agenda_content.content(scene.arbeit_december)
    AgendaVersion.objects.create(meeting=scene.arbeit_december, number=1, sent_at=AT, content=content)


def of_arbeit(scene: Scene, reader: object) -> elsewhere.Elsewhere:
    own = [scene.cast.gesellschaft.pk, scene.cast.bildung.pk]
    [found] = elsewhere.others(reader, besides=own, at=AT)
    return found


def test_topics_are_those_that_were_sent(scene: Scene) -> None:
    topic(scene, "Rufbus", 2)
    topic(scene, "Pflege", 1)
    topic(scene, "Gestrichen", 3)
    send(scene)
    AgendaItem.objects.filter(title="Rufbus").update(title="Rufbus am Abend")
    AgendaItem.objects.filter(title="Gestrichen").update(state="withdrawn")
    topic(scene, "Noch geheim", 4)
    AgendaItemFactory(meeting=scene.arbeit_march, title="Erst im März")

    found = of_arbeit(scene, scene.cast.hedwig)

    assert (found.meeting, found.topics) == (scene.arbeit_december, ["Pflege", "Rufbus"])


def test_confidential_topics_are_for_the_chosen(scene: Scene) -> None:
    before, after = topic(scene, "Vorher vertraulich"), topic(scene, "Später vertraulich", 2)
    topic(scene, "Offen", 3)
    before.confidential_to.add(scene.cast.birgit.organisation)
    send(scene)
    after.confidential_to.add(scene.cast.birgit.organisation)

    assert of_arbeit(scene, scene.cast.hedwig).topics == ["Offen"]
    assert of_arbeit(scene, scene.cast.birgit).topics == ["Vorher vertraulich", "Später vertraulich", "Offen"]


def test_unsent_agenda_is_not_told(scene: Scene) -> None:
    topic(scene, "Pflege")
    type(scene.arbeit_december).objects.filter(pk=scene.arbeit_december.pk).update(agenda_sent_at=None)

    assert of_arbeit(scene, scene.cast.hedwig).topics == []


def test_decisions_are_told_once_the_minutes_are_out_and_while_they_are_fresh(scene: Scene) -> None:
    cast = scene.cast

    def told(at: dt.datetime = AT) -> list[str]:
        [found] = elsewhere.told([cast.bildung], cast.hedwig, at=at)
        return [decision.number for decision in found.decisions]

    assert told() == []
    Minutes.objects.create(meeting=scene.bildung_november, state=MinutesState.CIRCULATED)
    assert told() == ["B-2026-02"]
    assert told(AT + dt.timedelta(days=120)) == []


@pytest.mark.parametrize("number", [1, 3])
def test_costs_the_same_however_much_there_is(scene: Scene, number: int) -> None:
    for place in range(number):
        DecisionFactory(agenda_item=topic(scene, f"Thema {place}", place + 1))
    send(scene)

    with CaptureQueriesContext(connection) as asked:
        elsewhere.others(scene.cast.hedwig, besides=[scene.cast.gesellschaft.pk], at=AT)

    assert len(asked) == 6
