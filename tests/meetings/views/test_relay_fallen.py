"""A decision that was revoked while its question travels: those who are asked read it wherever they meet the question."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from buendnisse import clock
from meetings.domain import writing
from meetings.enums import DecisionState
from meetings.models import Decision
from tests.meetings import held
from tests.meetings.held import AT as DURING
from tests.meetings.views.test_relay_replies import LIVE, PAPER, asked
from tests.support.clients import signed_in
from tests.support.relay_pages import at_nine, imke, scene
from tests.support.relay_scene import Scene, hand_over, taken_up

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures

FELL = "B-2026-02 wurde am 20.\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026 aufgehoben"


def revoke(decision: Decision) -> None:
    fell = {"state": DecisionState.REVOKED, "revoked_on": dt.date(2026, 11, 20)}
    Decision.objects.filter(pk=decision.pk).update(**fell)


@pytest.mark.parametrize("page", ["", "tagesordnung/"])
def test_agenda_says_so_at_the_item(imke: Client, scene: Scene, page: str) -> None:
    taken_up(scene)
    where = f"/sitzungen/{scene.arbeit_march.slug}/{page}"
    before = imke.get(where).content.decode()
    revoke(scene.decision)

    assert (before.count(FELL), imke.get(where).content.decode().count(FELL)) == (0, 1)


def test_board_says_so_of_what_waits_for_a_place(imke: Client, scene: Scene) -> None:
    hand_over(scene)
    revoke(scene.decision)

    assert imke.get(f"/sitzungen/{scene.arbeit_march.slug}/tagesordnung/").content.decode().count(FELL) == 1


@pytest.mark.parametrize("where", [LIVE, PAPER, f"{LIVE}beamer/"])
def test_desk_wall_and_later_entry_say_so(where: str) -> None:
    now = held.running()
    one = asked(now)
    client = signed_in(now.world.imke)
    if where == LIVE:
        where = f"{LIVE}?punkt={now.bus.pk}"
    with clock.frozen(DURING):
        writing.claim(now.meeting, by=now.world.imke, at=DURING, window="w", item=now.bus, take_over=True)
        before = client.get(where).content.decode()
        assert one.source_decision is not None
        revoke(one.source_decision)
        after = client.get(where).content.decode()

    assert (before.count(FELL), after.count(FELL)) == (0, 1)
