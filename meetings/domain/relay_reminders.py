"""Reminding those who were asked: seven days before the due date, and the day after it. By rule, at 07:00, once each."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain.relay_journal import record
from meetings.domain.relay_turn import REMINDED_BEFORE
from meetings.enums import RELAY_TRAVELLING, Happened, RelayKind
from meetings.models import Relay

_LATE = dt.timedelta(days=1)
#: A reminder that could not be sent for longer than this is not made up for: the board says it anyway.
_STALE = dt.timedelta(days=14)


def remind(*, at: dt.datetime) -> int:
    """Record the reminders whose moment has come; the number of them. What is for information needs none."""
    today = local_date(at)
    near = Relay.objects.filter(
        state__in=RELAY_TRAVELLING, due_on__gte=today - _STALE, due_on__lte=today + REMINDED_BEFORE
    ).exclude(kind=RelayKind.FOR_INFORMATION)
    return sum(_remind(relay, at) for relay in near.select_related("source", "target").order_by("pk"))


def _remind(relay: Relay, at: dt.datetime) -> int:
    """One of the two at most; the later one where both are due."""
    if relay.due_on is None or relay.sent_at is None:
        return 0
    for reason, day in (("late", relay.due_on + _LATE), ("before", relay.due_on - REMINDED_BEFORE)):
        moment = automatic_mail_time(day)
        if not relay.sent_at < moment <= at < moment + _STALE:
            continue
        told = Change.objects.of(relay).filter(verb=Happened.RELAY_REMINDED, reason=reason)
        if told.exists():
            return 0
        with transaction.atomic():
            record(Happened.RELAY_REMINDED, relay, body=relay.target, by=None, at=moment, via=Via.RULE, reason=reason)
        return 1
    return 0
