"""Votes by mail."""

from __future__ import annotations

import datetime as dt

from buendnisse.clock import automatic_mail_time
from notifications.domain import ring
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.notifications.stories.scenes import DAY, SOON
from tests.support import voting
from tests.world import AT


def ballot() -> dt.datetime:
    voting.begin(world.build())
    return SOON


def ballot_reminder() -> dt.datetime:
    ring.ring(at=ballot())
    return automatic_mail_time(voting.ENDS - 3 * DAY)


def ballot_result() -> dt.datetime:
    ring.ring(at=ballot())
    return automatic_mail_time(voting.ENDS + DAY)


def ballot_moved() -> dt.datetime:
    cast = world.build()
    MeetingFactory(alliance=cast.arbeit, state="call_open")
    vote = voting.begin(cast)
    ring.ring(at=SOON)
    voting.answer(vote, cast.birgit, objects=True)
    return AT + 2 * voting.HOUR
