"""Slips around relays: a step put right from any look at the page, an old form, the same question once more."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

import pytest
from django.test import Client

from buendnisse import clock
from meetings.domain import relay
from meetings.enums import RelayKind, RelayState
from meetings.models import Relay
from tests.support.relay_pages import NEW, act, at_nine, imke, page_of, scene, state, token, words
from tests.support.relay_scene import Scene, hand_over
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures


def labels(client: Client, one: Relay) -> list[str]:
    return [offer.label for offer in client.get(page_of(one)).context["options"]]


def said(client: Client, one: Relay) -> list[str]:
    return [str(message).partition("</span>")[0] for message in client.get(page_of(one)).context["messages"]]


def test_whole_and_step_are_taken_back_by_different_words(imke: Client, scene: Scene) -> None:
    sent, told = hand_over(scene), hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None)
    draft = hand_over(scene, as_draft=True)

    assert [labels(imke, one)[-1] for one in (sent, told, draft)] == [
        "Die Bitte zurücknehmen",
        "Die Mitteilung zurücknehmen",
        "Den Entwurf zurücknehmen",
    ]
    page = imke.post(act(sent, "zuruecknehmen"), {"reason": "Erledigt."}, follow=True).content.decode()
    assert (page.count("Die Bitte ist zurückgenommen."), page.count(">Rückgängig<"), page.count(">Zurücknehmen<")) == (
        1,
        1,
        0,
    )


def test_step_is_put_right_for_a_minute_from_any_look_at_the_page(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    later = AT + dt.timedelta(minutes=5)
    with clock.frozen(later):
        imke.post(act(sent, "angekommen"), follow=True)
        slip = imke.get(page_of(sent)).context["slip"]
        assert slip["words"] == "angekommen"
        imke.post(f"{page_of(sent)}schritt-zuruecknehmen/", {"step": slip["step"]})
        assert state(sent) == RelayState.SENT
        imke.post(act(sent, "angekommen"), follow=True)
    with clock.frozen(later + dt.timedelta(seconds=61)):
        assert imke.get(page_of(sent)).context["slip"] is None


def test_chair_puts_right_only_the_own_step(client: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    letter = f"/weg/{token(sent, scene.cast.birgit)}/"
    assert client.get(letter).context["slip"] is None  # the Fachstelle has sent it

    client.post(f"{letter}angekommen/", follow=True)

    page = client.get(letter)
    assert page.context["slip"]["words"] == "angekommen"
    assert page.content.decode().count(f'action="{letter}schritt-zuruecknehmen/"') == 1


def test_body_outside_is_told_by_hand_that_a_request_is_taken_back(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    by_hand = f"Dorthin geht keine E-Mail. Bitte sagen Sie selbst Bescheid: {scene.committee.name}."
    assert imke.get(act(sent, "zuruecknehmen")).content.decode().count(by_hand) == 1

    imke.post(act(sent, "zuruecknehmen"), {"reason": "Erledigt."})

    assert said(imke, sent) == [f"<span>Die Bitte ist zurückgenommen. {by_hand}"]


def test_form_opened_before_another_step_is_refused_once(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    stands = imke.get(act(sent, "zuruecknehmen")).context["stands"]
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)

    refused = imke.post(act(sent, "zuruecknehmen"), {"reason": "Erledigt.", "stand": stands})

    assert (refused.status_code, state(sent)) == (HTTPStatus.CONFLICT, RelayState.ON_AGENDA)
    [why] = refused.context["form"].non_field_errors()
    assert why.startswith("Inzwischen ist etwas geschehen. Der Stand ist jetzt: auf der Tagesordnung.")
    assert refused.context["form"]["reason"].value() == "Erledigt."
    imke.post(act(sent, "zuruecknehmen"), {"reason": "Erledigt.", "stand": refused.context["stands"]})
    assert state(sent) == RelayState.WITHDRAWN


def test_second_relay_to_the_same_body_is_warned_of(imke: Client, scene: Scene) -> None:
    address = f"{NEW}?decision={scene.decision.pk}"
    assert imke.post(address, words(scene, schritt="pruefen")).context["twice"] == []
    sent, elsewhere = hand_over(scene), hand_over(scene, to=scene.cast.gesellschaft)
    relay.withdraw(hand_over(scene), reason="Erledigt.", by=scene.cast.imke, at=AT)

    page = imke.post(address, words(scene, schritt="pruefen"))

    assert ([one.number for one in page.context["before"]], [one.number for one in page.context["twice"]]) == (
        [elsewhere.number, sent.number],
        [sent.number],
    )
    assert imke.get(NEW).content.decode().count("Schon weitergeleitet an ") == 2
