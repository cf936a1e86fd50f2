"""Papers that were handed on: found on the way by both sides, also by the link of a letter, and by nobody else."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import Paper, Person
from meetings.domain import item_papers, relay_papers
from tests.factories.buendnisse import MembershipFactory, PersonFactory
from tests.factories.meetings import AgendaItemFactory
from tests.support import files, relay_scene
from tests.support.clients import signed_in
from tests.support.relay_pages import token
from tests.support.relay_scene import Scene, hand_over
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[Scene]:
    with clock.frozen(AT):
        yield relay_scene.set_scene()


def laid(scene: Scene) -> Paper:
    return item_papers.hand_in(
        scene.topic, files.pdf("Kurse.pdf"), title="Liste der Kurse", organisation=None, dated=AT.date(), form_key=uuid.UUID(int=5),
        by=scene.cast.imke, at=AT,
    )  # fmt: skip


def code(client: Client, where: str) -> int:
    response: Any = client.get(where)
    if response.streaming:
        assert b"".join(response.streaming_content).startswith(b"%PDF")
    return int(response.status_code)


def test_unit_reads_what_was_handed_to_it_by_its_link(client: Client, scene: Scene) -> None:
    member, paper = PersonFactory(), laid(scene)
    MembershipFactory(body=scene.unit, person=member)
    sent = hand_over(scene, to=scene.unit, papers=[paper])
    way = f"/weg/{token(sent, member)}/"

    page = client.get(way).content.decode()

    assert page.count(f'<a href="unterlage/{paper.slug}/">Liste der Kurse</a>') == 1
    assert code(client, f"{way}unterlage/{paper.slug}/") == 200
    assert code(client, f"{way}unterlage/gibt-es-nicht/") == 404


@pytest.mark.parametrize(("chosen", "shown"), [("birgit", 1), ("susanne", 0)])
def test_paper_of_another_topic_that_became_confidential_is_kept_from_the_target(
    scene: Scene, chosen: str, shown: int
) -> None:
    paper = laid(scene)
    sent = hand_over(scene, papers=[paper])
    other = AgendaItemFactory(meeting=scene.arbeit_march)
    other.papers.add(paper)
    other.confidential_to.add(getattr(scene.cast, chosen).organisation)

    client = signed_in(scene.cast.birgit)
    page = client.get(f"/weiterleitungen/{sent.number}/").content.decode().count("Liste der Kurse")
    assert (page, code(client, f"/weiterleitungen/{sent.number}/unterlage/{paper.slug}/")) == (
        shown,
        200 if shown else 404,
    )


def test_only_both_sides_read_what_was_handed_on(scene: Scene) -> None:
    paper = laid(scene)
    sent = hand_over(scene, papers=[paper])
    Person.objects.update(may_sign_in=True)
    found = {}
    for name in ("imke", "susanne", "birgit", "hedwig"):
        client = signed_in(getattr(scene.cast, name))
        page = client.get(f"/weiterleitungen/{sent.number}/").content.decode().count("Liste der Kurse")
        found[name] = (page, code(client, f"/weiterleitungen/{sent.number}/unterlage/{paper.slug}/"))

    assert found == {"imke": (1, 200), "susanne": (1, 200), "birgit": (1, 200), "hedwig": (0, 404)}


def test_what_was_handed_on_and_what_came_back_stay_apart(scene: Scene) -> None:
    """Both sides read what was handed on; a letter is read by whoever may read it elsewhere, and one paper may be both."""
    paper = laid(scene)
    letter = Paper.objects.create(slug="antwort", title="Antwort", kind="sitzungsunterlage", dated=dt.date(2026, 11, 1))
    letter.bodies.add(scene.cast.arbeit)
    sent = hand_over(scene, papers=[paper])
    sent.answer_papers.add(paper, letter)

    def read_by(name: str) -> tuple[list[str], list[str]]:
        found = relay_papers.along([sent], reader=getattr(scene.cast, name), at=AT)
        handed, letters = found.handed.get(sent.pk, ()), found.letters.get(sent.pk, ())
        return [one.title for one in handed], [one.title for one in letters]

    assert {name: read_by(name) for name in ("imke", "susanne", "birgit", "hedwig")} == {
        "imke": (["Liste der Kurse"], ["Antwort", "Liste der Kurse"]),
        "susanne": (["Liste der Kurse"], ["Antwort", "Liste der Kurse"]),
        "birgit": (["Liste der Kurse"], ["Antwort"]),
        "hedwig": ([], []),
    }
