"""When people are asked whether they come: at once, or with the invitation, where the date was told with the year's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import Role
from buendnisse.models import Change
from meetings.enums import Happened
from meetings.models import Attendance, Meeting

_WEEK = 7  # days


@dataclass(frozen=True)
class Audience:
    """Who is told of a change of a meeting. `are_asked`: whether they are asked for an answer with it."""

    by_mail: int
    by_phone: Sequence[str]
    are_asked: bool


def audience(meeting: Meeting) -> Audience:
    """Everybody who should come and whom nobody stands in for; two queries.

    Guests hear of a date by its invitation, so a change before that does not concern them.
    """
    later = comes_later(meeting)
    rows = Attendance.objects.filter(meeting=meeting, is_asked=True, deputy__isnull=True).select_related("person")
    people = [
        row.person for row in rows.order_by("pk") if not (later and row.role == Role.GUEST and not row.stands_in_for_id)
    ]
    by_phone = sorted((one for one in people if not one.gets_mail), key=lambda one: (one.last_name, one.first_name))
    return Audience(len(people) - len(by_phone), [one.full_name for one in by_phone], are_asked=not later)


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
