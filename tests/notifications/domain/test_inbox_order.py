"""Which of several answers counts: the newest to the date as it is now."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from buendnisse.enums import Via
from meetings.domain import answers, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.models import Invitation
from tests.notifications import sending
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, receive, reply, result, row_of, said_on_page
from tests.support import mail_programs, smtp_sink
from tests.support.mail_programs import STAMP
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def test_late_mail_does_not_undo_an_answer_on_the_web(invited: Meeting, cast: World) -> None:
    row = row_of(invited, cast.susanne)
    answers.answer(row, answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=STAMP + MINUTE)

    late = receive(mail_programs.outlook(reply(invited, cast.susanne)))
    assert (result(late), row_of(invited, cast.susanne).answer) == (("duplicate", "overtaken", "filed"), "declined")

    newer = receive(mail_programs.outlook(reply(invited, cast.susanne, stamp=STAMP + HOUR, number=2)))
    assert (result(newer), row_of(invited, cast.susanne).answer) == (("applied", "answered", "filed"), "accepted")


def test_answers_out_of_order(invited: Meeting, cast: World) -> None:
    newer = reply(invited, cast.susanne, partstat="DECLINED", stamp=STAMP + HOUR, number=2)
    receive(mail_programs.gmail(newer))

    assert result(receive(mail_programs.gmail(reply(invited, cast.susanne)))) == ("duplicate", "overtaken", "filed")
    assert result(receive(mail_programs.gmail(newer.but(number=3)))) == ("duplicate", "overtaken", "filed")
    assert row_of(invited, cast.susanne).answer == Answer.DECLINED


def test_clock_that_runs_far_ahead_does_not_shut_out_later_answers(invited: Meeting, cast: World) -> None:
    ahead = reply(invited, cast.susanne, stamp=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    receive(mail_programs.gmail(ahead))

    later = reply(invited, cast.susanne, partstat="DECLINED", stamp=NOON + 2 * dt.timedelta(days=1), number=2)
    row = receive(mail_programs.gmail(later), at=NOON + 2 * dt.timedelta(days=1))

    assert (row.reason, row_of(invited, cast.susanne).answer) == ("answered", "declined")


def test_missing_stamp_is_the_date_of_the_mail(invited: Meeting, cast: World) -> None:
    raw = mail_programs.apple(reply(invited, cast.susanne)).replace(b"DTSTAMP:", b"X-STAMP:")

    receive(raw)

    assert Invitation.objects.get(person=cast.susanne).last_reply_stamp == STAMP


def move(meeting: Meeting, cast: World, at: dt.datetime) -> None:
    day = dt.timedelta(days=7)
    planning.move_date(
        Meeting.objects.get(pk=meeting.pk),
        start=meeting.start + day,
        end=meeting.end + day,
        venue=cast.venue,
        version=Meeting.objects.get(pk=meeting.pk).version,
        conflict_reason="passt",
        by=cast.imke,
        at=at,
    )


def test_answer_to_the_earlier_date_leaves_the_person_asked(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    said = reply(invited, cast.susanne, stamp=NOON + 2 * HOUR)
    move(invited, cast, NOON)
    sending.deliver(relay, at=NOON + MINUTE)

    row = receive(mail_programs.outlook(said), at=NOON + 3 * HOUR)

    assert result(row) == ("applied", "earlier_date", "filed")
    stored = row_of(invited, cast.susanne)
    assert (stored.answer, stored.answer_is_for_earlier_date) == ("accepted", True)
    assert said_on_page(invited, cast.susanne)[0] == "vorher: kommt"


def test_answer_before_the_news_of_a_move_has_left_is_for_the_earlier_date(invited: Meeting, cast: World) -> None:
    move(invited, cast, NOON)

    assert result(receive(mail_programs.outlook(reply(invited, cast.susanne)))) == ("applied", "earlier_date", "filed")


def test_answer_to_an_earlier_version_does_not_undo_the_one_to_the_present(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    old = reply(invited, cast.susanne, partstat="DECLINED", stamp=NOON + 5 * HOUR, number=2)
    move(invited, cast, NOON)
    sending.deliver(relay, at=NOON + MINUTE)
    receive(mail_programs.outlook(reply(invited, cast.susanne, stamp=NOON + 2 * HOUR)), at=NOON + 2 * HOUR)

    row = receive(mail_programs.outlook(old), at=NOON + 5 * HOUR)

    assert result(row) == ("duplicate", "overtaken", "filed")  # a lower SEQUENCE, whatever the clock says
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def test_answer_to_an_earlier_version_after_one_on_the_web_is_for_the_fachstelle(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    old = reply(invited, cast.susanne, partstat="DECLINED", stamp=NOON + 5 * HOUR)
    move(invited, cast, NOON)
    sending.deliver(relay, at=NOON + MINUTE)
    row = row_of(invited, cast.susanne)
    answers.answer(row, answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=NOON + 2 * HOUR)

    found = receive(mail_programs.outlook(old), at=NOON + 5 * HOUR)

    assert result(found) == ("tray", "earlier_version", "open")
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def test_whatever_the_order_of_arrival_the_newest_answer_counts(invited: Meeting, cast: World) -> None:
    said = [
        reply(invited, cast.susanne, partstat=partstat, stamp=STAMP + hour * HOUR, number=hour)
        for hour, partstat in enumerate(["DECLINED", "TENTATIVE", "ACCEPTED"])
    ]
    for number, order in enumerate(itertools.permutations(said)):
        Attendance.objects.update(answer=Answer.PENDING, answered_at=None, answered_via="", comment="")
        Invitation.objects.update(last_reply_sequence=None, last_reply_stamp=None)
        for one in order:
            receive(mail_programs.gmail(one.but(number=100 * number + one.number)), at=NOON + 5 * HOUR)

        assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED, [one.number for one in order]
        assert Invitation.objects.get(person=cast.susanne).last_reply_stamp == STAMP + 2 * HOUR
