"""Mail that comes in: filed, matched to an invitation, applied; what cannot be is the Fachstelle's to settle (`tray`)."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re

from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from notifications import bounces as reports
from notifications.domain import bounces, inbox_answers, inbox_passing, inbox_people, returns
from notifications.domain.inbox_verdict import Verdict
from notifications.enums import InboundKind, InboundOutcome, InboundReason, InboundSource, InboundState
from notifications.imip import incoming, mime
from notifications.imip.addresses import comparable, is_one_mailbox
from notifications.imip.incoming import Incoming
from notifications.models import InboundMessage, Invitation

logger = logging.getLogger(__name__)

#: What an organizer says: in a mail to us it is our own invitation that came back, or somebody else's.
_OF_ORGANIZERS = frozenset({"REQUEST", "CANCEL"})
#: What came of a mail that a report is about. Every other kind: it did not arrive.
_OF_REPORTS = {
    reports.Kind.COMPLAINT: (InboundOutcome.COMPLAINT, InboundReason.COMPLAINT),
    reports.Kind.DELAYED: (InboundOutcome.AUTOMATIC, InboundReason.DELAYED),
    reports.Kind.UNCHECKED: (InboundOutcome.AUTOMATIC, InboundReason.UNCHECKED),
}
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


def receive(raw: bytes, *, at: dt.datetime, source: InboundSource) -> InboundMessage:
    """File one mail and do what it says, in one transaction. What cannot be read or done is no error: it lies in the tray.

    The same mail again changes nothing: its first row comes back, with `is_known` set.
    """
    mail = incoming.read(raw)
    key = _key(mail, raw)
    known = InboundMessage.objects.filter(key=key).first()
    if known is None:
        try:
            with transaction.atomic():
                return _file(mail, raw, key=key, at=at, source=source)
        except IntegrityError:  # another reader was faster
            known = InboundMessage.objects.get(key=key)
        except (DataError, UnicodeError):
            logger.exception("a mail that came in holds what cannot be stored")
            return set_aside(raw, at=at, source=source)
    known.is_known = True
    return known


def set_aside(raw: bytes, *, at: dt.datetime, source: InboundSource) -> InboundMessage:
    """Put a mail into the tray without a look into it: reading it did harm. Nobody reads it again either."""
    row, is_new = InboundMessage.objects.get_or_create(
        key=_key(Incoming(), raw),
        defaults={
            "source": source,
            "received_at": at,
            "kind": InboundKind.HUMAN,
            "outcome": InboundOutcome.TRAY,
            "reason": InboundReason.UNREADABLE,
            "state": InboundState.OPEN,
            "raw": raw[: mime.LONGEST],
            "is_cut": len(raw) > mime.LONGEST,
        },
    )
    row.is_known = not is_new
    return row


def read_again(row: InboundMessage) -> Incoming | None:
    """The mail of a row, for who looks at it; None once its bytes were deleted. One that was set aside says nothing."""
    if row.raw is None:
        return None
    if row.reason == InboundReason.UNREADABLE:
        return Incoming(fault="unreadable", is_cut=row.is_cut)
    return incoming.read(bytes(row.raw))


def _key(mail: Incoming, raw: bytes) -> str:
    """What is the same however often and by whatever way a mail is fetched: servers write headers of their own."""
    body = _END_OF_HEADERS.split(raw, maxsplit=1)[-1]
    what = mail.calendar or body if mail.message_id else raw
    return hashlib.sha256(mail.message_id.encode() + b"\0" + what).hexdigest()


def _file(mail: Incoming, raw: bytes, *, key: str, at: dt.datetime, source: InboundSource) -> InboundMessage:
    row = InboundMessage.objects.create(
        key=key,
        source=source,
        received_at=at,
        kind=InboundKind(mail.kind),
        outcome=InboundOutcome.TRAY,
        reason=InboundReason.HUMAN,
        from_address=mail.sender.address,
        from_name=mail.sender.name,
        subject=mail.subject,
        message_id=mail.message_id,
        is_automatic=mail.is_automatic,
        raw=raw[: mime.LONGEST],
        is_cut=mail.is_cut,
    )
    verdict = _decide(row, mail, at)
    row.outcome, row.reason, row.refusal = verdict.outcome, verdict.reason, verdict.refusal[:250]
    row.state = InboundState.OPEN if verdict.is_open else InboundState.FILED
    row.save()
    return row


def _decide(row: InboundMessage, mail: Incoming, at: dt.datetime) -> Verdict:
    """What becomes of it. What the mail says and whom it is about is noted in `row` on the way."""
    if _is_our_own(mail):
        row.kind = InboundKind.AUTOMATIC
        return Verdict(InboundOutcome.AUTOMATIC, InboundReason.OWN_MAIL)
    row.about = inbox_people.answered(mail.answers_to)
    ours = _enclosed_invitation(mail)
    if ours is not None:
        row.kind = InboundKind.AUTOMATIC if mail.is_automatic else InboundKind.HUMAN
    if row.kind == InboundKind.CALENDAR:
        return inbox_answers.apply(row, mail, at=at)
    report = reports.read(bytes(row.raw or b""))  # whatever the headers call it: some servers use words of their own
    if report is not None and not returns.is_of_its_reader(report):
        return _of_report(row, report, at)
    if row.kind == InboundKind.REPORT:
        return Verdict.tray(InboundReason.REPORT)
    row.person = inbox_people.writer(mail, row.about)
    row.meeting = inbox_people.meeting_of(row.about) or (ours.meeting if ours is not None else None)
    if row.kind == InboundKind.AUTOMATIC:
        return Verdict(InboundOutcome.AUTOMATIC, InboundReason.AUTOMATIC)
    return _in_words(row, mail, at)


def _in_words(row: InboundMessage, mail: Incoming, at: dt.datetime) -> Verdict:
    """Somebody reads it, in the Fachstelle's own mailbox, too; nobody is sent what is empty."""
    if mail.is_empty:
        return Verdict.tray(InboundReason.EMPTY)
    if inbox_passing.is_worth_it(mail.date, at=at) and inbox_passing.may_pass_on(row):
        inbox_passing.pass_on(row, by=None, at=at)
    in_words = InboundReason.WINMAIL if _is_winmail(mail) else InboundReason.HUMAN
    return Verdict.tray(InboundReason(mail.fault) if mail.fault else in_words)


