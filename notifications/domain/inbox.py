"""Mail that comes in: filed, matched to an invitation, applied; what cannot be is the Fachstelle's to settle (`tray`)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from django.conf import settings
from django.db import IntegrityError, transaction

from notifications import bounces as reports
from notifications.domain import bounces, inbox_answers, inbox_passing, inbox_people, returns
from notifications.domain.inbox_verdict import Verdict
from notifications.enums import InboundKind, InboundOutcome, InboundReason, InboundSource, InboundState
from notifications.imip import incoming, mime
from notifications.imip.addresses import comparable, is_one_mailbox
from notifications.imip.incoming import Incoming
from notifications.models import InboundMessage

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


def receive(raw: bytes, *, at: dt.datetime, source: InboundSource) -> InboundMessage:
    """File one mail and do what it says, in one transaction. Never raises for what the bytes are.

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
    known.is_known = True
    return known


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
    if row.kind == InboundKind.CALENDAR:
        return inbox_answers.apply(row, mail, at=at)
    if report := reports.read(
        bytes(row.raw or b"")
    ):  # whatever the headers call it: some servers use words of their own
        return _of_report(row, report, at)
    if row.kind == InboundKind.REPORT:
        return Verdict.tray(InboundReason.REPORT)
    row.person = inbox_people.writer(mail, row.about)
    row.meeting = inbox_people.meeting_of(row.about)
    if row.kind == InboundKind.AUTOMATIC:
        return Verdict(InboundOutcome.AUTOMATIC, InboundReason.AUTOMATIC)
    if inbox_passing.is_worth_it(mail.date, at=at) and inbox_passing.may_pass_on(row):
        inbox_passing.pass_on(row, by=None, at=at)
    return Verdict.tray(InboundReason(mail.fault) if mail.fault else InboundReason.HUMAN)


def _of_report(row: InboundMessage, report: reports.Report, at: dt.datetime) -> Verdict:
    """What came of a mail of ours. Of one nobody here wrote it is open only where it could be ours all the same."""
    row.kind = InboundKind.REPORT
    is_complaint = report.kind == reports.Kind.COMPLAINT
    outcome = InboundOutcome.COMPLAINT if is_complaint else InboundOutcome.BOUNCE
    settled = bounces.settle(report, inbound=row, at=at)
    if settled is None:
        return Verdict(outcome, InboundReason.REPORT, is_open=returns.could_be_ours(report))
    row.about, row.person = settled.message, settled.person
    row.meeting = inbox_people.meeting_of(settled.message)
    if report.kind == reports.Kind.DELAYED:
        return Verdict(InboundOutcome.AUTOMATIC, InboundReason.AUTOMATIC)
    return Verdict(outcome, InboundReason.COMPLAINT if is_complaint else InboundReason.BOUNCE)


def _is_our_own(mail: Incoming) -> bool:
    """A mail of this program that came back: it is always marked as one a program wrote."""
    return mail.is_automatic and is_one_mailbox(mail.sender.address, comparable(settings.ORGANIZER_EMAIL))
