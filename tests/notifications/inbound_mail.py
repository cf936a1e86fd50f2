"""Mail that came in, for tests of what it sets off: one story for each kind of mail of ours."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from buendnisse.models import Installation, Person
from meetings.domain import planning, replies
from meetings.models import Attendance, Meeting
from notifications.domain import inbox, tray_settling
from notifications.enums import InboundSource
from notifications.models import InboundMessage, Invitation
from tests.support import mail_programs
from tests.support.mail_programs import Reply
from tests.world import AT, World

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
NOON = AT + dt.timedelta(hours=3)
OFFICE = "integration@haseland.example"


def reply(meeting: Meeting, person: Person, **changes: object) -> Reply:
    """What this person's program says to the invitation it has."""
    invitation = Invitation.objects.get(meeting=meeting, person=person)
    said = Reply(uid=invitation.uid, attendee=person.email, sequence=invitation.sequence, name=person.full_name)
    return said.but(**changes)


def receive(raw: bytes, *, at: dt.datetime = NOON) -> InboundMessage:
    return inbox.receive(raw, at=at, source=InboundSource.COMMAND)


def result(row: InboundMessage) -> tuple[str, str, str]:
    return (row.outcome, row.reason, row.state)


def row_of(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=person)


def said_on_page(meeting: Meeting, person: Person) -> tuple[str, str, str]:
    """As the page of the meeting lists it."""
    [found] = [one for one in replies.of(meeting) if one.person_id == person.pk]
    return (found.said, found.how, found.comment)


def from_elsewhere(meeting: Meeting, cast: World) -> InboundMessage:
    """Somebody's cloud says that Susanne comes."""
    return receive(mail_programs.nextcloud(reply(meeting, cast.susanne)))


def refresh(meeting: Meeting, cast: World, *, at: dt.datetime = NOON, number: int = 1) -> InboundMessage:
    """Susanne's calendar asks how things stand."""
    said = reply(meeting, cast.susanne, method="REFRESH", partstat="NEEDS-ACTION", number=number)
    return receive(mail_programs.thunderbird(said), at=at)


def proposal(meeting: Meeting, cast: World) -> InboundMessage:
    """Susanne's Outlook proposes the afternoon of a week later."""
    start = meeting.start + dt.timedelta(days=7, hours=4)
    said = reply(
        meeting, cast.susanne, method="COUNTER", partstat="TENTATIVE", start=start, comment="Da ist Zeugniskonferenz."
    )
    return receive(mail_programs.outlook(said.but(end=start + dt.timedelta(hours=2))))


def keep_date(meeting: Meeting, cast: World) -> InboundMessage:
    row = proposal(meeting, cast)
    tray_settling.keep_date(row, version=row.version, by=cast.imke, at=NOON)
    return row


def has_mailbox() -> None:
    """The Fachstelle reads mail in words in a mailbox of its own."""
    Installation.objects.filter(pk=1).update(facts={"office_email": OFFICE})


def words(
    cast: World, text: str = "Guten Tag,\n\nkann ich ein Thema nachreichen?\n\nSusanne Overhage"
) -> InboundMessage:
    return receive(mail_programs.words(text, subject="Frage zur Sitzung"))


def later_meeting(meeting: Meeting, cast: World) -> Meeting:
    """Another one Susanne is asked about."""
    start = meeting.start + dt.timedelta(days=91)
    told: dict[str, Any] = {"by": cast.imke, "at": NOON}
    other = planning.plan(
        cast.arbeit,
        quarter="2027-Q2",
        start=start,
        end=start + 2 * HOUR,
        mode="hybrid",
        venue=cast.venue,
        video_link="https://konferenz.example/arbeit",
        form_key=uuid.UUID(int=2),
        **told,
    )
    planning.confirm(other, **told)
    return other
