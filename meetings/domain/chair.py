"""Who leads a meeting: whoever was named for it, else the chair of the alliance on that day."""

from __future__ import annotations

from collections.abc import Sequence

from buendnisse.clock import local_date
from buendnisse.enums import Role
from buendnisse.models import Membership, Person
from meetings.models import Meeting


def chair_of(meeting: Meeting) -> Person | None:
    """Who releases agenda and minutes."""
    return meeting.chair or next(iter(_people(meeting, Role.CHAIR)), None)


def chairs_of(meeting: Meeting) -> list[Person]:
    """The chair and the deputy chairs, each once: any of them may release the agenda."""
    chair = chair_of(meeting)
    people = [*([chair] if chair else []), *_people(meeting, Role.CHAIR), *_people(meeting, Role.DEPUTY_CHAIR)]
    return list({person.pk: person for person in people}.values())


def led(meetings: Sequence[Meeting]) -> set[int]:
    """The meetings, by id, that have somebody who may release. One query whatever their number."""
    rows = Membership.objects.filter(
        body__in={meeting.alliance_id for meeting in meetings}, role__in=(Role.CHAIR, Role.DEPUTY_CHAIR)
    )
    known = list(rows.only("body", "since", "until"))
    return {
        meeting.pk
        for meeting in meetings
        if meeting.chair_id is not None
        or any(row.body_id == meeting.alliance_id and row.is_active_on(local_date(meeting.start)) for row in known)
    }


def _people(meeting: Meeting, role: Role) -> list[Person]:
    rows = Membership.objects.filter(body=meeting.alliance_id, role=role).active_on(local_date(meeting.start))
    return [row.person for row in rows.select_related("person__organisation").order_by("pk")]
