"""The agenda members read between two sendings: what they were sent, not what the Fachstelle is moving about just now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from buendnisse.models import Sight
from meetings.domain.agenda_content import as_content
from meetings.enums import MeetingState
from meetings.models import AgendaItem, AgendaVersion, Meeting


@dataclass(frozen=True)
class Place:
    """A TOP number with its minutes; without `item` where what was sent is not on the agenda any more."""

    number: int
    minutes: int
    item: AgendaItem | None


def places(items: Sequence[AgendaItem], meeting: Meeting, *, sight: Sight) -> list[Place]:
    """The items in their order, as they stand; for others than the Fachstelle as they were sent last.

    The words of a sent item are those of its version. What is not on it yet is no business of members, and what
    left the agenda since keeps its number free, so that the others still agree with mail and PDF. Once the
    meeting begins, everybody looks at the same agenda.
    """
    sent = None if sight.everything or meeting.state != MeetingState.INVITED else _newest(meeting)
    if sent is None:
        return [Place(number, item.duration_minutes, item) for number, item in enumerate(items, start=1)]
    known = {item.pk: item for item in items}
    found = []
    for entry in sorted(as_content(sent)["items"], key=lambda one: one["number"]):
        item = known.get(entry["id"])
        if item is not None:
            item.title, item.description, item.kind = entry["title"], entry["description"], entry["kind"]
            item.duration_minutes = entry["minutes"]
        found.append(Place(entry["number"], entry["minutes"], item))
    return found


def versions(meeting: Meeting) -> list[AgendaVersion]:
    """What was sent, the first version first. Asked once for a meeting in hand, and again once another one left."""
    known = vars(meeting).get("_versions_sent")
    if known is None or known[0] != meeting.agenda_sent_at:
        load([meeting])
    found: list[AgendaVersion] = vars(meeting)["_versions_sent"][1]
    return found


def load(meetings: Collection[Meeting]) -> None:
    """What `versions` tells of several meetings, in one query."""
    rows: dict[int, list[AgendaVersion]] = defaultdict(list)
    for row in AgendaVersion.objects.filter(meeting__in=meetings).order_by("number"):
        rows[row.meeting_id].append(row)
    for meeting in meetings:
        vars(meeting)["_versions_sent"] = (meeting.agenda_sent_at, rows[meeting.pk])


def sent_items(meeting: Meeting) -> frozenset[int]:
    """The ids of the items that stood on the agenda as it was sent last; empty before the first sending."""
    newest = _newest(meeting)
    return frozenset(entry["id"] for entry in as_content(newest)["items"]) if newest is not None else frozenset()


def _newest(meeting: Meeting) -> object | None:
    return next((row.content for row in reversed(versions(meeting))), None)
