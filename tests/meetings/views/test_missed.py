"""The page of what was missed: signed in, and by the link of a letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import Membership, Person
from meetings.models import ActionItem, Attendance, Minutes
from tests.factories.meetings import ActionItemFactory, DecisionFactory, MeetingFactory
from tests.meetings import held
from tests.meetings.held import LATER, Held

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Iterator[Held]:
    """Minutes are out. Rolf, a deputy, was excused and had never come before; he has a task."""
    now = held.circulated()
    DecisionFactory(agenda_item=now.bus, text="Der Rufbus fährt auch abends.", decided_on=dt.date(2026, 11, 19))
    ActionItemFactory(agenda_item=now.bus, owner=now.world.rolf, task="Fahrplan erfragen")
    MeetingFactory(
        alliance=now.world.arbeit,
        quarter="2027-Q1",
        state="confirmed",
        start=dt.datetime(2027, 2, 25, 9, tzinfo=dt.UTC),
        end=dt.datetime(2027, 2, 25, 11, tzinfo=dt.UTC),
    )
    with clock.frozen(LATER):
        yield now


def address(person: Person, subject: models.Model) -> str:
    until = LATER + dt.timedelta(days=365)
    link = links.grant(person, purpose=LinkPurpose.MISSED, subject=subject, until=until, at=LATER)
    return f"/verpasst/{links.token(link)}/"


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_by_link_without_an_account(client: Client, stage: Held) -> None:
    response = client.get(address(stage.world.rolf, stage.world.arbeit))

    page = response.context["page"]
    assert (response.status_code, page.is_member) == (200, True)
    assert [row.text for row in page.decisions] == ["Der Rufbus fährt auch abends."]
    assert [task.task for task in page.tasks] == ["Fahrplan erfragen"]
    for shown in ("Der Rufbus fährt auch abends.", "Protokoll vom 19.", "Fahrplan erfragen", "Nächster Termin"):
        assert shown in words(response).replace("\N{NO-BREAK SPACE}", " ")
    assert "/beschluesse/" not in words(response)


def test_link_leads_on_to_minutes_and_own_task(client: Client, stage: Held) -> None:
    here = address(stage.world.rolf, stage.world.arbeit)

    read = client.post(f"{here}protokoll/{Minutes.objects.get().pk}/", follow=True)
    task = client.post(f"{here}aufgabe/{ActionItem.objects.get().pk}/", follow=True)

    assert [page.resolver_match.view_name for page in (read, task)] == ["meetings:minutes_link", "meetings:task_link"]
    assert (read.status_code, task.status_code) == (200, 200)


def test_link_opens_nothing_of_others(client: Client, stage: Held) -> None:
    ActionItem.objects.update(owner=stage.world.birgit)
    elsewhere = address(stage.world.hedwig, stage.world.gesellschaft)

    for here in (address(stage.world.rolf, stage.world.arbeit), elsewhere):
        assert client.post(f"{here}aufgabe/{ActionItem.objects.get().pk}/").status_code == 404
    assert client.post(f"{elsewhere}protokoll/{Minutes.objects.get().pk}/").status_code == 404
    assert client.get(f"{elsewhere[:-2]}x/").status_code == 410


def test_who_has_left_is_told_so(client: Client, stage: Held) -> None:
    here = address(stage.world.rolf, stage.world.arbeit)
    Membership.objects.filter(person=stage.world.rolf).update(until=LATER.date() - dt.timedelta(days=1))

    response = client.get(here)

    assert response.status_code == 410
    assert "Diese Seite ist für Mitglieder" in words(response)
    assert "Rufbus" not in words(response)


def test_signed_in_from_the_alliance_and_from_the_own_page(client: Client, stage: Held) -> None:
    client.force_login(stage.world.rolf, backend="notifications.adapters.SignInBackend")

    for page in ("/", "/buendnisse/arbeit/"):
        assert 'href="/buendnisse/arbeit/verpasst/"' in words(client.get(page))
    response = client.get("/buendnisse/arbeit/verpasst/")
    assert [row.text for row in response.context["page"].decisions] == ["Der Rufbus fährt auch abends."]
    assert "/beschluesse/" in words(response)


def test_who_was_there_missed_nothing(client: Client, stage: Held) -> None:
    response = client.get(address(stage.world.susanne, stage.world.arbeit))

    assert "Sie haben nichts verpasst." in words(response)
    assert "Nächster Termin" in words(response)


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_however_much_there_is(
    client: Client, stage: Held, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, count):
        start = dt.datetime(2026, 3 * number, 5, 9, tzinfo=dt.UTC)
        earlier = MeetingFactory(
            alliance=stage.world.arbeit,
            quarter=f"2026-Q{number}",
            state="closed",
            start=start,
            end=start + dt.timedelta(hours=2),
        )
        Minutes.objects.create(meeting=earlier, state="circulated")
        ActionItemFactory(agenda_item=stage.bus, owner=stage.world.rolf)
    here = address(stage.world.rolf, stage.world.arbeit)
    client.get(here)

    with django_assert_num_queries(15):
        page = client.get(here).context["page"]

    assert (len(page.meetings), len(page.tasks)) == (count, count)
    assert Attendance.objects.filter(person=stage.world.rolf, role=Role.DEPUTY).exists()
