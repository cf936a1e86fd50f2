"""Tasks: reminders, one mail a person however many are due, and the link for whoever takes one over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.models import Change, Person
from meetings.domain import action_items
from meetings.enums import Happened
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def reminded(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """One for each task; what is due for one person goes together (`calm`), and a later one of a task replaces an earlier."""
    owner = Person.objects.filter(pk=change.data["owner"]).first()
    if owner is not None:
        pk = change.subject_id
        data = {"only": [pk], "about": f"{change.data['due_on']}.{change.reason}"}
        yield Draft(MailKind.TASK_REMINDER, owner, matter=f"task:{pk}", data=data)


def handed_over(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Whoever takes over gets a link of her own; the former owner's has ended. A successor reads it in the welcome."""
    if change.reason == action_items.IN_SUCCESSION:
        return
    owner = Person.objects.filter(pk=change.data["owner"]).first()
    if owner is not None:
        pk = change.subject_id
        yield Draft(MailKind.TASK_HANDED_OVER, owner, matter=f"task_handed_over:{pk}", data={"action": pk})


HANDLERS: dict[str, Handler] = {Happened.ACTION_REMINDED: reminded, Happened.ACTION_HANDED_OVER: handed_over}
