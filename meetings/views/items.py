"""Finding the topic an address names."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from buendnisse import clock
from buendnisse.http import PersonRequest
from meetings.models import AgendaItem, Meeting


def meeting_of(request: PersonRequest, slug: str) -> Meeting:
    """The meeting, if the person may see it. Raises Http404."""
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(seen.select_related("alliance", "venue"), slug=slug)


def of_alliance(request: PersonRequest, slug: str, pk: int) -> tuple[Meeting, AgendaItem]:
    """The meeting and a topic of its alliance. Whether it belongs to this meeting, its verbs look at. Raises Http404."""
    meeting = meeting_of(request, slug)
    seen = AgendaItem.objects.visible_to(request.user, at=clock.now()).filter(alliance_id=meeting.alliance_id)
    known = seen.select_related("proposer", "presenter", "meeting__alliance", "alliance", "answers", "merged_into")
    return meeting, get_object_or_404(known, pk=pk)


def meeting_and_item(request: PersonRequest, slug: str, pk: int) -> tuple[Meeting, AgendaItem]:
    """The meeting and one of its topics, or one that waits in the Themenspeicher of its alliance. Raises Http404."""
    meeting, item = of_alliance(request, slug, pk)
    if item.meeting_id not in {meeting.pk, None}:
        raise Http404
    return meeting, item
