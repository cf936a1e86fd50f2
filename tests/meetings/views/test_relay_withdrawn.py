"""A draft that was taken back before it left: it stays with the Fachstelle, as every draft does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from buendnisse.models import Person
from meetings.domain import relay, relay_words, search_index
from meetings.enums import DecisionState, MinutesState
from meetings.models import Decision, Minutes, Relay
from tests.support.clients import signed_in
from tests.support.relay_pages import BOARD, at_nine, page_of, scene
from tests.support.relay_scene import Scene, hand_over
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "scene"]  # fixtures

#: Who they are to the draft: those who wrote it, those who were going to be asked, a third body.
READERS = ("imke", "birgit", "hedwig")


@pytest.fixture
def left(scene: Scene) -> Relay:
    """One that was sent and taken back then: everybody may know."""
    sent = hand_over(scene)
    relay.withdraw(sent, reason="Erledigt.", by=scene.cast.imke, at=AT)
    return sent


@pytest.fixture
def kept(scene: Scene, left: Relay) -> Relay:
    """Of the same decision, and never sent."""
    draft = hand_over(scene, as_draft=True, subject="Zuckerwatte für alle")
    relay.withdraw(draft, reason="Doch lieber nicht.", by=scene.cast.imke, at=AT)
    return draft


def readers(scene: Scene) -> dict[str, Person]:
    Person.objects.update(may_sign_in=True)
    return {name: Person.objects.get(handle=name) for name in READERS}


def test_board_shows_members_what_was_taken_back_once_it_had_left(scene: Scene, left: Relay, kept: Relay) -> None:
    def numbers(reader: Person) -> list[str]:
        return [row.number for row in signed_in(reader).get(f"{BOARD}?stand=ended").context["board"].ended]

    both = [kept.number, left.number]
    assert {name: numbers(one) for name, one in readers(scene).items()} == {
        "imke": both, "birgit": [left.number], "hedwig": [left.number],
    }  # fmt: skip


def test_its_page_is_no_page_for_members(scene: Scene, kept: Relay) -> None:
    pdf = reverse("meetings:relay_pdf", args=[kept.number])

    def codes(reader: Person) -> list[int]:
        return [signed_in(reader).get(address).status_code for address in (page_of(kept), pdf)]

    assert {name: codes(one) for name, one in readers(scene).items()} == {
        "imke": [200, 200], "birgit": [404, 404], "hedwig": [404, 404],
    }  # fmt: skip


def test_search_finds_it_for_the_fachstelle_only(scene: Scene, kept: Relay) -> None:
    search_index.refresh(at=AT)

    def found(reader: Person) -> list[str]:
        return [hit.entry.number for hit in signed_in(reader).get("/suche/?q=Zuckerwatte").context["hits"]]

    assert {name: found(one) for name, one in readers(scene).items()} == {
        "imke": [kept.number], "birgit": [], "hedwig": [],
    }  # fmt: skip


def test_register_names_what_left_with_a_decision_and_nothing_else(scene: Scene, left: Relay, kept: Relay) -> None:
    Minutes.objects.create(meeting=scene.bildung_november, state=MinutesState.CIRCULATED)

    def carried(reader: Person) -> list[str]:
        [line] = signed_in(reader).get("/beschluesse/").context["page"].object_list
        return [one.number for one in line.relays]

    def in_table(reader: Person) -> tuple[bool, bool]:
        table = signed_in(reader).get("/beschluesse/tabelle.csv").content.decode("utf-8-sig")
        return left.number in table, kept.number in table

    assert {name: carried(one) for name, one in readers(scene).items()} == {key: [left.number] for key in READERS}
    assert {name: in_table(one) for name, one in readers(scene).items()} == dict.fromkeys(READERS, (True, False))


def test_way_of_what_left_does_not_lead_to_it(scene: Scene, left: Relay, kept: Relay) -> None:
    def numbers(reader: Person) -> list[str]:
        return [leg.relay.number for leg in signed_in(reader).get(page_of(left)).context["path"].legs]

    assert {name: numbers(one) for name, one in readers(scene).items()} == {
        "imke": [left.number, kept.number], "birgit": [left.number], "hedwig": [left.number],
    }  # fmt: skip


def test_whoever_was_never_asked_does_not_read_the_words_for_it(scene: Scene) -> None:
    """Whom a decision was going to travel to reads it once its minutes are out, as everybody else."""
    Decision.objects.filter(pk=scene.decision.pk).update(meeting=scene.bildung_november, state=DecisionState.ADOPTED)
    hand_over(scene, to=scene.cast.gesellschaft)
    draft = hand_over(scene, as_draft=True)
    relay.withdraw(draft, reason="Doch lieber nicht.", by=scene.cast.imke, at=AT)

    def is_kept_from(reader: Person) -> bool:
        return relay_words.is_kept_from(scene.decision, reader=reader, at=AT)

    assert {name: is_kept_from(one) for name, one in readers(scene).items()} == {
        "imke": False, "birgit": True, "hedwig": False,
    }  # fmt: skip
