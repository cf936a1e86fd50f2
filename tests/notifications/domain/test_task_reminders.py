"""Reminders of tasks: two at most, one mail a person, none to whoever has said how it stands."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import automatic_mail_time
from buendnisse.models import Change, Person
from meetings.domain import action_items, task_reminders
from meetings.enums import Happened
from meetings.models import ActionItem
from notifications.domain import dispatch, render
from notifications.domain.letter import NothingToSay
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from tests.meetings import held
from tests.notifications.mail_snapshots_of import _TOKEN, kept

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
DUE = dt.date(2027, 4, 1)  # the week before it begins in winter time, the clocks change on 28 March
BEFORE = automatic_mail_time(DUE - 7 * DAY)
LATE = automatic_mail_time(DUE + DAY)


@pytest.fixture
def stage() -> held.Held:
    """Minutes are out; Susanne has taken two tasks."""
    return held.circulated()


def task(stage: held.Held, words: str = "Fahrplan erfragen", due_on: dt.date = DUE) -> ActionItem:
    return ActionItem.objects.create(
        alliance=stage.world.arbeit,
        meeting=stage.meeting,
        agenda_item=stage.bus,
        owner=stage.world.susanne,
        organisation=stage.world.susanne.organisation,
        task=words,
        due_on=due_on,
    )


def ring(at: dt.datetime) -> list[OutboxMessage]:
    """Remind and write; the mails that wait, of which a later one replaced the earlier."""
    task_reminders.remind(at=at)
    dispatch.fan_out(at=at)
    rows = OutboxMessage.objects.filter(kind="task_reminder", state=OutboxState.WAITING)
    return list(rows.select_related("person").order_by("pk"))


def reasons(action: ActionItem) -> list[str]:
    rows = Change.objects.of(action).filter(verb=Happened.ACTION_REMINDED).order_by("pk")
    return list(rows.values_list("reason", flat=True))


def report(action: ActionItem, by: Person, at: dt.datetime, **said: object) -> None:
    facts = {"state": "in_progress", "words": "Dauert."} | said
    action_items.report(action, **facts, version=action.version, by=by, at=at)  # type: ignore[arg-type]


def test_week_before_and_day_after_at_seven_and_never_again(stage: held.Held) -> None:
    action = task(stage)

    assert task_reminders.remind(at=BEFORE - dt.timedelta(seconds=1)) == 0
    assert [task_reminders.remind(at=BEFORE + n * MINUTE) for n in range(2)] == [1, 0]
    assert task_reminders.remind(at=LATE - dt.timedelta(seconds=1)) == 0
    assert [task_reminders.remind(at=LATE + n * DAY) for n in range(30)] == [1, *[0] * 29]

    assert reasons(action) == ["before", "late"]
    assert (BEFORE.hour, LATE.hour) == (6, 5)  # 07:00 in Berlin, before and after the clocks change


def test_all_that_is_due_is_one_mail(stage: held.Held) -> None:
    task(stage)
    task(stage, "Haltestellen nennen", DUE - DAY)

    (message,) = ring(BEFORE)

    rendered = render.render(message, at=BEFORE)
    text = _TOKEN.sub(r"/\1/…/", f"{rendered.subject}\n\n{rendered.text}")
    assert text == kept("task_reminder", text)


def test_last_reminder_says_that_it_is_the_last(stage: held.Held) -> None:
    task(stage)

    (message,) = ring(LATE)

    rendered = render.render(message, at=LATE)
    text = _TOKEN.sub(r"/\1/…/", f"{rendered.subject}\n\n{rendered.text}")
    assert text == kept("task_reminder_late", text)


def test_worker_down_for_a_week_writes_one_mail_and_the_old_reminder_expires(stage: held.Held) -> None:
    action = task(stage)

    assert len(ring(LATE + 3 * DAY)) == 1
    assert reasons(action) == ["late"]


def test_worker_down_for_longer_writes_none(stage: held.Held) -> None:
    task(stage)

    assert ring(LATE + task_reminders.stale()) == []


def test_who_reported_since_hears_nothing(stage: held.Held) -> None:
    action = task(stage)
    (message,) = ring(BEFORE)
    report(action, stage.world.susanne, BEFORE + MINUTE)

    with pytest.raises(NothingToSay):
        render.render(message, at=BEFORE + 2 * MINUTE)


@pytest.mark.parametrize("said", [{"state": "done"}, {"state": "open", "is_blocked": True}])
def test_done_or_impossible_is_not_asked_about(stage: held.Held, said: dict[str, object]) -> None:
    action = task(stage)
    report(action, stage.world.susanne, BEFORE - DAY, **said)

    assert (task_reminders.remind(at=BEFORE), task_reminders.remind(at=LATE)) == (0, 0)


def test_new_date_begins_anew(stage: held.Held) -> None:
    action = task(stage)
    task_reminders.remind(at=BEFORE)
    report(action, stage.world.susanne, BEFORE + MINUTE, new_due_on=DUE + 30 * DAY)

    assert task_reminders.remind(at=LATE) == 0
    assert task_reminders.remind(at=automatic_mail_time(DUE + 23 * DAY)) == 1
