"""Mail that comes back: the envelope sender that tells which it was, and what is held meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from buendnisse.models import FurtherAddress, Person
from notifications.bounces import Report, verp
from notifications.enums import MailKind
from notifications.imip.addresses import comparable, is_one_mailbox
from notifications.models import OutboxMessage

#: Somebody has just asked for them, or they end with the address; if they come back, nothing is lost.
ASKED_FOR = frozenset({MailKind.CODE, MailKind.LINK, MailKind.ADDRESS_CHECK, MailKind.ADDRESS_CHANGED})
#: To the Fachstelle's mailbox, in the name of somebody of it whose own address has nothing to do with that.
TO_THE_OFFICE = frozenset({MailKind.PASSED_ON})
#: What leaves, and never goes again by itself, however things stand with the person's address.
NEVER_HELD = ASKED_FOR | TO_THE_OFFICE


def sender(message: OutboxMessage) -> str:
    """The envelope sender of this message; the header From stays the organizer's."""
    return verp.sender(settings.BOUNCE_EMAIL, message.pk, key=settings.LINK_KEY)


def message_of(addresses: Iterable[str], *, message_id: str = "") -> OutboxMessage | None:
    """The message of ours a mail to these addresses is about: by its envelope sender, else by its Message-ID.

    Never by the recipient alone: anybody could have somebody's mail held by writing that it does not arrive.
    """
    rows = OutboxMessage.objects.select_related("person", "copy_to")
    number = verp.number(settings.BOUNCE_EMAIL, addresses, key=settings.LINK_KEY)
    found = rows.filter(pk=number).first() if number is not None else None
    return found or (rows.filter(message_id=message_id).first() if message_id else None)


def of_report(report: Report) -> OutboxMessage | None:
    return message_of(report.returned_to, message_id=report.message_id)


def is_of_its_reader(report: Report) -> bool:
    """Whether the very mailbox wrote it that it says our mail did not reach: an absence note, in whatever words."""
    message = of_report(report) if report.said_by else None
    return message is not None and is_one_mailbox(report.said_by, comparable(message.to_address))


def could_be_ours(report: Report) -> bool:
    """Whether a report that names no mail we know may be about one: others write under our address, and we get theirs."""
    named = report.message_id or report.thread_id
    return not named or named.endswith(f"@{domain()}>")


def domain() -> str:
    """The right side of our Message-IDs and UIDs: the organizer's own domain, which never changes."""
    return settings.ORGANIZER_EMAIL.rpartition("@")[2]


def is_held(kind: str, person: Person, copy_to: FurtherAddress | None) -> bool:
    """Whether mail of this kind waits until somebody has looked into the person's address."""
    return person.mail_comes_back and copy_to is None and kind not in NEVER_HELD
