"""Around the pages of relays: the morning they are looked at, who is signed in, and their addresses."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.enums import RelayKind
from meetings.models import Relay
from tests.support.relay_scene import Scene, set_scene
from tests.world import AT

BOARD = "/weiterleitungen/"
NEW = f"{BOARD}neu/"


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def imke(client: Client, scene: Scene) -> Client:
    client.force_login(scene.cast.imke)
    return client


def page_of(one: Relay) -> str:
    return reverse("meetings:relay_path", args=[one.number])


def act(one: Relay, option: str) -> str:
    return reverse("meetings:relay_act", args=[one.number, option])


def state(one: Relay) -> str:
    return Relay.objects.get(pk=one.pk).state


def token(one: Relay, person: Person) -> str:
    """What stands in the link of a letter about it."""
    until = AT + dt.timedelta(days=30)
    return links.token(links.grant(person, purpose=LinkPurpose.RELAY, subject=one, until=until, at=AT))


def words(scene: Scene, **given: Any) -> dict[str, Any]:
    """What is posted to hand the scene's decision to Arbeit at once."""
    return {
        "form_key": str(uuid.uuid4()),
        "targets": [str(scene.cast.arbeit.pk)],
        "kind": RelayKind.OPINION_REQUESTED,
        "subject": "Kinderbetreuung",
        "message": "Wann fehlt sie?",
        "cover": "In den Kursen sitzen 40 Eltern.",
        "due_on": "2026-12-01",
        "schritt": "senden",
    } | given
