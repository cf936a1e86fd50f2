"""An answer that comes while a change of place is on its way was said about the place of before."""

from __future__ import annotations

from typing import Any

import pytest

from buendnisse.enums import Via
from buendnisse.models import Venue
from meetings.domain import answers, planning
from meetings.enums import Answer
from meetings.models import Meeting
from notifications.models import InboundMessage
from tests.factories.buendnisse import VenueFactory
from tests.notifications import sending
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, receive, reply, result, row_of
from tests.support import mail_programs, smtp_sink
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def elsewhere(meeting: Meeting, cast: World) -> None:
    """The same hours in another house."""
    meeting.refresh_from_db()
    facts = {"start": meeting.start, "end": meeting.end, "venue": VenueFactory(name="Kreishaus")}
    planning.move_date(
        meeting, **facts, version=meeting.version, conflict_reason="Wasserschaden.", by=cast.imke, at=NOON
    )


def online(meeting: Meeting, cast: World) -> None:
    """The same hours, and nobody need go anywhere."""
    meeting.refresh_from_db()
    planning.edit(meeting, mode="online", version=meeting.version, by=cast.imke, at=NOON)


def says_yes(meeting: Meeting, cast: World) -> InboundMessage:
    said = reply(meeting, cast.susanne, stamp=NOON + MINUTE / 2)
    return receive(mail_programs.outlook(said), at=NOON + MINUTE / 2)


@pytest.mark.parametrize(("change", "answer"), [(elsewhere, Answer.ACCEPTED), (online, Answer.ACCEPTED_ONLINE)])
def test_answer_before_the_news_of_another_place_has_left_is_for_the_earlier_one(
    invited: Meeting, cast: World, change: Any, answer: str
) -> None:
    change(invited, cast)

    assert result(says_yes(invited, cast)) == ("applied", "earlier_date", "filed")
    stored = row_of(invited, cast.susanne)
    assert (stored.answer, stored.answer_is_for_earlier_date) == (answer, True)


def test_who_had_answered_before_is_still_asked_about_the_new_place(invited: Meeting, cast: World) -> None:
    row = row_of(invited, cast.susanne)
    answers.answer(row, answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=NOON - HOUR)
    elsewhere(invited, cast)

    assert result(says_yes(invited, cast)) == ("applied", "earlier_date", "filed")
    assert row_of(invited, cast.susanne).answer_is_for_earlier_date is True


def test_answer_after_the_news_has_left_is_for_the_new_place(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    elsewhere(invited, cast)
    sending.deliver(relay, at=NOON + MINUTE)
    said = reply(invited, cast.susanne, stamp=NOON + HOUR)

    assert result(receive(mail_programs.outlook(said), at=NOON + HOUR)) == ("applied", "answered", "filed")
    assert row_of(invited, cast.susanne).answer_is_for_earlier_date is False


def test_place_with_a_better_name_is_the_same_place(invited: Meeting, cast: World) -> None:
    Venue.objects.filter(pk=cast.venue.pk).update(name="Haus am Markt, großer Saal")

    assert result(says_yes(invited, cast)) == ("applied", "answered", "filed")
