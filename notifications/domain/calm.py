"""Calm per person: what is due for somebody within a few days is one mail, and reminders have an upper limit.

Calls and reminders are written by their own rules (`dispatch`) and wait here until it is settled, person by person, in
one transaction each:

1. What another mail has said already (it was due so soon that it went along) is dropped.
2. Whoever wants to rest in the school holidays is reminded on the first school day after.
3. Reminders over the limit of a quarter are dropped: the letter with news names what is open, and the Schreibtisch
   says where somebody must ring up.
4. What is left goes as one mail, together with what will be due within the days of `ReminderRules.together_days`.

A ring that breaks off before that is made up for by the next one; what is settled is not looked at again.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from buendnisse.clock import at_local, automatic_mail_time, local, local_date
from buendnisse.enums import Office
from buendnisse.models import Change
from meetings.domain import (
    answer_reminders,
    calendar_days,
    calls,
    circular_reminders,
    decision_reminders,
    relay_reminders,
    reminder_rules,
    task_reminders,
)
from notifications.domain import calm_rules
from notifications.domain.dispatching import HANDLERS
from notifications.domain.draft import Draft
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

logger = logging.getLogger(__name__)

_ONE_DAY = dt.timedelta(days=1)
_MOST = 8  # things in one mail; more would be read by nobody
#: In the order of their weight: what is cut short when there are too many comes last.
_ORDER = (
    MailKind.BALLOT_REMINDER,
    MailKind.ANSWER_REMINDER,
    MailKind.RELAY,
    MailKind.TASK_REMINDER,
    MailKind.DECISION_DUE,
    MailKind.UNIT_REPORT,
    MailKind.CALL,
    MailKind.CALL_REMINDER,
)
_RULES = (
    calls.open_and_close_due,
    calls.remind_due,
    answer_reminders.remind,
    circular_reminders.remind,
    relay_reminders.remind,
    task_reminders.remind,
    decision_reminders.remind,
)


def settle(*, at: dt.datetime) -> int:
    """Settle all calls and reminders that wait for it and are due; the number of people."""
    waiting: dict[int, list[OutboxMessage]] = defaultdict(list)
    rows = OutboxMessage.objects.filter(is_settled=False, state=OutboxState.WAITING, not_before__lte=at)
    for message in rows.flowing().select_related("person").order_by("pk"):
        waiting[message.person_id].append(message)
    if not waiting:
        return 0
    ahead, said, counts = _ahead(at), _said(waiting, at), _reminded(waiting, at)
    for person, messages in waiting.items():
        has_had_all = counts[person] >= reminder_rules.current().per_quarter
        is_limited = has_had_all and messages[0].person.office != Office.FACHSTELLE
        _settle(messages, ahead.get(person, []), said[person], is_limited=is_limited, at=at)
    return len(waiting)


def _settle(
    messages: Sequence[OutboxMessage], ahead: Sequence[Draft], said: set[str], *, is_limited: bool, at: dt.datetime
) -> None:
    """`said`: what other mails told; `is_limited`: all reminders of the quarter have been."""
    person = messages[0].person
    with transaction.atomic():
        rest = [one for one in messages if _key(one) not in said]
        _drop([one for one in messages if one not in rest], "said")
        if person.quiet_in_holidays and (day := _next_school_day(at)) is not None:
            _put_off([one for one in rest if _is_reminder(one)], day)
            rest = [one for one in rest if not _is_reminder(one)]
        if is_limited:
            _drop([one for one in rest if _is_reminder(one)], "limit")
            rest = [one for one in rest if not _is_reminder(one)]
        if not rest:
            return
        own = {_key(one) for one in rest}
        soon = [draft for draft in ahead if _draft_key(draft) not in said | own]
        if is_limited:
            soon = [draft for draft in soon if not calm_rules.is_reminder(draft.kind, draft.data)]
        if len(rest) + len(soon) == 1:
            _alone(rest[0], at)
        else:
            _together(rest, soon, at)


def _alone(message: OutboxMessage, at: dt.datetime) -> None:
    said = calm_rules.covers(message.kind, message.matter, message.data)
    data = {**message.data, "covers": said, **_expires(message.not_before if _is_reminder(message) else None)}
    _settled([message]).update(is_settled=True, is_reminder=_is_reminder(message), data=data)


def _together(rest: Sequence[OutboxMessage], soon: Sequence[Draft], at: dt.datetime) -> None:
    """One mail in place of all of them. Its parts are composed when it leaves, so that it names what is open then."""
    parts = [_part(one, ahead=False) for one in rest] + [_part(one, ahead=True) for one in soon]
    parts.sort(key=lambda part: _ORDER.index(MailKind(part["kind"])))
    parts = parts[:_MOST]
    said = [key for part in parts for key in calm_rules.covers(part["kind"], part["matter"], part["data"])]
    reminds = any(calm_rules.is_reminder(part["kind"], part["data"]) for part in parts)
    asks_first = any(not calm_rules.is_reminder(part["kind"], part["data"]) for part in parts)
    first, latest = min(rest, key=lambda one: one.pk), max(one.not_before for one in rest)
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                kind=MailKind.REMINDERS,
                person=first.person,
                occasion=f"{MailKind.REMINDERS}:{first.occasion}",
                matter=MailKind.REMINDERS,
                meeting_id=next((one.meeting_id for one in rest if one.meeting_id), None),
                data={"parts": parts, "covers": said, **_expires(None if asks_first else latest)},
                is_reminder=reminds,
                state=OutboxState.WAITING,
                created_at=at,
                not_before=latest,
            )
        ],
        ignore_conflicts=True,
    )
    _drop(rest, "together")


def _part(one: OutboxMessage | Draft, *, ahead: bool) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "matter": one.matter,
        "meeting": one.meeting_id,
        "data": dict(one.data),
        "ahead": ahead,
    }


def _expires(at: dt.datetime | None) -> dict[str, str]:
    """Until when it is of use; a first question has no end of its own, its composer knows."""
    return {} if at is None else {"expires": (at + reminder_rules.days("expires_days")).isoformat()}


def _drop(messages: Sequence[OutboxMessage], why: str) -> None:
    for message in messages:
        _settled([message]).update(
            state=OutboxState.SUPERSEDED, is_settled=True, is_held=False, data={**message.data, "calm": why}
        )


def _put_off(messages: Sequence[OutboxMessage], day: dt.date) -> None:
    _settled(messages).update(not_before=automatic_mail_time(day))


def _settled(messages: Sequence[OutboxMessage]) -> OutboxMessageQuerySet:
    """Those nobody else has settled meanwhile."""
    return OutboxMessage.objects.filter(pk__in=[one.pk for one in messages], is_settled=False)


def _said(people: Collection[int], at: dt.datetime) -> dict[int, set[str]]:
    """What mails have said to each of these people already. What went along early may be made up for late, and not after."""
    longest = reminder_rules.days("together_days") + reminder_rules.days("expires_days")
    recent = OutboxMessage.objects.filter(
        person__in=people,
        created_at__gte=at - longest,
        data__has_key="covers",
    )
    rows = recent.exclude(state__in=[OutboxState.SUPERSEDED, OutboxState.STOPPED, OutboxState.FAILED])
    found: dict[int, set[str]] = defaultdict(set)
    for person, data in rows.values_list("person", "data"):
        found[person].update(data["covers"])
    return found


def _reminded(people: Collection[int], at: dt.datetime) -> dict[int, int]:
    """Each one's mails with a reminder this quarter, those that may still leave included; what fell away does not count."""
    rows = OutboxMessage.objects.filter(person__in=people, is_reminder=True, created_at__gte=_quarter(at))
    counted = rows.exclude(state=OutboxState.SUPERSEDED).order_by().values("person").annotate(Count("pk"))
    return defaultdict(int, counted.values_list("person", "pk__count"))


