"""Mail somebody does not want: asked when it is about to leave, so that a choice counts at once and can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.enums import DigestRhythm, MailTopic
from buendnisse.models import Person
from meetings.domain import calendar_days, unit_reports
from meetings.models import ActionItem, Meeting
from notifications.domain import batch, digest_windows
from notifications.enums import MAY_BE_QUIET, MailKind
from notifications.models import OutboxMessage


def why(message: OutboxMessage, *, at: dt.datetime) -> str:
    """Why this person does not want this mail, as a German sentence; empty where it goes.

    No query for somebody who left everything as it was, and no look at the reader of a mail that always goes. What asks
    something of this person only always goes: a task of one's own in the minutes, a report a unit owes.
    """
    if message.kind == MailKind.DIGEST:
        return _of_digest(message, message.person)
    topics = MAY_BE_QUIET.get(message.kind, frozenset())
    if message.copy_to_id is not None or not topics:
        return ""
    person = message.person
    if _rests(person, topics, at):
        return _("Nach eigenem Wunsch keine Erinnerung in den Schulferien.")
    return _left_out(message, topics, at=at) if person.quiet_topics or person.quiet_bodies else ""


def _left_out(message: OutboxMessage, topics: Collection[str], *, at: dt.datetime) -> str:
    person = message.person
    is_quiet = bool(set(topics) & set(person.quiet_topics))
    if not is_quiet and not _is_of_quiet_body(message, person):
        return ""
    if _asks_something_else(message, at=at):
        return ""
    return (
        _("Nach eigenem Wunsch abbestellt.")
        if is_quiet
        else _("Nach eigenem Wunsch nur das Nötigste aus diesem Bündnis.")
    )


def _rests(person: Person, topics: Collection[str], at: dt.datetime) -> bool:
    """A reminder, in school holidays."""
    if not person.quiet_in_holidays or MailTopic.REMINDERS not in topics:
        return False
    return calendar_days.school_holiday(local_date(at)) is not None


def _of_digest(message: OutboxMessage, person: Person) -> str:
    rhythm = DigestRhythm(person.digest)
    until = message.data.get("until")
    if rhythm == DigestRhythm.NEVER:
        return _("Der Brief mit Neuigkeiten ist abbestellt.")
    since = message.data.get("since")
    before = dt.datetime.fromisoformat(since) if since else None
    if until and not digest_windows.is_due(rhythm, end=dt.datetime.fromisoformat(until), before=before):
        return _("Der Brief mit Neuigkeiten kommt nach eigenem Wunsch nur einmal im Monat.")
    return ""


def _is_of_quiet_body(message: OutboxMessage, person: Person) -> bool:
    if not person.quiet_bodies or message.meeting_id is None:
        return False
    body = batch.once(("body of meeting", message.meeting_id), lambda: _body_of(message.meeting_id))
    return body in person.quiet_bodies


def _body_of(meeting_id: int | None) -> int | None:
    return Meeting.objects.filter(pk=meeting_id or 0).values_list("alliance_id", flat=True).first()


def _asks_something_else(message: OutboxMessage, *, at: dt.datetime) -> bool:
    if message.kind == MailKind.MINUTES:
        return ActionItem.objects.open().filter(owner=message.person, meeting=message.meeting_id).exists()
    if message.kind in {MailKind.CALL, MailKind.CALL_REMINDER}:
        meeting = Meeting.objects.select_related("alliance").filter(pk=message.meeting_id or 0).first()
        owed = unit_reports.waiting_for(meeting, at=at) if meeting is not None else []
        return any(row.contact.pk == message.person_id for row in owed)
    return False
