"""What is only for information: no date, no vote and no answer; that it was read is noted with or without a word."""

from __future__ import annotations

import pytest
from django.test import Client

from meetings.enums import RelayAnswerKind, RelayKind, RelayState
from meetings.models import AgendaItem, Relay
from tests.factories.buendnisse import MembershipFactory
from tests.support.relay_pages import NEW, at_nine, imke, scene, token, words
from tests.support.relay_scene import Scene, hand_over

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures


@pytest.mark.parametrize("said", ["", "Danke, das hilft uns."])
def test_that_it_was_read_outside_is_noted(imke: Client, scene: Scene, said: str) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.FOR_INFORMATION, due_on=None)
    assert imke.get(f"/weiterleitungen/{sent.number}/").content.decode().count("Kenntnisnahme vermerken") == 1

    imke.post(f"/weiterleitungen/{sent.number}/antwort/", {"words": said})

    sent.refresh_from_db()
    assert (sent.state, sent.answer_kind, sent.answer) == (RelayState.CLOSED, RelayAnswerKind.NOTED, said)


def test_a_date_typed_for_it_is_none(imke: Client, scene: Scene) -> None:
    imke.post(f"{NEW}?decision={scene.decision.pk}", words(scene, kind=RelayKind.FOR_INFORMATION))

    assert [(one.kind, one.due_on) for one in Relay.objects.all()] == [(RelayKind.FOR_INFORMATION, None)]


def test_its_draft_has_no_date_to_change(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None, as_draft=True)
    where = f"/weiterleitungen/{draft.number}/aendern/"
    assert "due_on" not in imke.get(where).context["form"].fields

    imke.post(where, {"version": draft.version, "subject": "Betreuung", "message": "Zur Kenntnis."})

    draft.refresh_from_db()
    assert (draft.subject, draft.message, draft.due_on) == ("Betreuung", "Zur Kenntnis.", None)


def test_its_draft_is_sent_and_not_voted_on(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, kind=RelayKind.FOR_INFORMATION, as_draft=True)
    step = {"schritt": f"abstimmen:{scene.cast.arbeit.pk}"}

    there = imke.post(f"/weiterleitungen/{draft.number}/senden/", step)["Location"]

    draft.refresh_from_db()
    assert (there, draft.state) == (f"/weiterleitungen/{draft.number}/", RelayState.ON_AGENDA)
    assert not AgendaItem.objects.filter(answers=draft).exists()


def test_who_reads_the_letter_is_told_that_no_answer_is_needed(client: Client, scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    sent = hand_over(scene, to=scene.unit, kind=RelayKind.FOR_INFORMATION, due_on=None)
    page = client.get(f"/weg/{token(sent, scene.cast.hedwig)}/").content.decode()

    assert page.count("Bitte lesen Sie es. Eine Antwort ist nicht nötig.") == 1
    assert page.count("Die Antwort steht noch aus.") == 0


def test_it_is_never_overdue(imke: Client, scene: Scene) -> None:
    hand_over(scene, kind=RelayKind.FOR_INFORMATION)
    Relay.objects.update(due_on="2026-11-01")  # as in what was sent before

    board = imke.get("/weiterleitungen/?stand=overdue").context["board"]
    assert (board.overdue.total, board.page.paginator.count) == (0, 0)
