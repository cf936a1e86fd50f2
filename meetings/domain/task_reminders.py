"""Reminding the owner of a task twice at most: a week before its day, and the day after. By rule, at 07:00.

At a weekend nobody is reminded: the first goes on the last working day before, the second on the first after. After that a line on the Schreibtisch: somebody calls. More mail is read less, and most owners do this beside their
work. A new date begins anew; whoever has said how it stands since is left alone.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import calendar_days, reminder_rules
from meetings.enums import Happened
from meetings.models import ActionItem
from meetings.models.action_item import ActionItemQuerySet
from meetings.models.minutes import NOT_OUT

_LONGEST_WEEKEND = dt.timedelta(days=7)


def remind(*, at: dt.datetime) -> int:
    """Record the reminders whose moment has come; the number of them."""
    rows = near(at=at).select_related("alliance").order_by("pk")
    return sum(_remind(action, at) for action in rows)


def ahead() -> dt.timedelta:
    """How long before its day the owner hears of a task; by rule a week."""
    return reminder_rules.days("task_before")


def late() -> dt.timedelta:
    """How long after it; by rule a day."""
    return reminder_rules.days("task_after")


def stale() -> dt.timedelta:
    """A reminder that could not be sent for longer than this is not made up for: the Schreibtisch says it anyway."""
    return reminder_rules.days("expires_days")


def near(*, at: dt.datetime) -> ActionItemQuerySet:
    """Open tasks whose day is near or just over, and that their owners know of; `stage` says of which it is time to remind."""
    today = local_date(at)
    rows = ActionItem.objects.open().filter(is_blocked=False)
    first, last = today - late() - stale() - _LONGEST_WEEKEND, today + ahead() + _LONGEST_WEEKEND
    rows = rows.filter(due_on__gte=first, due_on__lte=last)
    return known(rows)


def known(rows: ActionItemQuerySet) -> ActionItemQuerySet:
    """Those their owners have read of: the minutes are out."""
    return rows.exclude(meeting__minutes__state__in=NOT_OUT)


def has_said(action: ActionItem) -> bool:
    """Whether the owner has said how it stands since the first reminder was due."""
    return action.reported_at is not None and action.reported_at >= moment(action, "before")


def stage(action: ActionItem, *, at: dt.datetime) -> str:
    """ "late" or "before" where the owner should hear of it now; the later one where both are due, else nothing."""
    for reason in ("late", "before"):
        due = moment(action, reason)
        if due <= at < due + stale():
            return "" if action.reported_at is not None and action.reported_at >= due else reason
    return ""


def moment(action: ActionItem, reason: str) -> dt.datetime:
    """When the reminder of this stage is due: 07:00 on its day, or on the working day beside it."""
    if reason == "late":
        return automatic_mail_time(calendar_days.working_day_from(action.due_on + late()))
    return automatic_mail_time(calendar_days.working_day_until(action.due_on - ahead()))


def facts(action: ActionItem) -> dict[str, object]:
    """What makes a reminder this one: a new day or a new owner begins anew."""
    return {"due_on": action.due_on.isoformat(), "owner": action.owner_id}


def _remind(action: ActionItem, at: dt.datetime) -> int:
    reason, told = stage(action, at=at), facts(action)
    if not reason:
        return 0
    before = Change.objects.of(action).filter(verb=Happened.ACTION_REMINDED, reason=reason)
    if before.filter(data__due_on=told["due_on"], data__owner=told["owner"]).exists():
        return 0
    with transaction.atomic():
        journal.record(
            Happened.ACTION_REMINDED,
            action,
            at=moment(action, reason),
            by=None,
            via=Via.RULE,
            body=action.alliance,
            reason=reason,
            data=told,
        )
    return 1
