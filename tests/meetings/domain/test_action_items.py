import datetime as dt

import pytest

from buendnisse.models import Change
from meetings.domain import action_items, decisions, open_minutes
from meetings.domain.versions import Stale
from meetings.models import ActionItem
from tests.meetings import held
from tests.meetings.held import AT

pytestmark = pytest.mark.django_db

DUE = dt.date(2026, 12, 11)


def assign(now: held.Held, **kwargs: object) -> ActionItem:
    fields = {"owner": now.world.susanne, "task": "Fahrplan erfragen", "due_on": DUE, "by": now.world.imke, "at": AT}
    return action_items.assign(now.bus, **(fields | kwargs))  # type: ignore[arg-type]


def test_task_belongs_to_person_organisation_and_item() -> None:
    now = held.running()

    action = assign(now)

    assert (action.owner, action.organisation, action.agenda_item, action.meeting, action.state) == (
        now.world.susanne,
        now.world.susanne.organisation,
        now.bus,
        now.meeting,
        "open",
    )


def test_task_out_of_a_decision_knows_both() -> None:
    now = held.running()
    decision = decisions.adopt(now.bus, kind="consensus", text="Der Bus fährt.", by=now.world.imke, at=AT)

    action = action_items.assign(
        decision, owner=now.world.susanne, task="Fahrplan", due_on=DUE, by=now.world.imke, at=AT
    )

    assert (action.decision, action.agenda_item) == (decision, now.bus)


@pytest.mark.parametrize("wrong", [{"task": " "}, {"due_on": dt.date(2026, 11, 1)}])
def test_incomplete_task_is_refused(wrong: dict[str, object]) -> None:
    now = held.running()

    with pytest.raises(action_items.TaskIncomplete):
        assign(now, **wrong)


def test_task_after_circulation_is_refused() -> None:
    now = held.circulated()

    with pytest.raises(open_minutes.MinutesFrozen):
        assign(now)


def test_done_has_a_day_and_can_be_taken_back() -> None:
    now = held.running()
    action = assign(now)

    action_items.report(action, state="done", words="Liegt vor.", version=1, by=now.world.susanne, at=AT)
    stored = ActionItem.objects.get(pk=action.pk)
    assert (stored.state, stored.report, stored.completed_on) == ("done", "Liegt vor.", dt.date(2026, 11, 19))

    action_items.reopen(action, by=now.world.imke, at=AT)
    stored = ActionItem.objects.get(pk=action.pk)
    assert (stored.state, stored.completed_on) == ("open", None)


def test_longer_sets_a_new_date() -> None:
    now = held.running()
    action = assign(now)

    action_items.report(
        action, state="in_progress", words="", version=1, new_due_on=dt.date(2027, 1, 15), by=now.world.susanne, at=AT
    )

    stored = ActionItem.objects.get(pk=action.pk)
    assert (stored.state, stored.due_on) == ("in_progress", dt.date(2027, 1, 15))
    assert [change.reason for change in Change.objects.of(action).filter(verb="action.reported")] == ["in_progress"]


def test_new_date_in_the_past_is_refused() -> None:
    now = held.running()

    with pytest.raises(action_items.TaskIncomplete):
        action_items.report(
            assign(now),
            state="in_progress",
            words="",
            version=1,
            new_due_on=dt.date(2026, 1, 1),
            by=now.world.susanne,
            at=AT,
        )


def test_what_cannot_be_done_stays_open_and_says_so() -> None:
    now = held.running()
    action = assign(now)

    action_items.report(
        action, state="open", words="Kein Personal.", version=1, is_blocked=True, by=now.world.susanne, at=AT
    )

    stored = ActionItem.objects.get(pk=action.pk)
    assert (stored.state, stored.is_blocked, stored.report) == ("open", True, "Kein Personal.")


def test_dropping_a_task_needs_a_reason() -> None:
    now = held.running()

    with pytest.raises(action_items.TaskIncomplete):
        action_items.report(assign(now), state="cancelled", words="", version=1, by=now.world.imke, at=AT)


def test_report_from_done_to_cancelled_passes_open() -> None:
    now = held.running()
    action = assign(now)
    action_items.report(action, state="done", words="", version=1, by=now.world.imke, at=AT)

    action_items.report(action, state="cancelled", words="Entfällt.", version=2, by=now.world.imke, at=AT)

    assert ActionItem.objects.get(pk=action.pk).state == "cancelled"


def test_handed_over_task_belongs_to_the_other() -> None:
    now = held.running()
    action = assign(now)

    action_items.hand_over(action, to=now.world.birgit, version=1, by=now.world.imke, at=AT)

    stored = ActionItem.objects.get(pk=action.pk)
    assert (stored.owner, stored.handed_over_from, stored.organisation) == (
        now.world.birgit,
        now.world.susanne,
        now.world.birgit.organisation,
    )
    with pytest.raises(action_items.NotTheOwner):
        action_items.require_owner(stored, now.world.susanne)


def test_report_over_another_one_is_refused_and_changes_nothing() -> None:
    now = held.running()
    action = assign(now)
    mine = ActionItem.objects.get(pk=action.pk)
    action_items.report(action, state="done", words="Von ihr.", version=1, by=now.world.susanne, at=AT)

    with pytest.raises(Stale) as refused:
        action_items.report(mine, state="open", words="Von mir.", version=1, by=now.world.imke, at=AT)

    stored = ActionItem.objects.get(pk=action.pk)
    assert (stored.state, stored.report, refused.value.current) == ("done", "Von ihr.", stored)


def test_same_report_tapped_twice_is_one() -> None:
    now = held.running()
    action = assign(now)

    for _tap in range(2):
        tapped = ActionItem.objects.get(pk=action.pk)
        action_items.report(tapped, state="done", words="Liegt vor.", version=1, by=now.world.susanne, at=AT)

    assert Change.objects.of(action).filter(verb="action.reported").count() == 1
    assert ActionItem.objects.get(pk=action.pk).version == 2


def test_slip_is_gone_within_a_minute_and_stands_afterwards() -> None:
    now = held.running()
    slip, task = assign(now), assign(now, task="Raum anfragen")
    minute = dt.timedelta(minutes=1)

    action_items.take_back(slip, by=now.world.imke, at=AT + minute / 2)
    action_items.take_back(slip, by=now.world.imke, at=AT + minute / 2)  # a second tap
    with pytest.raises(action_items.TaskIncomplete, match="Die Minute ist vorbei"):
        action_items.take_back(task, by=now.world.imke, at=AT + minute)

    assert list(ActionItem.objects.values_list("pk", flat=True)) == [task.pk]
    assert Change.objects.filter(verb="action.taken_back").count() == 1


def test_task_somebody_reported_on_is_no_slip() -> None:
    now = held.running()
    task = assign(now)
    action_items.report(task, state="done", words="", version=1, by=now.world.susanne, at=AT)

    with pytest.raises(action_items.TaskIncomplete):
        action_items.take_back(task, by=now.world.imke, at=AT)
