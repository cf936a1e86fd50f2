"""What the Fachstelle does about mail that came back: another address, the old one again, or seen."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import addresses, journal
from buendnisse.models import AddressWish, FurtherAddress, Person
from notifications.domain import bounces, outbox, returns
from notifications.enums import MailKind, OutboxState, ReturnKind
from notifications.models import MailReturn, OutboxMessage
from notifications.models.mail_return import MailReturnQuerySet

#: Held for longer, a mail is history; the person is told by voice, or by the next one.
_WORTH_SENDING = dt.timedelta(days=30)
#: What came back for longer is not sent again by itself.
_WORTH_AGAIN = dt.timedelta(days=14)
_PORTION = 200
_SHOWN = 100


class AlreadySettled(Exception):
    """Somebody was faster. `str()` is a German sentence."""


@dataclass(frozen=True)
class Trouble:
    """One person whom no mail reaches, or one report to be passed on. `waiting`: mails held for the address."""

    last: MailReturn
    number: int
    waiting: int

    @property
    def person(self) -> Person:
        return self.last.person

    @property
    def phone(self) -> str:
        """The person's own number, or the one they answer as Ansprechperson; empty where there is none."""
        numbers = (contact.phone for contact in self.person.contacts.all() if contact.phone)
        return self.person.phone or next(numbers, "")

    @property
    def domain(self) -> str:
        return self.last.address.rpartition("@")[2]


@dataclass(frozen=True)
class Troubles:
    """What is open: the Fachstelle's mailbox, addresses to look into, copies that stopped, refusals for the IT, complaints."""

    mailboxes: Sequence[Trouble]
    addresses: Sequence[Trouble]
    copies: Sequence[Trouble]
    policy: Sequence[Trouble]
    complaints: Sequence[Trouble]

    def __bool__(self) -> bool:
        return bool(self.mailboxes or self.addresses or self.copies or self.policy or self.complaints)


def troubles() -> Troubles:
    """Everything open, the latest first. Three queries however many."""
    rows = list(
        MailReturn.objects.open()
        .select_related("person__organisation", "copy_to", "message")
        .prefetch_related("person__contacts")
        .order_by("-at", "-pk")[:_SHOWN]
    )
    held = OutboxMessage.objects.filter(
        is_held=True, state=OutboxState.STOPPED, person__in=[row.person_id for row in rows]
    )
    waiting = dict(held.order_by().values_list("person").annotate(Count("pk")))
    grouped: dict[tuple[str, object], list[MailReturn]] = defaultdict(list)
    for row in rows:
        grouped[matter(row)].append(row)
    found: dict[str, list[Trouble]] = defaultdict(list)
    for (name, _key), group in grouped.items():
        found[name].append(Trouble(group[0], len(group), waiting.get(group[0].person_id, 0)))
    kinds = ("mailbox", "address", "copy", str(ReturnKind.POLICY), str(ReturnKind.COMPLAINT))
    return Troubles(*(found[kind] for kind in kinds))


def one(number: int) -> MailReturn | None:
    return MailReturn.objects.select_related("person__organisation", "copy_to", "message").filter(pk=number).first()


def open_count() -> int:
    """How many reports wait for somebody."""
    return MailReturn.objects.open().count()


def of_message(message: OutboxMessage) -> list[MailReturn]:
    """What came back about one mail, the latest first."""
    return list(message.returns.order_by("-at", "-pk"))


def holds(person: Person, *, by: Person, at: dt.datetime) -> int:
    """The address is right after all: what was held or came back goes with the same bytes; the number of mails."""
    with transaction.atomic():
        addresses.trust_again(person, by=by, at=at)
        return _catch_up(person, by=by, at=at)


def correct(person: Person, *, email: str, version: int, by: Person, at: dt.datetime) -> int:
    """Enter another address; what was held or came back goes there, the number of mails.

    Raises addresses.AddressRefused.
    """
    with transaction.atomic():
        addresses.change(person, email=email, version=version, by=by, at=at)
        return _catch_up(person, by=by, at=at)


def confirm(wish: AddressWish, *, via: str, at: dt.datetime) -> int:
    """The mail to a new address was answered; what was held or came back goes there, the number of mails.

    Raises addresses.AddressRefused.
    """
    with transaction.atomic():
        addresses.confirm(wish, via=via, at=at)
        return _catch_up(wish.person, by=wish.person, at=at)