def _is_winmail(mail: Incoming) -> bool:
    """All Outlook meant to say is in a form of its own, which only Outlook reads: the Fachstelle's own may."""
    return not mail.text.strip() and any(one.name.lower() == "winmail.dat" for one in mail.files)


def _enclosed_invitation(mail: Incoming) -> Invitation | None:
    """Our own invitation where a mail in words brings it back: some programs answer with everything that was attached."""
    said = mail.answer
    if said is None or said.method not in _OF_ORGANIZERS or mail.fault or not (mail.is_enclosed and mail.text):
        return None
    if said.organizer != comparable(settings.ORGANIZER_EMAIL):
        return None
    return Invitation.objects.select_related("meeting").filter(uid=said.uid).first()


def _of_report(row: InboundMessage, report: reports.Report, at: dt.datetime) -> Verdict:
    """What came of a mail of ours. Of one nobody here wrote it is open only where it could be ours all the same."""
    row.kind = InboundKind.REPORT
    outcome, reason = _OF_REPORTS.get(report.kind, (InboundOutcome.BOUNCE, InboundReason.BOUNCE))
    about = returns.of_report(report)
    if about is None:
        if not returns.could_be_ours(report):
            return Verdict(outcome, InboundReason.FOREIGN_REPORT)
        return Verdict(outcome, InboundReason.REPORT, is_open=outcome != InboundOutcome.AUTOMATIC)
    row.about, row.person, row.meeting = about, about.person, inbox_people.meeting_of(about)
    if report.kind != reports.Kind.UNCHECKED:
        bounces.settle(report, inbound=row, at=at)
    return Verdict(outcome, reason)


def _is_our_own(mail: Incoming) -> bool:
    """A mail of this program that came back: it is always marked as one a program wrote."""
    return mail.is_automatic and is_one_mailbox(mail.sender.address, comparable(settings.ORGANIZER_EMAIL))
