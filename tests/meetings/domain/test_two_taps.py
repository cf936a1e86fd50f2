"""Two taps at once on PostgreSQL: whoever comes second waits for the first and sees what it did."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from buendnisse.models import Person
from meetings.domain import answers, in_session, session
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from tests import groups
from tests.meetings import held
from tests.meetings.held import AT, DAY

pytestmark = pytest.mark.django_db(transaction=True)

#: The first holds its transaction open so long, or until the second is through.
OVERLAP = 0.3


@pytest.fixture(autouse=True)
def two_writers() -> None:
    """SQLite lets only one in at all."""
    groups.require("postgresql")


def both(*taps: Callable[[], object]) -> list[str]:
    """Run them at once, each in a transaction that stays open while the other may go on; what each ended with."""
    meet, said = threading.Barrier(len(taps)), [""] * len(taps)

    def run(place: int, tap: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                tap()
                with contextlib.suppress(threading.BrokenBarrierError):
                    meet.wait(OVERLAP)
            said[place] = "done"
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test shows it
            said[place] = f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(taps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return said


def invited(now: held.Held) -> Callable[[], Attendance]:
    """The meeting is still to come; Susanne's row, loaded anew by each tap."""
    Meeting.objects.filter(pk=now.meeting.pk).update(state="invited")
    rows = Attendance.objects.select_related("meeting__alliance", "person")
    return lambda: rows.get(person=now.world.susanne)


def test_member_and_deputy_are_recorded_at_once() -> None:
    now = held.running()
    said = {"by": now.world.imke, "at": AT}

    ended = both(
        lambda: session.record_presence(now.row("susanne"), presence="present", **said),
        lambda: session.record_presence(now.row("rolf"), presence="deputy", **said),
    )

    assert ended == ["done", "done"]
    assert [now.row(name).casts_vote for name in ("susanne", "rolf")] == [True, False]


def test_deputy_is_named_twice_at_once() -> None:
    now = held.running()
    member = invited(now)
    Attendance.objects.filter(person=now.world.rolf).delete()
    said = {"via": "mail_link", "by": now.world.susanne, "at": now.meeting.start - 5 * DAY}

    def tap() -> object:
        return answers.name_deputy(member(), person=now.world.rolf, **said)

    assert both(tap, tap) == ["done", "done"]
    assert Attendance.objects.filter(stands_in_for__isnull=False).count() == 1


def test_deputy_is_named_while_the_telephone_says_yes() -> None:
    now = held.running()
    member = invited(now)
    at = now.meeting.start - 5 * DAY

    ended = both(
        lambda: answers.name_deputy(member(), person=now.world.rolf, via="mail_link", by=now.world.susanne, at=at),
        lambda: answers.answer(member(), answer=Answer.ACCEPTED, via="phone", by=now.world.imke, at=at),
    )

    row = member()
    is_represented = answers.deputy_of(row) is not None
    assert ended == ["done", "done"]
    assert is_represented == (row.answer == Answer.DECLINED)


def test_guest_is_welcomed_twice_at_once() -> None:
    now = held.running()
    said = {"first_name": "Femke", "last_name": "Nyland", "organisation": now.world.corinna.organisation}
    key = uuid.uuid4()

    def tap() -> object:
        return in_session.welcome(now.meeting, **said, channel="on_site", by=now.world.imke, at=AT, form_key=key)

    assert both(tap, tap) == ["done", "done"]
    assert Person.objects.filter(last_name="Nyland").count() == 1
