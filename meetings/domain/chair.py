"""Who leads a meeting: whoever was named for it, else the chair of the alliance on that day."""

from __future__ import annotations

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


def _people(meeting: Meeting, role: Role) -> list[Person]:
    rows = Membership.objects.filter(body=meeting.alliance_id, role=role).active_on(local_date(meeting.start))
    return [row.person for row in rows.select_related("person__organisation").order_by("pk")]
