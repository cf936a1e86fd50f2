"""What a report about a mail of ours sets off. The rule for each kind stands in `_EFFECTS`.

Nothing is ever answered: a report has no sender, and whoever writes one reads no mail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse.domain import journal, mail_wishes
from buendnisse.enums import DigestRhythm, Via
from buendnisse.models import FurtherAddress, Person
from notifications.bounces import Report
from notifications.bounces.status import code_in, kind_of
from notifications.domain import returns
from notifications.enums import OutboxState, ReturnKind
from notifications.imip.event import AddressRefused, Party
from notifications.models import InboundMessage, MailReturn, OutboxMessage

#: What came back for a while goes again a day later, twice.
_SOFT_AGAIN = dt.timedelta(days=1)
_SOFT_TRIES = 2
#: So many different mails that came back so within a month are as good as a dead address.
_SOFT_IS_HARD_AFTER = 3
_SOFT_COUNTS_FOR = dt.timedelta(days=30)
#: Its bytes are there, or what it is written from.
_CAN_GO_AGAIN = Q(payload__isnull=False) | ~Q(data={}) & ~Q(kind__in=returns.ASKED_FOR)


def settle(report: Report, *, inbound: InboundMessage | None, at: dt.datetime) -> MailReturn | None:
    """Note what a report says and do what follows; None where it is about no mail of ours. Needs no transaction."""
    message = returns.of_report(report)
    if message is None:
        return None
    kind = _kind(message, report.kind)
    with transaction.atomic():
        row = _write(message, kind, status=report.status, words=report.diagnostic, at=at)
        if inbound is not None:
            MailReturn.objects.filter(pk=row.pk).update(inbound=inbound)
        _EFFECTS[kind](row, message, at)
    return row


def refused(message: OutboxMessage, reply: str, *, at: dt.datetime) -> MailReturn:
    """The same where the relay itself refuses for good, with its reply as it stands."""
    status = code_in(reply)
    kind = _kind(message, kind_of(status, reply))
    with transaction.atomic():
        row = _write(message, kind, status=status, words=reply, at=at)
        _EFFECTS[kind](row, message, at)
    return row


def _kind(message: OutboxMessage, said: str) -> ReturnKind:
    """What went to the address of a test says nothing about its reader: somebody looks at it, and nothing else follows."""
    return ReturnKind.POLICY if message.redirected_to else ReturnKind(said)


def _write(message: OutboxMessage, kind: ReturnKind, *, status: str, words: str, at: dt.datetime) -> MailReturn:
    return MailReturn.objects.create(
        message=message,
        person=message.person,
        copy_to=message.copy_to,
        address=message.redirected_to or message.to_address,
        kind=kind,
        status=status,
        diagnostic=words[:250],
        at=at,
    )


def _hard(row: MailReturn, message: OutboxMessage, at: dt.datetime) -> None:
    """The address takes no mail: it is to be looked into, and what waits for it is held."""
    _failed(row, message)
    if message.kind in returns.TO_THE_OFFICE:
        return  # open: nobody gets what is passed on, and no person's address is wrong
    if message.copy_to is not None:
        stop_copies(row, message.copy_to, at)
    elif is_current(row):
        hold(message.person, row, at)
    else:
        _settle(row, at)  # of an address the person has no longer


def _soft(row: MailReturn, message: OutboxMessage, at: dt.datetime) -> None:
    """Once more tomorrow, with the same bytes; only what comes back again and again is somebody's matter."""
    since = at - _SOFT_COUNTS_FOR
    of_address = MailReturn.objects.filter(
        kind=ReturnKind.SOFT, person=message.person, address=row.address, at__gt=since
    )
    if of_address.values("message").distinct().count() >= _SOFT_IS_HARD_AFTER:
        _hard(row, message, at)
        return
    tries = of_address.filter(message=message).count()
    if tries > _SOFT_TRIES or not _goes_again(row, message, at):
        _failed(row, message)
    _settle(row, at)


