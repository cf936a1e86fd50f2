"""When people are asked whether they come: at once, or with the invitation, where the date was told with the year's."""

from __future__ import annotations

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Change
from meetings.enums import Happened
from meetings.models import Meeting

_WEEK = 7  # days


def comes_later(meeting: Meeting) -> bool:
    """Whether its date was told with the year's, and the invitation that asks for an answer is still to come."""
    if meeting.agenda_sent_at is not None:
        return False
    fixed = Change.objects.of(meeting).filter(verb=Happened.MEETING_CONFIRMED).order_by("-pk").first()
    return fixed is not None and "plan" in fixed.data


def ahead(days: int) -> str:
    """How long before a meeting its invitation comes: "zwei Wochen", "10 Tage"; nothing for less than a week."""
    if days < _WEEK:
        return ""
    if days % _WEEK:
        return _("%s Tage") % days
    weeks = days // _WEEK
    return f"{german.in_words(weeks)} {_('Woche') if weeks == 1 else _('Wochen')}"
