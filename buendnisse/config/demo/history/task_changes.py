"""Reminders of tasks whose day was near on the first morning."""

from __future__ import annotations

from collections.abc import Iterator

from buendnisse.config.demo.history.entry import change
from buendnisse.config.demo.stage import START
from buendnisse.models import Change
from meetings.domain import task_reminders
from meetings.enums import Happened


def reminders() -> Iterator[Change]:
    """At the hours they were due, so that the first ring has nothing to make up for."""
    for action in task_reminders.near(at=START).select_related("alliance").order_by("pk"):
        if reason := task_reminders.stage(action, at=START):
            yield change(
                Happened.ACTION_REMINDED,
                action,
                at=task_reminders.moment(action, reason),
                body=action.alliance,
                reason=reason,
                data=task_reminders.facts(action),
            )
