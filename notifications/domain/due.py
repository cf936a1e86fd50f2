"""What rules set off by themselves. Each function returns how many things it did, so that a ring knows when it is quiet."""

from __future__ import annotations

import datetime as dt

from meetings.domain import answer_reminders, calls, minutes, relay_reminders, relay_report
from notifications.domain import digest


def pass_deadlines(*, at: dt.datetime) -> int:
    """Move on what a date moves on: calls open and close, objection periods end."""
    return calls.open_and_close_due(at=at) + minutes.approve_by_silence(at=at) + relay_report.pass_meetings(at=at)


def write_reminders(*, at: dt.datetime) -> int:
    """Reminders whose day has come, at 07:00."""
    return answer_reminders.remind(at=at) + calls.remind_due(at=at) + relay_reminders.remind(at=at)


def write_digests(*, at: dt.datetime) -> int:
    """The weekly and monthly letters whose window has ended."""
    return digest.write(at=at)
