"""Reminding whoever must act: seven days before the due date, and the day after it. By rule, at 07:00, once each.

Two are all there ever are for a due date, and a new due date begins anew; after the second the Schreibtisch says it until somebody answers. To whom a reminder
goes is decided when it is written (see `relay_turn.waiting_for`): the matter may have moved on since.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import calendar_days, reminder_rules
from meetings.domain.relay_journal import record
from meetings.enums import RELAY_TRAVELLING, Happened, RelayKind
from meetings.models import Relay

_LONGEST_WEEKEND = dt.timedelta(days=7)


def stale() -> dt.timedelta:
    """A reminder that could not be sent for longer than this is not made up for: the board says it anyway."""
    return reminder_rules.days("expires_days")


def remind(*, at: dt.datetime) -> int:
    """Record the reminders whose moment has come; the number of them. What is for information needs none."""
    today = local_date(at)
    near = Relay.objects.filter(
        state__in=RELAY_TRAVELLING,
        due_on__gte=today - stale() - reminder_rules.days("relay_after") - _LONGEST_WEEKEND,
        due_on__lte=today + reminder_rules.days("relay_before") + _LONGEST_WEEKEND,
    ).exclude(kind=RelayKind.FOR_INFORMATION)
    return sum(_remind(relay, at) for relay in near.order_by("pk") if stage(relay, at=at))


def stage(relay: Relay, *, at: dt.datetime) -> str:
    """ "late" or "before" where somebody should hear of it now; the later one where both are due, else nothing."""
    if relay.due_on is None or relay.sent_at is None:
        return ""
    for reason in ("late", "before"):
        moment = _moment(relay.due_on, reason)
        if relay.sent_at < moment <= at < moment + stale():
            return reason
    return ""


def is_near(relay: Relay, *, at: dt.datetime) -> bool:
    """The first reminder was due already; who reads no mail is rung up from then on, as long as no answer is there."""
    return relay.due_on is not None and _moment(relay.due_on, "before") <= at


def _moment(due_on: dt.date, reason: str) -> dt.datetime:
    """07:00 on a working day: the first before the weekend, the second after it."""
    if reason == "late":
        return automatic_mail_time(calendar_days.working_day_from(due_on + reminder_rules.days("relay_after")))
    return automatic_mail_time(calendar_days.working_day_until(due_on - reminder_rules.days("relay_before")))


def _remind(relay: Relay, at: dt.datetime) -> int:
    """Once, also where two workers ring at the same time: the row is held while the journal is looked through."""
    with transaction.atomic():
        held = Relay.objects.select_for_update().filter(pk=relay.pk, state__in=RELAY_TRAVELLING).first()
        reason = stage(held, at=at) if held else ""
        if held is None or not reason or held.due_on is None:
            return 0
        moment, told = _moment(held.due_on, reason), Change.objects.of(held)
        if told.filter(verb=Happened.RELAY_REMINDED, reason=reason, at=moment).exists():
            return 0
        if told.filter(verb=Happened.RELAY_DUE_MOVED, at__gte=moment).exists():
            return 0  # the letter with the new date has said it
        record(Happened.RELAY_REMINDED, held, body=held.target, by=None, at=moment, via=Via.RULE, reason=reason)
    return 1
