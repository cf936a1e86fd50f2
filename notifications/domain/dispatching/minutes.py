"""Minutes on their way: to the chair for release, then to members and deputies, and tasks to their owners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.clock import local_date
from buendnisse.enums import Role
from buendnisse.models import Change, Membership, Person
from meetings.domain.chair import chair_of
from meetings.enums import Happened, MinutesState, ObjectionState
from meetings.models import Minutes, Objection
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def submitted(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The chair gets a link to read and release."""
    minutes = _minutes(change)
    chair = chair_of(minutes.meeting) if minutes else None
    if minutes is not None and chair is not None and minutes.state == MinutesState.IN_REVIEW:
        yield Draft(
            MailKind.MINUTES_REVIEW,
            chair,
            matter=f"minutes_review:{minutes.pk}",
            meeting_id=minutes.meeting_id,
            data={"minutes": minutes.pk},
        )


def circulated(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Members and deputies get the minutes; somebody else who took a task hears of that alone. Guests get none."""
    minutes = _minutes(change)
    if minutes is None:
        return
    number = change.data["version"]
    readers = _readers(minutes, at)
    owners = Person.objects.filter(action_items__meeting=minutes.meeting_id).exclude(pk__in=readers).distinct()
    recipients = [*readers.values(), *(owners.order_by("pk") if number == 1 else [])]
    for person in recipients:
        yield Draft(
            MailKind.MINUTES,
            person,
            matter=f"minutes:{minutes.pk}",
            meeting_id=minutes.meeting_id,
            data={"minutes": minutes.pk, "version": number},
        )


def objection_resolved(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Whoever found the mistake hears the answer; the Fachstelle, answering its own, does not."""
    objection = (
        Objection.objects.select_related("by__organisation", "minutes").filter(pk=change.data["objection"]).first()
    )
    if objection is not None and objection.state != ObjectionState.OPEN and objection.by_id != change.by_id:
        yield Draft(
            MailKind.MINUTES_ANSWER,
            objection.by,
            matter=f"objection:{objection.pk}",
            meeting_id=objection.minutes.meeting_id,
            data={"minutes": objection.minutes_id, "objection": objection.pk},
        )


def _readers(minutes: Minutes, at: dt.datetime) -> dict[int, Person]:
    rows = Membership.objects.filter(body=minutes.meeting.alliance_id).active_on(local_date(at))
    rows = rows.exclude(role=Role.GUEST).select_related("person__organisation").order_by("pk")
    return {membership.person_id: membership.person for membership in rows}


def _minutes(change: Change) -> Minutes | None:
    rows = Minutes.objects.select_related("meeting__alliance", "meeting__chair__organisation")
    return rows.filter(pk=change.subject_id).first()


HANDLERS: dict[str, Handler] = {
    Happened.MINUTES_SUBMITTED: submitted,
    Happened.MINUTES_CIRCULATED: circulated,
    Happened.MINUTES_OBJECTION_RESOLVED: objection_resolved,
}
