"""How far the news of a cancellation or a late move has come, for the page of the meeting."""

from __future__ import annotations

from typing import Any

from django import template

from buendnisse import clock
from meetings.models import Meeting
from notifications.domain import telephone_list

register = template.Library()


@register.inclusion_tag("notifications/parts/telling.html")
def telling(meeting: Meeting) -> dict[str, Any]:
    """Mail on its way, people to call, and the way back. Nothing where the meeting takes place as everybody knows it."""
    at = clock.now()
    return {"calls": telephone_list.of(meeting, at=at), "meeting": meeting, "now": at}
