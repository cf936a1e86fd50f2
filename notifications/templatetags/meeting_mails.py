"""The mails of a meeting, for its page: what left, what waits, what failed."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from buendnisse import clock
from meetings.models import Meeting
from notifications.domain import late_waiting, meeting_people
from notifications.domain import meeting_mails as domain
from notifications.enums import MailKind, OutboxState

register = template.Library()


@register.simple_tag
def provisional_answers(meeting: Meeting) -> dict[int, int]:
    """By person: the mail with an answer that nobody has confirmed."""
    return meeting_people.provisional(meeting)


@register.inclusion_tag("notifications/parts/meeting_mails.html", takes_context=True)
def meeting_mails(context: Context, meeting: Meeting) -> dict[str, Any]:
    """One row for each kind of mail and day."""
    rows = domain.of(meeting)
    late = any(row.kind == MailKind.LATE_PAPERS and OutboxState.WAITING in row.states for row in rows)
    until = late_waiting.waiting_until(meeting) if late else None
    return {
        "rows": rows,
        "meeting": meeting,
        "late_until": until,
        "now": clock.now(),
        "csrf_token": context.get("csrf_token"),
    }
