"""Three alliances with the rules of the demo district, and people who sit in several."""

from __future__ import annotations

import datetime as dt

from buendnisse.models import Alliance, Host, Venue
from tests import world
from tests.factories.buendnisse import MembershipFactory, VenueFactory
from tests.world import World


def build() -> World:
    """The small cast, with rules: second and fourth Wednesday of the second month, first Thursday of the third."""
    cast = world.build()
    _rule(cast.bildung, weekday=2, nth=2, month=2, hours=(15, 17))
    _rule(cast.gesellschaft, weekday=2, nth=4, month=2, hours=(17, 19))
    _rule(cast.arbeit, weekday=3, nth=1, month=3, hours=(10, 12))
    for alliance in (cast.bildung, cast.gesellschaft, cast.arbeit):
        alliance.usual_venue = VenueFactory(name=f"Haus {alliance.word}")
        alliance.save()
    MembershipFactory(body=cast.gesellschaft, person=cast.birgit)
    return cast


def take_turns(alliance: Alliance, *names: str) -> list[Venue]:
    venues = [VenueFactory(name=name) for name in names]
    Host.objects.bulk_create(
        Host(alliance=alliance, position=position, venue=venue) for position, venue in enumerate(venues)
    )
    return venues


def _rule(alliance: Alliance, *, weekday: int, nth: int, month: int, hours: tuple[int, int]) -> None:
    alliance.usual_weekday, alliance.usual_nth, alliance.usual_month = weekday, nth, month
    alliance.usual_start, alliance.usual_end = dt.time(hours[0]), dt.time(hours[1])
