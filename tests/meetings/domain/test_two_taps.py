"""Two taps at once on PostgreSQL: whoever comes second waits for the first and sees what it did."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from buendnisse.models import Person
from meetings.domain import answers, in_session, session
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from tests.meetings import held
from tests.meetings.held import AT, DAY
from tests.support.two_writers import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("two_writers")]


def invited(now: held.Held) -> Callable[[], Attendance]:
    """The meeting is still to come; Susanne's row, loaded anew by each tap."""
    Meeting.objects.filter(pk=now.meeting.pk).update(state="invited")
    rows = Attendance.objects.select_related("meeting__alliance", "person")
    return lambda: rows.get(person=now.world.susanne)


def test_member_and_deputy_are_recorded_at_once() -> None:
    now = held.running()
    said = {"by": now.world.imke, "at": AT}

    raised = at_once(
        lambda: session.record_presence(now.row("susanne"), presence="present", **said),
        lambda: session.record_presence(now.row("rolf"), presence="deputy", **said),
    )

    assert raised == ["", ""]
    assert [now.row(name).casts_vote for name in ("susanne", "rolf")] == [True, False]


def test_deputy_is_named_twice_at_once() -> None:
    now = held.running()
    member = invited(now)
    Attendance.objects.filter(person=now.world.rolf).delete()
    said = {"via": "mail_link", "by": now.world.susanne, "at": now.meeting.start - 5 * DAY}

    def tap() -> object:
        return answers.name_deputy(member(), person=now.world.rolf, **said)

    assert at_once(tap, tap) == ["", ""]
    assert Attendance.objects.filter(stands_in_for__isnull=False).count() == 1


def test_deputy_is_named_while_the_telephone_says_yes() -> None:
    now = held.running()
    member = invited(now)
    at = now.meeting.start - 5 * DAY

    raised = at_once(
        lambda: answers.name_deputy(member(), person=now.world.rolf, via="mail_link", by=now.world.susanne, at=at),
        lambda: answers.answer(member(), answer=Answer.ACCEPTED, via="phone", by=now.world.imke, at=at),
    )

    row = member()
    is_represented = answers.deputy_of(row) is not None
    assert raised == ["", ""]
    assert is_represented == (row.answer == Answer.DECLINED)


def test_guest_is_welcomed_twice_at_once() -> None:
    now = held.running()
    said = {"first_name": "Femke", "last_name": "Nyland", "organisation": now.world.corinna.organisation}
    key = uuid.uuid4()

    def tap() -> object:
        return in_session.welcome(now.meeting, **said, channel="on_site", by=now.world.imke, at=AT, form_key=key)

    assert at_once(tap, tap) == ["", ""]
    assert Person.objects.filter(last_name="Nyland").count() == 1