def _quarter(at: dt.datetime) -> dt.datetime:
    here = local(at)
    return at_local(dt.date(here.year, 3 * ((here.month - 1) // 3) + 1, 1), dt.time(0))


def _next_school_day(at: dt.datetime) -> dt.date | None:
    """The first school day after the holidays that `at` lies in; None where it lies in none."""
    day = local_date(at)
    if calendar_days.school_holiday(day) is None:
        return None
    while not calendar_days.is_school_day(day):
        day += _ONE_DAY
    return day


def _is_reminder(message: OutboxMessage) -> bool:
    return calm_rules.is_reminder(message.kind, message.data)


def _key(message: OutboxMessage) -> str:
    return calm_rules.key(message.kind, message.matter, message.data)


def _draft_key(draft: Draft) -> str:
    return calm_rules.key(draft.kind, draft.matter, draft.data)


def _ahead(at: dt.datetime) -> dict[int, list[Draft]]:
    """What the rules will set off within the next days, by person: they are asked as if it were then, and all is taken back."""
    later = at + reminder_rules.days("together_days") - dt.timedelta(seconds=1)
    found: dict[int, dict[str, Draft]] = defaultdict(dict)
    newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with transaction.atomic():
            for rule in _RULES:
                rule(at=later)
            for change in Change.objects.filter(pk__gt=newest).order_by("pk"):
                for draft in HANDLERS[change.verb](change, later) if change.verb in HANDLERS else ():
                    if draft.person.wants_mail and calm_rules.may_come_early(draft.kind, draft.data):
                        found[draft.person.pk].setdefault(_draft_key(draft), draft)
            transaction.set_rollback(True)
    except Exception:
        logger.exception("no look at what is due soon; each goes on its own day")
        return {}
    return {person: list(drafts.values()) for person, drafts in found.items()}
