"""What is read out under the report: the wording of answers and notices, for the desk and for who prepares."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import Person
from meetings.domain import relay
from meetings.enums import DecisionState, RelayAnswerKind, RelayKind
from meetings.models import Decision, Meeting
from tests.factories.buendnisse import OrganisationFactory
from tests.support.relay_pages import at_nine, imke, scene
from tests.support.relay_scene import AFTER, Scene, decide, hand_over, meeting, taken_up

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures

TEXT = "Die Betreuung soll ab 16 Uhr beginnen."
LATER = "Der Wortlaut steht hier, sobald das Protokoll verschickt ist."
TITLE = "Kinderbetreuung während der Kurse"


def answered(scene: Scene, state: str = DecisionState.ADOPTED) -> Meeting:
    """Arbeit has decided; Bildung hears of it in May."""
    may = meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")
    _sent, item = taken_up(scene)
    decision = decide(item, text=TEXT, meeting=scene.arbeit_march, state=state)
    reply = relay.Reply(RelayAnswerKind.CONDITIONAL)
    relay.answer_from_decision(decision, reply=reply, by=scene.cast.imke, at=AFTER)
    return may


def readings(person: Person, meeting: Meeting) -> list[tuple[str, str]]:
    Person.objects.filter(pk=person.pk).update(may_sign_in=True)
    client = Client()
    client.force_login(person)
    with clock.frozen(AFTER):
        context = client.get(f"/sitzungen/{meeting.slug}/tagesordnung/feste-punkte/").context
    return [(one.relay.subject, one.text) for one in context["readings"]]


def test_answer_is_read_out_with_its_words_and_how_far_it_goes(scene: Scene) -> None:
    may = answered(scene)

    said = f"Das Arbeitsbündnis Arbeit antwortet mit Bedingungen: „{TEXT}“"
    assert readings(scene.cast.imke, may) == [(TITLE, said)]
    assert readings(scene.cast.hedwig, may) == [(TITLE, f"Das Arbeitsbündnis Arbeit antwortet: „{LATER}“")]


def test_refusal_is_read_out_as_one(scene: Scene) -> None:
    may = answered(scene, DecisionState.REJECTED)

    assert readings(scene.cast.imke, may) == [(TITLE, f"Das Arbeitsbündnis Arbeit lehnt ab: „{TEXT}“")]


def test_notice_is_read_out_with_its_words(scene: Scene) -> None:
    hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None, message="Die Kurse beginnen im März.")

    assert readings(scene.cast.imke, scene.arbeit_march) == []
    assert readings(scene.cast.imke, scene.arbeit_december) == [
        (TITLE, "Bildung schreibt: „Die Kurse beginnen im März.“")
    ]


def test_confidential_answer_is_read_out_to_nobody(scene: Scene) -> None:
    may = answered(scene)
    decision = Decision.objects.get(text=TEXT)
    assert decision.agenda_item is not None
    decision.agenda_item.confidential_to.add(scene.cast.susanne.organisation or OrganisationFactory())

    said = "Das Arbeitsbündnis Arbeit antwortet: „Der Wortlaut ist vertraulich.“"
    assert readings(scene.cast.imke, may) == [(TITLE, said)]
    assert readings(scene.cast.susanne, may) == [(TITLE, said)]


def test_what_came_of_a_confidential_topic_is_not_offered_to_be_read_out(scene: Scene) -> None:
    may = answered(scene)
    hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None, message="Die Kurse beginnen im März.")
    scene.topic.confidential_to.add(OrganisationFactory())

    assert readings(scene.cast.imke, may) == []
    assert readings(scene.cast.imke, scene.arbeit_december) == []


def test_desk_shows_it_under_the_report_only(imke: Client, scene: Scene) -> None:
    may = answered(scene)
    Meeting.objects.filter(pk=may.pk).update(state="in_session")
    pages: dict[str, Any] = {}
    with clock.frozen(AFTER):
        imke.get(f"/sitzungen/{may.slug}/tagesordnung/")
        for item in may.agenda_items.filter(standing_code__in=["opening", "relays"]):
            pages[item.standing_code] = imke.get(f"/sitzungen/{may.slug}/sitzung/?punkt={item.pk}").content.decode()

    assert {code: page.count(TEXT) for code, page in pages.items()} == {"opening": 0, "relays": 1}
