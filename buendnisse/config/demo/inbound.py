"""Mail that came in over the weekend: the real reader has read it, and the Fachstelle finds it in its tray."""

from __future__ import annotations

import datetime as dt
from string import Template

from django.conf import settings

from buendnisse import german
from buendnisse.config.demo.source import FOLDER
from buendnisse.config.demo.stage import Stage
from buendnisse.models import Change
from notifications.domain import inbox
from notifications.enums import InboundSource, InboundVerb, MailKind, OutboxState
from notifications.imip import incoming
from notifications.models import Dispatch, InboundMessage, Invitation, OutboxMessage

_MINUTE = dt.timedelta(minutes=1)
#: File, who wrote it or is said to have, and to which meeting it belongs.
_MAILS = (
    ("frage.eml", "p-vossberg", "m-2026-q4-arbeit"),
    ("anderer-termin.eml", "p-lindhoff", "m-2027-q1-bildung"),
    ("fremde-adresse.eml", "p-feldhaar", "m-2027-q1-gesellschaft"),
)


def load(stage: Stage) -> None:
    """Read them as they came. What they set off is done: who was to be asked was asked, nothing waits to leave.

    Before the Fachstelle has a mailbox of its own, so that nothing is said to have been passed on.
    """
    for name, person, meeting in _MAILS:
        raw = _filled(stage, name, person, meeting).encode().replace(b"\n", b"\r\n")
        sent_at = incoming.read(raw).date
        assert sent_at is not None  # noqa: S101 -- it stands in the file
        at = sent_at + 2 * _MINUTE
        _tell(inbox.receive(raw, at=at, source=InboundSource.IMAP), at=at)


def _filled(stage: Stage, name: str, person: str, meeting: str) -> str:
    writer, sitting = stage.people[person], stage.meetings[meeting]
    mail = OutboxMessage.objects.filter(person=writer, meeting_id=sitting.pk, copy_to=None).first()
    return Template((FOLDER / "inbound" / name).read_text(encoding="utf-8")).substitute(
        name=writer.full_name,
        address=writer.email,
        organizer=settings.ORGANIZER_EMAIL,
        subject=mail.subject if mail else f"{sitting.alliance.word}, {german.short_day(sitting.start)}",
        uid=Invitation.objects.get(person=writer, meeting=sitting).uid,
        answers_to=mail.message_id if mail else "",
    )


def _tell(row: InboundMessage, *, at: dt.datetime) -> None:
    """The mails this set off count as sent, as all mail of the days before."""
    for change in Change.objects.filter(dispatch__isnull=True):
        is_asked = change.verb == InboundVerb.PROVISIONAL and row.person is not None
        if is_asked and row.person is not None and row.meeting is not None:
            OutboxMessage.objects.create(
                kind=MailKind.REPLY_CHECK,
                person=row.person,
                occasion=f"{MailKind.REPLY_CHECK}:{change.pk}",
                matter=f"reply_check:{row.person.pk}",
                data={"asked_about": [row.pk]},
                state=OutboxState.SENT,
                created_at=at,
                not_before=at + _MINUTE,
                sent_at=at + _MINUTE,
                attempts=1,
                subject=f"{row.meeting.alliance.word}, {german.short_day(row.meeting.start)}: Ist diese Antwort von Ihnen?",
                to_address=row.person.email,
                message_id=f"<{MailKind.REPLY_CHECK}.{change.pk}@{settings.ORGANIZER_EMAIL.rpartition('@')[2]}>",
            )
        Dispatch.objects.create(change=change, at=at, messages=int(is_asked))
