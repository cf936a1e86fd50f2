"""A mail is read while somebody else writes, on PostgreSQL: whoever comes second waits, and knows what the first did."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from buendnisse.enums import Via
from meetings.domain import answers, planning, telephone_answers
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import tray_settling
from tests import groups
from tests.notifications import inbound_mail
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, receive, reply, row_of
from tests.support import mail_programs
from tests.support.two_writers import at_once
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

WEEK = dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def _two_writers(settings: Any) -> None:
    groups.require("postgresql")  # SQLite lets only one in at all
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def one_after_the_other(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """The second begins when the first has written and before it is through."""
    has_written = threading.Event()

    def write() -> None:
        first()
        has_written.set()

    def follow() -> None:
        has_written.wait(10)
        second()

    return at_once(write, follow)


def move(meeting: Meeting, cast: World) -> None:
    planning.move_date(
        meeting,
        start=meeting.start + WEEK,
        end=meeting.end + WEEK,
        venue=meeting.venue,
        version=meeting.version,
        by=cast.imke,
        at=NOON,
        conflict_reason="passt",
    )


def test_older_yes_that_is_read_meanwhile_does_not_undo_a_no_on_the_web(invited: Meeting, cast: World) -> None:
    row = row_of(invited, cast.susanne)
    raw = mail_programs.outlook(reply(invited, cast.susanne))

    raised = one_after_the_other(
        lambda: answers.answer(row, answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=NOON),
        lambda: receive(raw, at=NOON + MINUTE),
    )

    assert (raised, row_of(invited, cast.susanne).answer) == (["", ""], "declined")


def test_answer_that_is_read_while_the_meeting_moves_is_for_the_earlier_date(invited: Meeting, cast: World) -> None:
    raw = mail_programs.outlook(reply(invited, cast.susanne))
    meeting = Meeting.objects.select_related("alliance", "venue").get(pk=invited.pk)

    raised = one_after_the_other(lambda: move(meeting, cast), lambda: receive(raw, at=NOON + MINUTE))

    row = row_of(invited, cast.susanne)
    assert (raised, row.answer, row.answer_is_for_earlier_date) == (["", ""], "accepted", True)


def locked_by(act: Callable[[], object]) -> list[str]:
    """The tables whose rows it holds, in the order it takes them."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "FOR UPDATE" in sql:
            found.extend(re.findall(r'FROM "(\w+)"', sql)[:1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        act()
    return list(dict.fromkeys(found))


def test_everybody_who_answers_takes_the_meeting_first(invited: Meeting, cast: World) -> None:
    """As a move does, which then wants all answers: in another order two of them would wait for each other."""
    first = ["meetings_meeting", "notifications_invitation", "meetings_attendance"]
    raw = mail_programs.nextcloud(reply(invited, cast.susanne))
    assert locked_by(lambda: receive(raw)) == first

    row = tray_settling.InboundMessage.objects.get()
    put_back = ["meetings_meeting", "notifications_invitation", "notifications_inboundmessage", "meetings_attendance"]
    assert locked_by(lambda: tray_settling.reject(row, by=cast.imke, at=NOON + HOUR)) == put_back

    stranger = receive(mail_programs.gmail(reply(invited, cast.susanne, attendee="kai@bbs.example", number=2)))
    own = Attendance.objects.select_related("meeting__alliance", "person").get(meeting=invited, person=cast.susanne)

    def by_hand() -> None:
        tray_settling.enter(stranger, own, Answer.ACCEPTED, version=1, by=cast.imke, at=NOON + HOUR)

    own.refresh_from_db()
    assert locked_by(by_hand) == put_back
    said = {"answer": Answer.DECLINED, "comment": "", "deputy": None, "version": None, "by": cast.imke, "at": NOON}
    assert locked_by(lambda: telephone_answers.enter(own, **said)) == ["meetings_meeting", "meetings_attendance"]


def test_meeting_moves_while_an_answer_is_read(invited: Meeting, cast: World) -> None:
    answers.answer(
        row_of(invited, cast.susanne), answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE
    )
    raw = mail_programs.outlook(reply(invited, cast.susanne))
    meeting = Meeting.objects.select_related("alliance", "venue").get(pk=invited.pk)

    raised = one_after_the_other(lambda: receive(raw), lambda: move(meeting, cast))

    row = row_of(invited, cast.susanne)
    assert (raised, row.answer, row.answer_is_for_earlier_date) == (["", ""], "accepted", True)


def test_answer_is_taken_back_while_a_proven_one_is_read(invited: Meeting, cast: World) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    stamp = mail_programs.STAMP + MINUTE
    proven = mail_programs.outlook(reply(invited, cast.susanne, partstat="TENTATIVE", stamp=stamp, number=2))

    raised = one_after_the_other(
        lambda: receive(proven, at=NOON + MINUTE),
        lambda: tray_settling.reject(row, by=cast.susanne, at=NOON + HOUR, via=Via.LINK),
    )

    assert raised == ["", "NotSettled"]
    assert row_of(invited, cast.susanne).answer == Answer.TENTATIVE
