"""The journal of two years: what happened, when, by whom and by which way, all of it told already."""

from __future__ import annotations

from collections.abc import Iterator

from buendnisse.config.demo.history import meeting_changes, outcome_changes, relay_changes, task_changes
from buendnisse.config.demo.stage import START, Stage
from buendnisse.models import Change
from notifications.models import Dispatch


class TooLate(Exception):
    """The demo would know something that has not happened yet."""


def load(stage: Stage) -> None:
    """Write the Changes in the order they happened, and beside each that its mail is done."""
    changes = sorted(_all(stage), key=lambda change: change.at)
    if changes[-1].at > START:
        raise TooLate(str(changes[-1]))
    Change.objects.bulk_create(changes)
    Dispatch.objects.bulk_create([Dispatch(change=change, at=change.at) for change in changes])


def _all(stage: Stage) -> Iterator[Change]:
    yield from meeting_changes.all_of(stage)
    yield from outcome_changes.all_of(stage)
    yield from relay_changes.all_of(stage)
    yield from task_changes.reminders()
