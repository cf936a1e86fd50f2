"""Calls and reminders in tests: what sets them off, and what goes to somebody."""

from __future__ import annotations

import datetime as dt

from buendnisse.clock import automatic_mail_time
from buendnisse.models import Person
from meetings.domain.schedule import schedule
from meetings.enums import DeadlineKind, MeetingState
from meetings.models import ActionItem, Attendance, Meeting
from notifications.domain import calm_ahead, dispatch
from notifications.enums import OutboxState
from notifications.models import Invitation, OutboxMessage
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory
from tests.world import AT, World

DAY = dt.timedelta(days=1)
QUIET = (OutboxState.SUPERSEDED,)


def kinds(person: Person) -> list[str]:
    """What goes to somebody, in order."""
    rows = OutboxMessage.objects.filter(person=person).exclude(state__in=QUIET).order_by("pk")
    return [str(kind) for kind in rows.values_list("kind", flat=True)]


def confirm(cast: World, meeting: Meeting) -> Meeting:
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CONFIRMED)
    meeting.refresh_from_db()
    return meeting


def at_seven(meeting: Meeting, kind: DeadlineKind) -> dt.datetime:
    return automatic_mail_time(schedule(meeting)[kind])


def invited_to(meeting: Meeting, *people: Person) -> None:
    """They have the invitation, and have not answered."""
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.INVITED)
    for person in people:
        Attendance.objects.update_or_create(
            meeting=meeting,
            person=person,
            defaults={"organisation": person.organisation, "role": "member", "is_asked": True},
        )
        Invitation.objects.update_or_create(
            meeting_id=meeting.pk,
            person=person,
            defaults={
                "uid": f"{meeting.pk}-{person.pk}@x.example",
                "last_method": "REQUEST",
                "last_frozen_at": AT,
                "created_at": AT,
            },
        )


def owes(person: Person, meeting: Meeting, day: dt.date, task: str = "Liste der Kurse schicken") -> ActionItem:
    found: ActionItem = ActionItemFactory(
        agenda_item=AgendaItemFactory(meeting=meeting), owner=person, due_on=day, task=task
    )
    return found


def dispatch_on(at: dt.datetime) -> None:
    """All rules of the moment, and what they write."""
    for rule in calm_ahead.RULES:
        rule(at=at)
    dispatch.fan_out(at=at)
