"""Reminding organisations without an answer: once, by rule two days before the end, at 07:00."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from buendnisse.clock import automatic_mail_time
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import reminder_rules
from meetings.domain.circular_journal import held, record
from meetings.enums import Happened
from meetings.models import CircularVote


def remind(*, at: dt.datetime) -> int:
    """Record the reminders whose moment has come; the number of them. Who opened it later reminds nobody."""
    return sum(_remind(vote, at) for vote in CircularVote.objects.running().order_by("pk"))


def _remind(vote: CircularVote, at: dt.datetime) -> int:
    moment = automatic_mail_time(vote.closes_on - reminder_rules.days("vote_before"))
    if vote.opened_at is None or not vote.opened_at < moment <= at < vote.ends_at:
        return 0
    with transaction.atomic():
        current = held(vote)
        told = Change.objects.of(vote).filter(verb=Happened.CIRCULAR_REMINDED, at__gte=current.opened_at or at)
        if not current.is_running or not current.votes_missing or told.exists():
            return 0
        record(Happened.CIRCULAR_REMINDED, current, by=None, at=moment, via=Via.RULE)
    return 1
