"""Meine Seite of who speaks for a body: what others ask of it stands first, with its button."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import Person
from meetings.domain import relay
from meetings.enums import MeetingState, RelayKind
from meetings.models import Meeting, Relay
from tests.factories.buendnisse import MembershipFactory
from tests.support.relay_pages import at_nine, scene
from tests.support.relay_scene import AFTER, Scene, hand_over, taken_up
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "scene"]  # fixtures

BACKEND = "notifications.adapters.SignInBackend"


def entered(person: Person) -> Client:
    Person.objects.filter(pk=person.pk).update(may_sign_in=True)
    browser = Client()
    browser.force_login(person, backend=BACKEND)
    return browser


def mine(person: Person, at: dt.datetime = AT) -> tuple[int, list[tuple[str, bool, bool]]]:
    browser = entered(person)
    with clock.frozen(at):
        page = browser.get("/").context["page"]
    return page.todo, [(one.relay.number, one.is_due, one.is_overdue) for one in page.asked]


def test_chair_finds_what_waits_for_a_place(scene: Scene) -> None:
    sent = hand_over(scene)

    assert mine(scene.cast.birgit) == (1, [(sent.number, True, False)])


def test_chair_need_not_act_on_what_the_next_meeting_answers(scene: Scene) -> None:
    sent, _item = taken_up(scene)

    assert mine(scene.cast.birgit) == (0, [(sent.number, False, False)])


def test_chair_finds_what_was_talked_about_and_is_overdue(scene: Scene) -> None:
    sent, _item = taken_up(scene)
    relay.discuss(sent, by=scene.cast.imke, at=AFTER)
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.HELD)

    at = dt.datetime(2027, 5, 3, 8, 0, tzinfo=dt.UTC)
    assert mine(scene.cast.birgit, at) == (1, [(sent.number, True, True)])


def test_unit_finds_what_it_is_asked(scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    sent = hand_over(scene, to=scene.unit)
    hand_over(scene, to=scene.unit, kind=RelayKind.FOR_INFORMATION, due_on=None)

    assert mine(scene.cast.hedwig) == (1, [(sent.number, True, False)])


def test_nobody_else_finds_it(scene: Scene) -> None:
    hand_over(scene)
    hand_over(scene, to=scene.unit)

    assert [mine(one) for one in (scene.cast.susanne, scene.cast.rolf, scene.cast.theda)] == [(0, [])] * 3


def test_what_was_answered_is_not_under_way_any_more(scene: Scene) -> None:
    answered, open_one = hand_over(scene), hand_over(scene)
    relay.answer_with_text(answered, words="Ab 16 Uhr.", by=scene.cast.imke, at=AT)

    browser = entered(scene.cast.susanne)
    assert [one.number for one in browser.get("/").context["page"].relays] == [open_one.number]


def test_body_counts_what_still_waits_and_leads_there(scene: Scene) -> None:
    answered = hand_over(scene)
    hand_over(scene)
    hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None)
    relay.answer_with_text(answered, words="Ab 16 Uhr.", by=scene.cast.imke, at=AT)

    browser = entered(scene.cast.susanne)
    response = browser.get("/buendnisse/arbeit/")
    assert response.context["page"].open_relays == 1
    assert response.content.decode().count(f'href="/weiterleitungen/?an={scene.cast.arbeit.pk}"') == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_same_queries_for_any_number(scene: Scene, number: int, django_assert_num_queries: Any) -> None:
    for _one in range(number):
        hand_over(scene)
    assert Relay.objects.count() == number
    browser = entered(scene.cast.birgit)

    with django_assert_num_queries(19):
        browser.get("/")
