"""What the rules will set off within the next days: they are asked as if it were then, and all is taken back."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction

from buendnisse.models import Change
from meetings.domain import (
    answer_reminders,
    calls,
    circular_reminders,
    decision_reminders,
    relay_reminders,
    reminder_rules,
    task_reminders,
)
from notifications.domain import calm_parts, calm_rules, mail_ahead, valve
from notifications.domain.calm_parts import Part
from notifications.domain.dispatching import HANDLERS
from notifications.domain.draft import Draft
from notifications.domain.own_words import INTRODUCTION

logger = logging.getLogger(__name__)

RULES = (
    calls.open_and_close_due,
    calls.remind_due,
    answer_reminders.remind,
    circular_reminders.remind,
    relay_reminders.remind,
    task_reminders.remind,
    decision_reminders.remind,
)


def ahead(at: dt.datetime) -> dict[int, list[Part]]:
    """By person, each with its own day.

    Not what is about a meeting whose mail is held back, and not what somebody has held back or put words into: that
    goes on its day.
    """
    later = at + reminder_rules.days("together_days") - dt.timedelta(seconds=1)
    found: dict[int, dict[tuple[str, ...], Part]] = defaultdict(dict)
    held = valve.held_meetings()
    newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with transaction.atomic():
            for rule in RULES:
                rule(at=later)
            for change in Change.objects.filter(pk__gt=newest).order_by("pk"):
                for draft in _drafts(change, later):
                    if not draft.person.wants_mail or not calm_rules.may_come_early(draft.kind, draft.data):
                        continue
                    part = calm_parts.ahead(draft, change.at)
                    if not held & part.meetings:
                        found[draft.person.pk].setdefault(part.covers, part)
            transaction.set_rollback(True)
    except Exception:
        logger.exception("no look at what is due soon; each goes on its own day")
        return {}
    return {person: list(parts.values()) for person, parts in found.items()}


def _drafts(change: Change, at: dt.datetime) -> Iterator[Draft]:
    handler = HANDLERS.get(change.verb)
    for draft in mail_ahead.decided(handler(change, at), change) if handler else ():
        if not draft.is_stopped and INTRODUCTION not in draft.data:
            yield draft
