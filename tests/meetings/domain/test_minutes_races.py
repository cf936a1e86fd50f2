"""Two people at the minutes in the same moment: nothing is lost, and nothing is left half done."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from meetings.domain import minutes, objections, session
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import MinutesState
from meetings.models import AgendaItem, Minutes, Objection
from tests.meetings import held
from tests.meetings.held import DAY, LATER

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="two writers at once need the row locks of PostgreSQL"
    ),
]

_PATIENCE = 0.5  # s; the first waits so long for a second that is blocked by its lock


def at_once(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """Both in transactions that overlap; the names of what they raised, "" where they went through."""
    done, meet = ["", ""], threading.Barrier(2)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                act()
                with contextlib.suppress(threading.BrokenBarrierError):
                    meet.wait(_PATIENCE)
        except Exception as refused:  # noqa: BLE001 -- whatever it is, the test compares it
            done[place] = type(refused).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return done


def fresh(now: held.Held) -> Minutes:
    return now.minutes


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
    rows = [fresh(now), fresh(now)]

    raised = at_once(
        *(lambda row=row: minutes.circulate(row, by=now.world.imke, at=LATER, reason="Test") for row in rows)  # type: ignore[misc]
    )

    assert sorted(raised) == ["", "MinutesFrozen"]
    assert now.minutes.versions.count() == 1
