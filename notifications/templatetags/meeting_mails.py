"""The mails of a meeting, for its page: what left, what waits, what failed."""

from __future__ import annotations

from typing import Any

from django import template

from meetings.models import Meeting
from notifications.domain import meeting_mails as domain

register = template.Library()


@register.inclusion_tag("notifications/parts/meeting_mails.html")
def meeting_mails(meeting: Meeting) -> dict[str, Any]:
    """One row for each kind of mail and day."""
    return {"rows": domain.of(meeting), "meeting": meeting}
