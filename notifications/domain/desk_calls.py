"""A morning on which a meeting cannot be: the way to cancel it from the desk, and who is still to be called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from meetings.domain import cancellation, planning
from meetings.models import Meeting
from notifications.domain import telephone_list
from notifications.domain.desk_line import Line, href


def cancel_word(meeting: Meeting, *, today: dt.date) -> str:
    """ "Heute absagen", "Morgen absagen"; empty for meetings further ahead and those that have begun."""
    if meeting.state not in planning.MOVABLE:
        return ""
    return {0: _("Heute absagen"), 1: _("Morgen absagen")}.get((local_date(meeting.start) - today).days, "")


def calls(*, at: dt.datetime) -> Iterator[Line]:
    """A line a meeting that is off or was moved late, until everybody was reached or its time is over."""
    for found in telephone_list.current(at=at):
        if not found.to_call:
            continue
        meeting = found.occasion.meeting
        words = _("Absage %(body)s: %(n)s von %(all)s noch anrufen")
        if not found.occasion.is_cancelled:
            words = _("Verlegung %(body)s: %(n)s von %(all)s noch anrufen")
        numbers = {"body": meeting.alliance.word, "n": len(found.to_call), "all": found.total}
        coming = sum(entry.would_come for entry in found.to_call)
        yield Line(
            title=words % numbers,
            why=_would_come(coming),
            due=local_date(found.occasion.until),
            href=href("notifications:telephone_list", meeting.slug),
            action=_("Telefonliste öffnen"),
            bodies=(meeting.alliance,),
            is_urgent=cancellation.is_soon(found.occasion.until, at=at),
        )


def _would_come(number: int) -> str:
    if number == 0:
        return _("Keine Mail hat sie erreicht.")
    if number == 1:
        return _("Keine Mail hat sie erreicht. Eine Person hatte zugesagt.")
    return _("Keine Mail hat sie erreicht. %d hatten zugesagt.") % number
