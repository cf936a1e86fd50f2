"""Other times people proposed from their calendars: what is still to be decided, and what a move has decided."""

from __future__ import annotations

from buendnisse.models import Change
from meetings.models import Meeting
from notifications.domain import tray_settling
from notifications.enums import InboundReason
from notifications.models import InboundMessage
from notifications.models.inbound_message import InboundMessageQuerySet


def of(meeting: Meeting) -> list[InboundMessage]:
    """What nobody has settled and no move has fulfilled, each knowing whether it is outdated; one query."""
    rows = _open(meeting.pk).select_related("person", "invitation", "meeting").defer("raw")
    return [row for row in rows.order_by("received_at", "pk") if not (row.is_outdated and row.is_as_it_is)]


def take(change: Change) -> None:
    """The meeting was moved: whoever had proposed the very time it has now is settled as taken.

    Needs a transaction. Nobody is told by this: all hear of the new date.
    """
    meeting = Meeting.objects.get(pk=change.subject_id)
    for row in _open(meeting.pk).filter(proposed_start=meeting.start, received_at__lte=change.at):
        if row.proposed_end in {None, meeting.end}:
            tray_settling.take(row, by=change.by, at=change.at)


def _open(meeting: int) -> InboundMessageQuerySet:
    return InboundMessage.objects.open().filter(meeting=meeting, reason=InboundReason.PROPOSAL)
