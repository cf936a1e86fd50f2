"""Other times people proposed for a meeting from their calendars, for its page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from meetings.models import Meeting
from notifications.domain import proposed_times

register = template.Library()


@register.inclusion_tag("notifications/parts/proposals.html", takes_context=True)
def proposals(context: Context, meeting: Meeting) -> dict[str, Any]:
    """Each with the way to check that day, and to keep the date while it is the one the proposal was about."""
    return {"rows": proposed_times.of(meeting), "meeting": meeting, "csrf_token": context.get("csrf_token")}
