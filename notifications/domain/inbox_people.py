"""Who wrote, and what of ours it is about: by address and by the thread."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.db.models.functions import Lower

from buendnisse.models import FurtherAddress, Person, SharedMailbox
from meetings.models import Meeting
from notifications.domain import returns
from notifications.imip.addresses import comparable, is_one_mailbox, without_tag
from notifications.imip.incoming import Incoming
from notifications.models import OutboxMessage

_MOST_READERS = 20


def addresses_of(person: Person) -> frozenset[str]:
    """Every address we know as this person's, in comparable spelling: own, further, and mailboxes read together."""
    further = FurtherAddress.objects.filter(person=person).values_list("address", flat=True)
    shared = SharedMailbox.objects.filter(people=person).values_list("address", flat=True)
    found = {comparable(one) for one in (person.email, *further, *shared)}
    return frozenset(found - {""})


def former_addresses_of(person: Person) -> frozenset[str]:
    """Where this person was written to before, in comparable spelling.

    Not where only something went that was asked for, as a code to an address that was never confirmed, or that was for
    the Fachstelle.
    """
    rows = OutboxMessage.objects.filter(person=person, copy_to=None).exclude(to_address="")
    rows = rows.exclude(kind__in=returns.ASKED_FOR | returns.TO_THE_OFFICE)
    return frozenset(comparable(one) for one in rows.values_list("to_address", flat=True).distinct())


def is_one_of(address: str, known: frozenset[str]) -> bool:
    """Whether mail to `address` is read where mail to one of the known ones is: plus tags only sort."""
    return any(is_one_mailbox(address, one) for one in known)


def readers_of(address: str) -> list[Person]:
    """The people an address belongs to, by name; several where they share a mailbox."""
    spellings = _spellings(address)
    if not spellings:
        return []
    further = FurtherAddress.objects.annotate(low=Lower("address")).filter(low__in=spellings).values("person")
    shared = SharedMailbox.objects.annotate(low=Lower("address")).filter(low__in=spellings).values("people")
    rows = Person.objects.annotate(low=Lower("email")).filter(forgotten_at__isnull=True, merged_into=None)
    found = rows.filter(Q(low__in=spellings) | Q(pk__in=further) | Q(pk__in=shared)).select_related("organisation")
    return list(found.order_by("last_name", "first_name", "pk")[:_MOST_READERS])


def answered(message_ids: Sequence[str]) -> OutboxMessage | None:
    """The message of ours a mail answers, by the identifiers of its thread."""
    if not message_ids:
        return None
    rows = OutboxMessage.objects.filter(message_id__in=list(message_ids)).select_related("person__merged_into")
    return rows.order_by("-pk").first()


def writer(mail: Incoming, about: OutboxMessage | None) -> Person | None:
    """Who wrote a mail in words: by the address, and where several read it, by whose mail it answers."""
    readers = readers_of(mail.sender.address)
    asked = about.person.merged_into or about.person if about is not None else None
    if asked in readers:
        return asked
    return readers[0] if len(readers) == 1 else None


def meeting_of(about: OutboxMessage | None) -> Meeting | None:
    """The meeting a message of ours was about."""
    if about is None or about.meeting_id is None:
        return None
    return Meeting.objects.filter(pk=about.meeting_id).first()


def _spellings(address: str) -> set[str]:
    """As people type it: with the letters of an international domain, too, and without what is behind a plus."""
    found = {address, without_tag(address)} - {""}
    for one in list(found):
        local, _at, domain = one.rpartition("@")
        try:
            found.add(f"{local}@{domain.encode('ascii').decode('idna')}")
        except UnicodeError:
            continue
    return found
