"""Two people at the minutes in the same moment: nothing is lost, and nothing is left half done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from meetings.domain import attendance_list, minutes, objections, session
from meetings.domain.corrections import Correction
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import MinutesState, Presence
from meetings.models import AgendaItem, Attendance, Objection
from tests.meetings import held
from tests.meetings.held import DAY, LATER
from tests.support.two_writers import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("two_writers")]


def answer(now: held.Held, objection: Objection, old: str, new: str) -> Callable[[], object]:
    return lambda: objections.resolve(
        Objection.objects.get(pk=objection.pk), accept=True, resolution="Ja.", changed_from=old, changed_to=new,
        by=now.world.imke, at=LATER + 2 * DAY,
    )  # fmt: skip


def test_two_answers_at_once_give_one_version_with_both() -> None:
    now = held.circulated()
    one = held.contest(now, "Erstens")
    two = objections.contest(now.minutes, by=now.world.rolf, agenda_item=now.bus, text="Zweitens", at=LATER + DAY)

    raised = at_once(answer(now, one, "20. Januar", "21. Januar"), answer(now, two, "abends", "nachts"))

    assert raised == ["", ""]
    assert (now.minutes.state, now.minutes.versions.count()) == (MinutesState.CIRCULATED, 2)
    text = "Der Rufbus fährt ab dem 21. Januar auch nachts."
    assert now.minutes.versions.get(number=2).content["items"][1]["result"] == text
    assert AgendaItem.objects.get(pk=now.bus.pk).result == text


def test_objection_that_comes_with_the_last_answer_keeps_the_minutes_contested_or_waits_for_the_next() -> None:
    now = held.circulated()
    one = held.contest(now)
    late = now.minutes

    raised = at_once(
        answer(now, one, "20. Januar", "21. Januar"),
        lambda: objections.contest(late, by=now.world.rolf, text="Noch etwas", at=LATER + 2 * DAY),
    )

    assert raised == ["", ""]
    assert now.minutes.state == MinutesState.CONTESTED
    assert Objection.objects.filter(state="open").count() == 1


def test_result_written_while_the_minutes_leave_is_in_them_or_refused() -> None:
    now = held.over()
    item = AgendaItem.objects.get(pk=now.bus.pk)
    leaving = now.minutes

    raised = at_once(
        lambda: minutes.circulate(leaving, by=now.world.imke, at=LATER, reason="Test"),
        lambda: session.record_result(item, result="Spät.", version=item.version, by=now.world.imke, at=LATER),
    )

    stored = AgendaItem.objects.get(pk=item.pk).result
    assert now.minutes.versions.get().content["items"][1]["result"] == stored
    assert raised[1] == ("" if stored == "Spät." else MinutesFrozen.__name__)


def test_sending_twice_at_once_is_one_version() -> None:
    now = held.over()
    rows = [now.minutes, now.minutes]

    raised = at_once(
        *(lambda row=row: minutes.circulate(row, by=now.world.imke, at=LATER, reason="Test") for row in rows)  # type: ignore[misc]
    )

    assert sorted(raised) == ["", "MinutesFrozen"]
    assert now.minutes.versions.count() == 1


@pytest.mark.parametrize("way", ["tap", "list"])
def test_attendance_is_put_right_by_an_answer_while_somebody_still_taps(way: str) -> None:
    """Both want the minutes and the row: whoever comes first gets both, and nobody waits for the other for ever."""
    now = held.circulated()
    objection = held.contest(now, "Rolf war da.")
    row, said = now.row("rolf"), {"by": now.world.imke, "at": LATER + 2 * DAY}
    entry = attendance_list.Entry(row, row.version, Presence.ABSENT, "", None, None)

    def tap() -> None:
        if way == "tap":
            session.record_presence(now.row("rolf"), presence=Presence.ABSENT, version=row.version, **said)
        else:
            attendance_list.record(now.meeting, [entry], **said)

    correct = Correction(attendance=(row, Presence.PRESENT))
    raised = at_once(
        lambda: objections.resolve(
            Objection.objects.get(pk=objection.pk), accept=True, resolution="Ja.", correction=correct, **said
        ),
        tap,
    )

    assert raised == ["", "MinutesFrozen"]
    assert Attendance.objects.get(pk=row.pk).presence == Presence.PRESENT


def test_meeting_is_opened_again_while_its_minutes_go_to_the_chair() -> None:
    now = held.over()
    draft, meeting = now.minutes, now.meeting

    raised = at_once(
        lambda: minutes.submit_to_chair(draft, by=now.world.imke, at=LATER),
        lambda: session.reopen(meeting, by=now.world.imke, at=LATER),
    )

    meeting.refresh_from_db()
    assert (sorted(raised), meeting.state, now.minutes.state) in [
        (["", "AlreadyCirculated"], "held", MinutesState.IN_REVIEW),
        (["", "NotYet"], "in_session", MinutesState.DRAFT),
    ]
