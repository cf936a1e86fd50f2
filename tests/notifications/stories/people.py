"""Somebody goes, somebody follows."""

from __future__ import annotations

import datetime as dt

from buendnisse.domain import addresses
from buendnisse.models import Person
from meetings.domain import succession
from meetings.domain.succession import Wish
from notifications.domain import ring
from tests import world
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, DecisionFactory
from tests.notifications.stories.scenes import MINUTE, SOON, invited
from tests.world import World

LAST_DAY = dt.date(2026, 12, 31)
HEIR = {"first_name": "Kai", "last_name": "Ahlers", "salutation": "herr", "email": "ahlers@bbs.example"}


def follow(cast: World, *, at: dt.datetime = SOON + MINUTE) -> Person:
    """Kai follows Susanne in Arbeit and Bildung, with a task of hers; the meeting of Arbeit has invited her."""
    held = DecisionFactory(
        number="A-2026-01", agenda_item__meeting__alliance=cast.arbeit, text="Der Rufbus fährt bis 22 Uhr."
    )
    action = ActionItemFactory(agenda_item=held.agenda_item, owner=cast.susanne, task="Fahrplan aushängen")
    ahead = invited(cast)
    item = AgendaItemFactory(meeting=ahead, presenter=cast.susanne, state="scheduled", title="Praktika")
    ring.ring(at=SOON)
    heir = Person.objects.create(organisation=cast.susanne.organisation, **HEIR)
    seats = list(cast.susanne.memberships.select_related("body").order_by("body_id"))
    wish = Wish(heir, LAST_DAY, memberships=seats, tasks=[action], items=[item], leaves=True)
    succession.settle(cast.susanne, wish=wish, by=cast.imke, at=at)
    return heir


def welcome() -> dt.datetime:
    follow(world.build())
    return SOON + 3 * MINUTE


farewell = welcome


def address_check() -> dt.datetime:
    addresses.wish(world.build().susanne, email="neu@verein.example", at=SOON)
    return SOON


def address_changed() -> dt.datetime:
    wish = addresses.wish(world.build().susanne, email="neu@verein.example", at=SOON)
    addresses.confirm(wish, at=SOON + MINUTE)
    return SOON + 3 * MINUTE