def _policy(row: MailReturn, message: OutboxMessage, at: dt.datetime) -> None:
    """Refused for what we are, not for whom it was for: the IT's matter, and the person keeps getting mail."""
    _failed(row, message)


def _complaint(row: MailReturn, message: OutboxMessage, at: dt.datetime) -> None:
    """The letter with news stops at once; invitations are no advertising, so the Fachstelle hears of it and talks."""
    if message.copy_to is not None:
        stop_copies(row, message.copy_to, at)
    elif message.kind not in returns.TO_THE_OFFICE:
        mail_wishes.choose_rhythm(message.person, rhythm=DigestRhythm.NEVER, at=at, via=Via.RULE)


def _delayed(row: MailReturn, message: OutboxMessage, at: dt.datetime) -> None:
    """The other side is still trying: shown beside the mail, and nothing to do."""
    _settle(row, at)


_EFFECTS: Mapping[str, Callable[[MailReturn, OutboxMessage, dt.datetime], None]] = {
    ReturnKind.HARD: _hard,
    ReturnKind.SOFT: _soft,
    ReturnKind.POLICY: _policy,
    ReturnKind.COMPLAINT: _complaint,
    ReturnKind.DELAYED: _delayed,
}


def is_current(row: MailReturn) -> bool:
    """Whether the mail went to the address the person has today."""
    return bool(row.address) and address_of(row.person) == row.address.lower()


def address_of(person: Person) -> str:
    """The address as it stands on envelopes; empty where there is none that could."""
    try:
        return Party(person.email).address.lower()
    except AddressRefused:
        return ""


def _failed(row: MailReturn, message: OutboxMessage) -> None:
    """It did not arrive after all. What cannot be sent again (an old mail, a code) is left as it is."""
    words = _("Kam zurück, %(kind)s: %(words)s") % {"kind": row.get_kind_display(), "words": row.diagnostic}
    sent = OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.SENT)
    sent.filter(_CAN_GO_AGAIN).update(state=OutboxState.FAILED, failure=words[:250])


def _goes_again(row: MailReturn, message: OutboxMessage, at: dt.datetime) -> bool:
    """False where it cannot. One that waits already needs no second push."""
    words = _("Kam zurück, %(kind)s: %(words)s") % {"kind": row.get_kind_display(), "words": row.diagnostic}
    sent = OutboxMessage.objects.filter(_CAN_GO_AGAIN, pk=message.pk, state=OutboxState.SENT)
    again = {"state": OutboxState.WAITING, "not_before": at + _SOFT_AGAIN, "attempts": 0, "failure": words[:250]}
    return sent.update(**again) == 1 or message.state == OutboxState.WAITING


def hold(person: Person, row: MailReturn, at: dt.datetime) -> None:
    """The address takes no mail: what waits for it, and what will be written, stays here until somebody has looked."""
    known = Person.objects.filter(pk=person.pk, email=person.email)
    if known.exclude(failed_address=person.email).update(failed_address=person.email):
        data = {"message": row.message_id, "kind": row.kind}
        journal.record("person.address_failed", person, at=at, by=None, via=Via.RULE, reason=row.status, data=data)
    person.failed_address = person.email
    waiting = OutboxMessage.objects.filter(person=person, copy_to__isnull=True, state=OutboxState.WAITING)
    waiting.exclude(kind__in=returns.NEVER_HELD).update(state=OutboxState.STOPPED, is_held=True)


def stop_copies(row: MailReturn, address: FurtherAddress, at: dt.datetime) -> None:
    """No copies go to this address any more; the person's own mail is another matter."""
    if FurtherAddress.objects.filter(pk=address.pk, gets_copy=True).update(gets_copy=False):
        journal.record("person.copies_stopped", row.person, at=at, by=None, via=Via.RULE, data={"address": address.pk})
    waiting = OutboxMessage.objects.filter(copy_to=address, state=OutboxState.WAITING)
    waiting.update(state=OutboxState.SUPERSEDED)


def _settle(row: MailReturn, at: dt.datetime) -> None:
    row.settled_at = at
    row.save(update_fields=["settled_at"])
