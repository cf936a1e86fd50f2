"""Papers that came after the invitation, and which of them a person has not been told of."""

from __future__ import annotations

from collections.abc import Mapping

from buendnisse.models import Change, Paper
from meetings.enums import Happened
from meetings.models import Meeting
from notifications.domain import batch
from notifications.enums import MAY_HAVE_ARRIVED, MailKind
from notifications.models import OutboxMessage


def untold(message: OutboxMessage, meeting: Meeting) -> Mapping[int, frozenset[str]]:
    """By item the slugs of papers this person has not been told of since the agenda left; noted in the message."""
    changes, slugs = batch.once(("late papers", meeting.pk), lambda: _late(meeting))
    earlier = OutboxMessage.objects.filter(
        kind=MailKind.LATE_PAPERS, person=message.person_id, meeting_id=meeting.pk, state__in=MAY_HAVE_ARRIVED
    ).exclude(pk=message.pk)
    told = {number for data in earlier.values_list("data", flat=True) for number in data.get("changes", [])}
    fresh = [change for change in changes if change.pk not in told]
    message.data = {**message.data, "changes": [change.pk for change in fresh]}
    found: dict[int, set[str]] = {}
    for change in fresh:
        if change.data["paper"] in slugs:
            found.setdefault(change.subject_id, set()).add(slugs[change.data["paper"]])
    return {item: frozenset(names) for item, names in found.items()}


def _late(meeting: Meeting) -> tuple[list[Change], dict[int, str]]:
    """What was added since the agenda last left, and the papers' slugs."""
    changes = list(
        Change.objects.filter(
            verb=Happened.PAPER_ADDED,
            data__meeting=meeting.pk,
            data__late=True,
            at__gte=meeting.agenda_sent_at or meeting.start,
        ).order_by("pk")
    )
    papers = Paper.objects.filter(pk__in=[change.data["paper"] for change in changes])
    return changes, dict(papers.values_list("pk", "slug"))
