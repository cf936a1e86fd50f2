"""Letters about tasks: the reminder, all that is due for one person in one mail, and the task one takes over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from buendnisse.clock import local_date
from buendnisse.enums import LinkPurpose
from meetings.domain import task_list, task_reminders
from meetings.models import ActionItem
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class DueTask:
    action: ActionItem
    url: str
    is_late: bool


def reminder(message: OutboxMessage, at: dt.datetime) -> Letter:
    """Those it is for; over for each that was reported since, and as a whole where none is left."""
    near = task_reminders.near(at=at).filter(owner=message.person_id)
    if "only" in message.data:
        near = near.filter(pk__in=message.data["only"])
    rows = task_list.shown(near, reader=message.person, at=at)
    due = [
        DueTask(
            action,
            urls_for.personal(message.person, purpose=LinkPurpose.TASK, subject=action, at=at),
            is_late=action.due_on < local_date(at),
        )
        for action in rows.order_by("due_on", "pk")
        if task_reminders.stage(action, at=at)
    ]
    if not due:
        raise NothingToSay
    context = {"tasks": due, "is_last": all(one.is_late for one in due), "body": due[0].action.alliance}
    return Letter("task_reminder", context, matter=due[0].action if len(due) == 1 else None)


def handed_over(message: OutboxMessage, at: dt.datetime) -> Letter:
    """To whoever takes over. Over where the task went on to somebody else, or is done."""
    rows = ActionItem.objects.open().filter(pk=message.data["action"], owner=message.person_id)
    action = task_list.shown(rows, reader=message.person, at=at).first()
    if action is None:
        raise NothingToSay
    url = urls_for.personal(message.person, purpose=LinkPurpose.TASK, subject=action, at=at)
    return Letter("task_handed_over", {"action": action, "url": url, "body": action.alliance}, matter=action)


COMPOSERS: dict[str, Composer] = {MailKind.TASK_REMINDER: reminder, MailKind.TASK_HANDED_OVER: handed_over}
