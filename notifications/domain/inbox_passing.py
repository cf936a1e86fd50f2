"""Mail in words goes on to the Fachstelle's own mailbox, where its people read."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef

from buendnisse.enums import Office, Via
from buendnisse.models import Installation, Person
from notifications.domain.inbox_answers import record
from notifications.enums import InboundVerb
from notifications.imip.addresses import comparable, is_one_mailbox
from notifications.models import InboundMessage

#: A mailbox that had another use before is read from its start; what is long answered is not worth a mail.
_WORTH_PASSING = dt.timedelta(days=14)


def mailbox() -> str:
    """Where mail in words goes on to: the Fachstelle's address of the Impressum. Empty: nowhere.

    Never the mailbox this program reads: that would be a circle.
    """
    installation = Installation.objects.filter(pk=1).first()
    address = comparable(installation.facts.get("office_email", "")) if installation else ""
    return "" if is_one_mailbox(address, comparable(settings.ORGANIZER_EMAIL)) else address


def keeper() -> Person | None:
    """In whose name the Fachstelle's mailbox stands in the Postausgang: whose name stands under letters, or the first."""
    writer = Installation.objects.filter(pk=1, writer=OuterRef("pk"))
    rows = Person.objects.filter(office=Office.FACHSTELLE).reachable_by_mail()
    found: Person | None = rows.order_by(Exists(writer).desc(), "pk").first()
    return found


def may_pass_on(row: InboundMessage) -> bool:
    """Not what a program wrote, not what came from that mailbox itself, and only while we still have it."""
    to = mailbox()
    if not to or row.raw is None or row.is_automatic or keeper() is None:
        return False
    return not is_one_mailbox(row.from_address, to)


def is_worth_it(written_at: dt.datetime | None, *, at: dt.datetime) -> bool:
    """Whether a mail that has just come in is young enough to be passed on by itself."""
    return written_at is None or at - written_at <= _WORTH_PASSING


def pass_on(row: InboundMessage, *, by: Person | None, at: dt.datetime) -> None:
    """By the outbox, at the next ring. Needs a transaction; the caller asked `may_pass_on`."""
    row.data = {**row.data, "passed_on": True}
    record(InboundVerb.PASSED_ON, row, by=by, at=at, via=Via.WEB if by else Via.RULE)
