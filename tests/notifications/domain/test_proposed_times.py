"""A proposed time and a meeting that moves: there, elsewhere, or to another place only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from meetings.domain import planning
from meetings.models import Meeting
from notifications.domain import proposed_times, ring, tray, tray_settling
from notifications.domain.tray_settling import NotSettled
from notifications.models import InboundMessage
from tests.notifications import inbound_mail
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON
from tests.support import mail_programs
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


@pytest.fixture
def row(invited: Meeting, cast: World) -> InboundMessage:
    """A week and four hours later, two hours long."""
    return inbound_mail.proposal(invited, cast)


def move(meeting: Meeting, cast: World, start: dt.datetime, *, hours: int = 2, at: dt.datetime = NOON + HOUR) -> None:
    facts = {"start": start, "end": start + hours * HOUR, "venue": meeting.venue}
    assert planning.move_date(meeting, **facts, version=meeting.version, by=cast.imke, at=at)
    meeting.refresh_from_db()


def settled(row: InboundMessage) -> tuple[str, str, Any]:
    row.refresh_from_db()
    return row.state, row.settlement, row.settled_by


def test_move_to_the_proposed_time_settles_it_as_taken(invited: Meeting, cast: World, row: InboundMessage) -> None:
    assert row.proposed_start is not None
    move(invited, cast, row.proposed_start)
    assert proposed_times.of(invited) == []  # on the meeting's page at once

    ring.ring(at=NOON + HOUR)

    assert settled(row) == ("settled", "taken", cast.imke)
    assert row.get_settlement_display() == "Vorschlag angenommen"
    tray_settling.reopen(row, version=row.version, by=cast.imke, at=NOON + 2 * HOUR)
    assert settled(row) == ("open", "", None)


def test_ring_that_comes_once_more_takes_nothing(invited: Meeting, cast: World, row: InboundMessage) -> None:
    assert row.proposed_start is not None
    move(invited, cast, row.proposed_start)
    ring.ring(at=NOON + HOUR)
    version = InboundMessage.objects.get(pk=row.pk).version
    ring.ring(at=NOON + HOUR + MINUTE)

    assert InboundMessage.objects.get(pk=row.pk).version == version


@pytest.mark.parametrize(("days", "hours"), [(14, 2), (7, 3)])
def test_move_elsewhere_leaves_it_open_and_for_the_earlier_date(
    invited: Meeting, cast: World, row: InboundMessage, days: int, hours: int
) -> None:
    start = invited.start + dt.timedelta(days=days, hours=4)
    move(invited, cast, start, hours=hours)
    [before] = proposed_times.of(invited)
    ring.ring(at=NOON + HOUR)
    ring.ring(at=NOON + HOUR + 2 * MINUTE)  # the new date has left, too

    [after] = proposed_times.of(invited)
    assert (before.is_outdated, after.is_outdated, settled(row)) == (True, True, ("open", "", None))
    with pytest.raises(NotSettled, match="Der Vorschlag galt einer früheren Fassung der Einladung."):
        tray_settling.keep_date(row, version=row.version, by=cast.imke, at=NOON + 2 * HOUR)
    page = tray.page(row.pk, at=NOON + 2 * HOUR)
    assert page is not None
    assert (page.is_proposal, page.may_be_turned_down) == (True, False)


def test_proposal_for_the_date_as_it_is_can_be_turned_down(invited: Meeting, row: InboundMessage) -> None:
    [found] = proposed_times.of(invited)
    page = tray.page(row.pk, at=NOON + HOUR)

    assert page is not None
    assert (found.is_outdated, page.is_proposal, page.may_be_turned_down) == (False, True, True)


def test_what_was_turned_down_before_stays_so(invited: Meeting, cast: World, row: InboundMessage) -> None:
    tray_settling.keep_date(row, version=row.version, by=cast.imke, at=NOON + MINUTE)
    assert row.proposed_start is not None
    move(invited, cast, row.proposed_start)
    ring.ring(at=NOON + HOUR)

    assert settled(row) == ("settled", "date_kept", cast.imke)


def test_proposal_that_comes_after_the_move_is_not_what_moved_it(invited: Meeting, cast: World) -> None:
    start = invited.start + dt.timedelta(days=7, hours=4)
    move(invited, cast, start, at=NOON - HOUR)
    late = inbound_mail.proposal(Meeting.objects.get(pk=invited.pk), cast)
    InboundMessage.objects.filter(pk=late.pk).update(proposed_start=start, proposed_end=start + 2 * HOUR)
    ring.ring(at=NOON + HOUR)

    assert settled(late)[0] == "open"