def see(row: MailReturn, *, by: Person, at: dt.datetime) -> None:
    """Passed on to the IT, or talked about: all reports of its kind and reason are settled. Raises AlreadySettled."""
    alike = MailReturn.objects.open().filter(kind=row.kind).select_related("message")
    same = [one.pk for one in alike if matter(one) == matter(row)]
    with transaction.atomic():
        if not _close(MailReturn.objects.filter(pk__in=same), by=by, at=at):
            raise AlreadySettled(_("Das hat gerade schon jemand erledigt."))
        journal.record("mail.return_seen", row, at=at, by=by, reason=row.kind)


def copies_again(row: MailReturn, *, by: Person, at: dt.datetime) -> None:
    """Copies go to this address again, from the next mail on. Raises AlreadySettled, also where it is gone."""
    with transaction.atomic():
        if row.copy_to is None or not _close(MailReturn.objects.filter(copy_to=row.copy_to), by=by, at=at):
            raise AlreadySettled(_("Das hat gerade schon jemand erledigt."))
        FurtherAddress.objects.filter(pk=row.copy_to.pk).update(gets_copy=True)
        journal.record("person.copies_go_again", row.person, at=at, by=by, data={"address": row.copy_to.pk})


def release_due(*, at: dt.datetime) -> int:
    """The same for people whose address was changed elsewhere; the number of mails. A step of the ring."""
    done = 0
    for person in (
        Person.objects.exclude(failed_address="").exclude(email=F("failed_address")).order_by("pk")[:_PORTION]
    ):
        with transaction.atomic():
            done += _catch_up(person, by=None, at=at)
            Person.objects.filter(pk=person.pk).update(failed_address="")
    return done


def forget(*, at: dt.datetime) -> int:
    """Settled reports after 90 days, as the mails they came in; the number deleted. A step of the ring."""
    old = MailReturn.objects.filter(settled_at__lt=at - dt.timedelta(days=90)).order_by("pk")
    return MailReturn.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_PORTION])).delete()[0]


#: A soft report stays open only where it made the address a failed one.
_OF_ADDRESSES = (ReturnKind.HARD, ReturnKind.SOFT)


def matter(row: MailReturn) -> tuple[str, object]:
    """What is one matter: a person's address, one copy, one provider's refusal, one person's complaint, our mailbox."""
    if row.kind == ReturnKind.POLICY:
        return str(ReturnKind.POLICY), (row.address.rpartition("@")[2], row.status)
    if row.message.kind in returns.TO_THE_OFFICE:
        return "mailbox", row.address
    if row.kind == ReturnKind.COMPLAINT:
        return str(ReturnKind.COMPLAINT), row.person_id
    return ("copy", row.copy_to_id) if row.copy_to_id else ("address", row.person_id)


def _close(rows: MailReturnQuerySet, *, by: Person | None, at: dt.datetime) -> int:
    return rows.open().update(settled_at=at, settled_by=by)


def _catch_up(person: Person, *, by: Person | None, at: dt.datetime) -> int:
    """What is still worth sending goes, in the order it was written; the reports are settled."""
    messages = OutboxMessage.objects.filter(person=person)
    if not person.wants_mail:
        messages.filter(is_held=True).update(state=OutboxState.SUPERSEDED, is_held=False)
    about_addresses = person.mail_returns.open().filter(kind__in=_OF_ADDRESSES, copy_to__isnull=True)
    about_addresses = about_addresses.exclude(message__kind__in=returns.TO_THE_OFFICE)
    came_back = messages.filter(
        Exists(about_addresses.filter(message=OuterRef("pk"))),
        state=OutboxState.FAILED,
        created_at__gt=at - _WORTH_AGAIN,
    ).exclude(Q(pk__in=messages.outdated().values("pk")) | Q(kind__in=returns.NEVER_HELD))
    held = messages.filter(state=OutboxState.STOPPED, is_held=True)
    held.filter(created_at__lte=at - _WORTH_SENDING).update(state=OutboxState.SUPERSEDED, is_held=False)
    going = [] if not person.wants_mail else list((came_back | held).select_related("person").order_by("pk")[:_PORTION])
    for message in going:
        _release(message, at)
    _close(about_addresses, by=by, at=at)
    return len(going)


def _release(message: OutboxMessage, at: dt.datetime) -> None:
    """To another address it goes as another mail: who reads it there never had the first."""
    if message.payload is None or message.to_address.lower() == bounces.address_of(message.person):
        outbox.release(message, at=at)
        return
    OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxState.SUPERSEDED, is_held=False)
    outbox.write(
        kind=MailKind(message.kind),
        person=message.person,
        occasion=f"again{message.pk}:{message.occasion}",
        at=at,
        matter=message.matter,
        meeting_id=message.meeting_id,
        data={name: value for name, value in message.data.items() if name != "told"},
    )
