"""May the text of a meeting still change? Everything that writes into minutes asks here first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from meetings.enums import BEGUN, MeetingState, MinutesState
from meetings.models import Meeting, Minutes
from meetings.models.minutes import OUT


class MinutesFrozen(Exception):
    """The minutes are with the members, or approved: their text changes by an objection or an addendum only."""


class NotInSession(Exception):
    """The meeting has not begun, or will not take place."""


def require_open(meeting: Meeting) -> None:
    """Refuse to write into this meeting's text where that is over, or has not begun.

    Writing into a text the chair has released takes the release back: what goes out is what was released.
    Needs a transaction. Raises MinutesFrozen or NotInSession; `str()` is a German sentence.
    """
    written(hold(meeting))


def hold(meeting: Meeting) -> Minutes | None:
    """The same refusals, before it is known whether anything changes: `written` says so. The minutes if there are any.

    What is being sent or released at this moment holds the row: the writer waits, and reads what came of it.
    """
    return _not_over(meeting, Minutes.objects.select_for_update().filter(meeting=meeting).first())


def written(minutes: Minutes | None) -> None:
    """Something changed in a text that may have been released."""
    if minutes is not None and minutes.reviewed_by_id is not None:
        Minutes.objects.filter(pk=minutes.pk).update(reviewed_by=None)


def require_not_over(meeting: Meeting) -> Minutes | None:
    """The same refusals, for what stands beside the text and leaves a release as it is; the minutes if there are any."""
    return _not_over(meeting, Minutes.objects.filter(meeting=meeting).first())


def _not_over(meeting: Meeting, minutes: Minutes | None) -> Minutes | None:
    if meeting.state == MeetingState.CANCELLED:
        raise NotInSession(_("Diese Sitzung ist abgesagt. Es gibt nichts mitzuschreiben."))
    if meeting.state not in BEGUN:
        raise NotInSession(_("Die Sitzung hat noch nicht begonnen. Bitte starten Sie zuerst die Sitzung."))
    if meeting.state == MeetingState.CLOSED or (minutes and minutes.state == MinutesState.APPROVED):
        raise MinutesFrozen(_("Das Protokoll ist genehmigt. Änderungen sind nur als datierte Berichtigung möglich."))
    if minutes is not None and minutes.state in OUT:
        raise MinutesFrozen(_("Das Protokoll ist verschickt. Eine Änderung geht nur über einen Einwand."))
    return minutes


def why_over(meeting: Meeting) -> str:
    """Why nothing can be entered any longer, for the top of a page; empty while it can, or before the meeting began."""
    if meeting.state == MeetingState.IN_SESSION:
        return ""
    try:
        require_not_over(meeting)
    except MinutesFrozen as frozen:
        return str(frozen)
    except NotInSession as refused:
        return str(refused) if meeting.state == MeetingState.CANCELLED else ""
    return ""
