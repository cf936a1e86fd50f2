"""Reminding organisations without an answer: once, by rule two days before the end, at 07:00 of a working day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from buendnisse.clock import automatic_mail_time
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import calendar_days, reminder_rules
from meetings.domain.circular_journal import held, record
from meetings.enums import Happened
from meetings.models import CircularVote


def remind(*, at: dt.datetime) -> int:
    """Record the reminders whose moment has come; the number of them. Who opened it later reminds nobody."""
    return sum(_remind(vote, at) for vote in CircularVote.objects.running().order_by("pk"))


def _moment(vote: CircularVote, opened_at: dt.datetime) -> dt.datetime:
    """Before the weekend; after it where the vote was only just opened then."""
    day = vote.closes_on - reminder_rules.days("vote_before")
    before = automatic_mail_time(calendar_days.working_day_until(day))
    return before if opened_at < before else automatic_mail_time(calendar_days.working_day_from(day))


def _remind(vote: CircularVote, at: dt.datetime) -> int:
    if vote.opened_at is None or not vote.opened_at < (moment := _moment(vote, vote.opened_at)) <= at < vote.ends_at:
        return 0
    with transaction.atomic():
        current = held(vote)
        told = Change.objects.of(vote).filter(verb=Happened.CIRCULAR_REMINDED, at__gte=current.opened_at or at)
        if not current.is_running or not current.votes_missing or told.exists():
            return 0
        record(Happened.CIRCULAR_REMINDED, current, by=None, at=moment, via=Via.RULE)
    return 1
