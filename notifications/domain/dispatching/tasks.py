"""Reminders of tasks: one mail a person, however many tasks are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.models import Change, Person
from meetings.enums import Happened
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def reminded(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """A later one replaces an earlier one that still waits: the letter names all that is due."""
    owner = Person.objects.filter(pk=change.data["owner"]).first()
    if owner is not None:
        yield Draft(MailKind.TASK_REMINDER, owner, matter="tasks")


HANDLERS: dict[str, Handler] = {Happened.ACTION_REMINDED: reminded}
