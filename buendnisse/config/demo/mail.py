"""Calendar entries people have, and mail that left: what the Postausgang shows on the first morning."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator

from django.conf import settings

from buendnisse import german
from buendnisse.config.demo import ballots
from buendnisse.config.demo.stage import Stage, moment
from buendnisse.enums import Via
from buendnisse.models import Change, FurtherAddress, Person
from meetings.enums import DeadlineKind, Happened, MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import told
from notifications.enums import CalendarMethod, MailKind, OutboxState
from notifications.models import Invitation, OutboxMessage

_SECOND = dt.timedelta(seconds=1)


def load(stage: Stage) -> None:
    """Invitations of the meetings to come, and the mails of the last one that was invited to."""
    messages = {message.person_id: message for message in _agenda_mails(stage)}
    OutboxMessage.objects.bulk_create([*ballots.mails(stage), *messages.values(), *_copies(messages)])
    Invitation.objects.bulk_create(_invitations(stage, messages))


def _to_come(stage: Stage) -> Iterator[tuple[str, Meeting]]:
    for identifier, meeting in stage.meetings.items():
        if meeting.state in {MeetingState.INVITED, MeetingState.CONFIRMED}:
            yield identifier, meeting


def _domain() -> str:
    return settings.ORGANIZER_EMAIL.rpartition("@")[2]


def _invitations(stage: Stage, messages: dict[int, OutboxMessage]) -> list[Invitation]:
    """One for everyone who is asked. People without an address have one too, of which nothing was sent."""
    found = []
    for identifier, meeting in _to_come(stage):
        confirmed = moment(stage.schedules[identifier][DeadlineKind.SAVE_THE_DATE], 10)
        for row in stage.attendance:
            if row.meeting != meeting or not row.is_asked:
                continue
            made = _deputy_since(row) or confirmed
            sent = row.person.gets_mail
            message = messages.get(row.person_id) if meeting.state == MeetingState.INVITED else None
            by_calendar = row.answered_via == Via.CALENDAR
            found.append(
                Invitation(
                    meeting=meeting,
                    person=row.person,
                    uid=f"{meeting.form_key.hex}.{secrets.token_hex(16)}@{_domain()}",
                    sequence=0,
                    last_method=CalendarMethod.REQUEST if sent else "",
                    last_frozen_at=(message.sent_at if message else made) if sent else None,
                    last_start=meeting.start if sent else None,
                    last_end=meeting.end if sent else None,
                    last_location=told.location(meeting) if sent else "",
                    first_message_id=message.message_id if message else "",
                    created_at=made,
                    last_reply_sequence=0 if by_calendar else None,
                    last_reply_stamp=row.answered_at if by_calendar else None,
                )
            )
    return found


def _deputy_since(row: Attendance) -> dt.datetime | None:
    return row.stands_in_for.answered_at if row.stands_in_for else None


def _agenda_mails(stage: Stage) -> Iterator[OutboxMessage]:
    """The invitation with agenda, one for each person of the invited meeting who reads mail."""
    for _identifier, meeting in _to_come(stage):
        if meeting.agenda_sent_at is None:
            continue
        change = Change.objects.get(verb=Happened.MEETING_INVITED, subject_type="meeting", subject_id=meeting.pk)
        rows = [row for row in stage.attendance if row.meeting == meeting and row.person.gets_mail]
        for number, row in enumerate(rows):
            belongs = any(membership.person == row.person for membership in stage.memberships)
            written = meeting.agenda_sent_at if belongs else _deputy_since(row) or meeting.agenda_sent_at
            yield _sent(row.person, meeting, change, written=written, after=60 * _SECOND + number * _SECOND)


def _copies(messages: dict[int, OutboxMessage]) -> Iterator[OutboxMessage]:
    """The plain notices to a Vorzimmer."""
    for address in FurtherAddress.objects.filter(gets_copy=True, person__in=messages).select_related("person"):
        original = messages[address.person_id]
        yield OutboxMessage(
            kind=MailKind.COPY,
            person=address.person,
            copy_to=address,
            occasion=original.occasion,
            matter=original.matter,
            meeting_id=original.meeting_id,
            data=original.data,
            state=OutboxState.SENT,
            created_at=original.created_at,
            not_before=original.not_before,
            sent_at=original.sent_at,
            attempts=1,
            subject=original.subject,
            to_address=address.address,
            message_id=_message_id(),
        )


def _sent(
    person: Person, meeting: Meeting, change: Change, *, written: dt.datetime, after: dt.timedelta
) -> OutboxMessage:
    return OutboxMessage(
        kind=MailKind.AGENDA,
        person=person,
        occasion=f"{MailKind.AGENDA}:{change.pk}",
        matter=f"invite:{meeting.pk}",
        meeting_id=meeting.pk,
        data={"meeting": meeting.pk, "change": change.pk},
        state=OutboxState.SENT,
        created_at=written,
        not_before=written + 60 * _SECOND,
        sent_at=written + after,
        attempts=1,
        subject=f"{meeting.alliance.word}, {german.short_day(meeting.start)}: Tagesordnung",
        to_address=person.email,
        message_id=_message_id(),
    )


def _message_id() -> str:
    return f"<{secrets.token_hex(16)}@{_domain()}>"
