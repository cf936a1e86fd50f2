"""Cancelling at short notice, and taking a cancellation back: the meeting then stands where it stood before."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Change, Person
from meetings.domain import standing
from meetings.domain.moves import MoveRefused, move
from meetings.domain.planning import PlanRefused
from meetings.enums import Happened, MeetingState
from meetings.models import Meeting

#: Who has not heard by now may be on the way before the mail is read: somebody has to call.
SHORT_NOTICE = dt.timedelta(days=3)
#: Longer than its mail waits in the outbox: from here on a cancellation counts as said.
STANDS_AFTER = dt.timedelta(minutes=2)


def is_soon(moment: dt.datetime, *, at: dt.datetime) -> bool:
    """Whether `moment` lies ahead of `at` by three days at most, or less than a day back."""
    return at - dt.timedelta(days=1) < moment <= at + SHORT_NOTICE


def called_off(meeting: Meeting) -> Change | None:
    """The change that cancelled it; None where it takes place."""
    if meeting.state != MeetingState.CANCELLED:
        return None
    return Change.objects.of(meeting).filter(verb=Happened.MEETING_CANCELLED).order_by("-pk").first()


def restore(meeting: Meeting, *, by: Person | None, at: dt.datetime, via: str = Via.WEB) -> Change:
    """Put the meeting back into the state it was cancelled in; the change recorded. Raises PlanRefused.

    Whether anybody has heard of the cancellation is asked above, where mail and telephone are known.
    """
    cancelled = called_off(meeting)
    if cancelled is None:
        raise PlanRefused(_("Diese Sitzung ist nicht abgesagt."))
    if meeting.start <= at:
        raise PlanRefused(_("Die Sitzung hätte schon begonnen. Die Absage bleibt."))
    before = cancelled.data["state"]
    try:
        with transaction.atomic():
            move(meeting, to=before, cancel_reason="", changed_at=at, version=F("version") + 1)
            meeting.refresh_from_db(fields=["version"])
            standing.name_minutes(meeting.alliance_id)
            data = {"cancelled": cancelled.pk, "state": before}
            return journal.record(
                Happened.MEETING_RESTORED, meeting, at=at, by=by, via=via, body=meeting.alliance, data=data
            )
    except MoveRefused as refused:
        raise PlanRefused(str(refused)) from refused
    except IntegrityError as error:
        sentence = _("Für dieses Quartal steht inzwischen ein anderer Termin. Bitte sagen Sie erst diesen ab.")
        raise PlanRefused(sentence) from error
