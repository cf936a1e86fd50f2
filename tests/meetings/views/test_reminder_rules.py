"""How often people are reminded is what the Fachstelle chose, and nobody's choice is lost to another's."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from buendnisse.models import Change
from meetings.domain import reminder_rules
from meetings.enums import Happened
from tests import world
from tests.world import World

pytestmark = pytest.mark.django_db
ADDRESS = "/planung/erinnerungen/"


@pytest.fixture
def cast() -> World:
    return world.build()


def typed(**other: object) -> dict[str, object]:
    names = ("version", *reminder_rules.RANGES)
    return {name: getattr(reminder_rules.stored(), name) for name in names} | other


def test_rules_are_kept_and_hold_at_once(desk: Client) -> None:
    saved = desk.post(ADDRESS, typed(per_quarter=1, task_before=14), follow=True)

    assert "Die Regeln sind gespeichert." in saved.content.decode()
    assert reminder_rules.days("task_before").days == 14
    change = Change.objects.get(verb=Happened.REMINDER_RULES_CHANGED)
    assert change.data == {"fields": ["per_quarter", "task_before"]}


def test_bad_number_and_stale_page_say_so_and_lose_nothing(desk: Client) -> None:
    wrong = desk.post(ADDRESS, typed(per_quarter=7, relay_after=5))
    assert "Bitte wählen Sie eine Zahl von 0 bis 6." in wrong.content.decode()
    assert 'name="relay_after" value="5"' in wrong.content.decode()

    page = typed(per_quarter=3)
    desk.post(ADDRESS, typed(per_quarter=1))
    stale = desk.post(ADDRESS, page)
    assert stale.status_code == HTTPStatus.CONFLICT
    assert "Jemand hat die Regeln inzwischen geändert." in stale.content.decode()
    assert reminder_rules.stored().per_quarter == 1
    again = desk.post(ADDRESS, page | {"version": 2}, follow=True)
    assert (again.status_code, reminder_rules.stored().per_quarter) == (HTTPStatus.OK, 3)
