"""Asking again, by rule three days before, those who have not answered. By rule, at 07:00 of a working day, once a date."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from buendnisse.clock import automatic_mail_time
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import answers, reminder_rules
from meetings.enums import Happened
from meetings.models import Meeting

#: A reminder moves back over a weekend with its holidays, and no further.
_LONGEST_WEEKEND = dt.timedelta(days=7)


def remind(*, at: dt.datetime) -> int:
    """Record the reminder of every meeting whose moment has come; the number of them."""
    near = Meeting.objects.filter(
        state__in=answers.ANSWERABLE,
        start__gt=at,
        start__lt=at + reminder_rules.days("answer_before") + _LONGEST_WEEKEND,
    )
    return sum(_remind(meeting, at) for meeting in near.select_related("alliance").order_by("start"))


def _remind(meeting: Meeting, at: dt.datetime) -> int:
    moment = automatic_mail_time(answers.answer_until(meeting))
    if at < moment:
        return 0
    data = {"start": meeting.start.isoformat()}
    told = Change.objects.of(meeting).filter(verb=Happened.MEETING_ANSWERS_REMINDED, data__start=data["start"])
    if told.exists():
        return 0
    with transaction.atomic():
        journal.record(
            Happened.MEETING_ANSWERS_REMINDED,
            meeting,
            at=moment,
            by=None,
            via=Via.RULE,
            body=meeting.alliance,
            data=data,
        )
    return 1
