"""Mail about late papers while it waits for the morning: when it leaves, and letting it go at once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.models import Meeting
from notifications.domain import dispatch
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage


class NothingWaits(Exception):
    """No mail about late papers waits. `str()` is a German sentence."""


def hurry(meeting: Meeting, *, by: Person, at: dt.datetime) -> int:
    """Let what waits go now; how many mails. Raises NothingWaits."""
    dispatch.fan_out(at=at)
    with transaction.atomic():
        done = _waiting(meeting).update(not_before=at)
        if not done:
            raise NothingWaits(_("Es wartet keine Mail über nachgereichte Unterlagen."))
        journal.record("mail.hurry", meeting, at=at, by=by, body=meeting.alliance, data={"messages": done})
    return done


def waiting_until(meeting: Meeting) -> dt.datetime | None:
    """When the first of them leaves; None where none waits. One query."""
    first: dt.datetime | None = _waiting(meeting).aggregate(first=Min("not_before"))["first"]
    return first


def _waiting(meeting: Meeting) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(kind=MailKind.LATE_PAPERS, meeting_id=meeting.pk, state=OutboxState.WAITING)
