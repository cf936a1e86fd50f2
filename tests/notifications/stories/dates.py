"""Signing in, dates, answers, deputies."""

from __future__ import annotations

import datetime as dt

from buendnisse.clock import at_local
from buendnisse.domain import link_requests, links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import FurtherAddress
from meetings.domain import (
    answers,
    deputies,
)
from meetings.enums import AgendaItemState
from meetings.models import DeputyRequest
from notifications.domain import ring, sign_in
from tests import world
from tests.factories.meetings import AgendaItemFactory
from tests.notifications import year
from tests.notifications.stories.scenes import DAY, MINUTE, SOON, confirmed, invited, row_of
from tests.world import AT, World


def code() -> dt.datetime:
    sign_in.send_code(world.build().imke, code="123456", valid_until=AT + 10 * MINUTE, at=AT)
    return AT


def new_link() -> dt.datetime:
    cast = world.build()
    item = AgendaItemFactory(meeting__alliance=cast.arbeit, proposer=cast.susanne, state=AgendaItemState.PROPOSED)
    old = links.grant(cast.susanne, purpose=LinkPurpose.ITEM, subject=item, until=AT - DAY, at=AT - 9 * DAY)
    link_requests.request(old, at=AT)
    return SOON


def save_the_date() -> dt.datetime:
    cast = world.build()
    year.confirm(year.note_all(cast), cast)
    return SOON


def invitation() -> dt.datetime:
    confirmed(world.build())
    return SOON


def copy() -> dt.datetime:
    cast = world.build()
    FurtherAddress.objects.create(person=cast.birgit, address="vorzimmer@jobcenter.example", gets_copy=True)
    confirmed(cast)
    return SOON


def moved() -> dt.datetime:
    cast = world.build()
    year.move(invited(cast), cast, at=SOON)
    return SOON + MINUTE


def cancelled() -> dt.datetime:
    cast = world.build()
    year.cancel(invited(cast), cast, at=SOON)
    return SOON + MINUTE


def uninvited() -> dt.datetime:
    cast = world.build()
    answers.name_deputy(row_of(invited(cast), cast), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=SOON)
    return SOON + 2 * MINUTE


def answer_reminder() -> dt.datetime:
    invited(world.build())
    return at_local(dt.date(2027, 2, 8), dt.time(7, 0))


def _asked(cast: World) -> DeputyRequest:
    said = {"first_name": "Greta", "last_name": "Harms", "email": "greta@verein.example"}
    made = deputies.ask(row_of(invited(cast), cast), **said, via=Via.LINK, by=cast.susanne, at=SOON)
    assert isinstance(made, DeputyRequest)
    return made


def deputy_asked() -> dt.datetime:
    _asked(world.build())
    return SOON + 2 * MINUTE


def deputy_unasked() -> dt.datetime:
    cast = world.build()
    request = _asked(cast)
    ring.ring(at=SOON + 2 * MINUTE)
    row = row_of(request.attendance.meeting, cast)
    answers.withdraw_deputy(row, via=Via.LINK, by=cast.susanne, at=SOON + 2 * MINUTE)
    return SOON + 4 * MINUTE


def deputy_answered() -> dt.datetime:
    request = _asked(world.build())
    ring.ring(at=SOON + 2 * MINUTE)
    deputies.decline(request, via=Via.LINK, by=request.person, at=SOON + 2 * MINUTE)
    return SOON + 4 * MINUTE
