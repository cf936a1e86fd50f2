"""What rules set off by themselves. Each function returns how many things it did, so that a ring knows when it is quiet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from buendnisse.domain import alliance_rules
from meetings.adapters import minutes_archive
from meetings.domain import (
    answer_reminders,
    calls,
    circular_reminders,
    decision_reminders,
    objections,
    relay_reminders,
    relay_report,
    task_reminders,
)
from notifications.domain import digest, recall, votes
from notifications.enums import RingStep

#: A step takes the moment and answers how many things it did.
Step = Callable[..., int]

#: What a date moves on: calls open and close, objection periods end, meetings pass what they were told of.
DEADLINES: Mapping[RingStep, Step] = {
    RingStep.RULES: alliance_rules.begin_due,
    RingStep.CALLS: calls.open_and_close_due,
    RingStep.APPROVALS: objections.settle_due,
    RingStep.ARCHIVES: minutes_archive.keep,
    RingStep.CANCELLED_TOPICS: recall.pass_topics_on,
    RingStep.DEPUTY_REQUESTS: recall.end_requests,
    RingStep.RELAYS: relay_report.pass_meetings,
    RingStep.VOTES: votes.close_due,
}

#: Reminders whose day has come, at 07:00.
REMINDERS: Mapping[RingStep, Step] = {
    RingStep.ANSWER_REMINDERS: answer_reminders.remind,
    RingStep.CALL_REMINDERS: calls.remind_due,
    RingStep.RELAY_REMINDERS: relay_reminders.remind,
    RingStep.TASK_REMINDERS: task_reminders.remind,
    RingStep.DECISION_REMINDERS: decision_reminders.remind,
    RingStep.VOTE_REMINDERS: circular_reminders.remind,
}

#: The weekly and monthly letters whose window has ended.
DIGESTS: Mapping[RingStep, Step] = {RingStep.DIGESTS: digest.write}
