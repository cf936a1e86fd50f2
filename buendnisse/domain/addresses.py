"""A person's address for mail: another one, or the old one again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import AddressWish, FurtherAddress, Person, SharedMailbox
from buendnisse.models.person import PersonQuerySet


class AddressRefused(Exception):
    """The address cannot be this person's; `str()` is a German sentence."""


class StaleAddress(AddressRefused):
    """Somebody has changed the person meanwhile."""


def change(
    person: Person,
    *,
    email: str,
    version: int,
    by: Person,
    at: dt.datetime,
    via: str = Via.WEB,
    wished: AddressWish | None = None,
) -> None:
    """Enter another address; for who signs in it counts as confirmed, since the Fachstelle enters it.

    What was wished for before is settled by it: `wished` is the one that is answered, any other is over.
    Raises StaleAddress, or AddressRefused where somebody else signs in with it.
    """
    fields = {"email": email, "failed_address": "", "version": version + 1}
    if person.may_sign_in:
        fields["address_confirmed_at"] = at
    try:
        with transaction.atomic():
            if Person.objects.filter(pk=person.pk, version=version).update(**fields) != 1:
                raise StaleAddress(
                    _("Jemand hat diese Person gerade geändert. Bitte sehen Sie sich den neuen Stand an.")
                )
            open_wishes(person).exclude(pk=wished.pk if wished else 0).delete()
            data = {"wish": wished.pk} if wished else {}
            journal.record("person.address_changed", person, at=at, by=by, via=via, data=data)
            person.refresh_from_db()
            share(person)
    except IntegrityError as taken:
        raise AddressRefused(_("Mit dieser Adresse meldet sich schon jemand anders an.")) from taken


def wish(person: Person, *, email: str, at: dt.datetime, via: str = Via.LINK) -> AddressWish:
    """Somebody wants mail at another address: a mail goes there, and its link confirms it. Raises AddressRefused."""
    require_own(person, via=via)
    if email.lower() == person.email.lower():
        raise AddressRefused(_("Diese Adresse haben wir schon."))
    _require_free(person, email)
    with transaction.atomic():
        _hold(person)
        open_wishes(person).delete()
        made = AddressWish.objects.create(person=person, address=email, asked_at=at)
        journal.record("person.address_wished", made, at=at, by=person, via=via)
    return made


def confirm(row: AddressWish, *, at: dt.datetime, via: str = Via.LINK) -> None:
    """The mail to the new address was answered: it counts, and the one of before is told. Raises AddressRefused."""
    person = row.person
    require_own(person, via=via)
    with transaction.atomic():
        _hold(person)
        if open_wishes(person).filter(pk=row.pk).update(replaced=person.email) != 1:
            raise StaleAddress(_("Diese Bestätigung wird nicht mehr gebraucht."))
        change(person, email=row.address, version=person.version, by=person, at=at, via=via, wished=row)


def open_wishes(person: Person) -> QuerySet[AddressWish]:
    """Those without an answer. One that was answered stays until it is forgotten: the address of before is still told."""
    return AddressWish.objects.filter(person=person, replaced="")


def require_own(person: Person, *, via: str) -> None:
    """Whoever gets the codes to sign in is that person: a link alone, which mail passes on, moves them nowhere.

    Raises AddressRefused.
    """
    if person.may_sign_in and via == Via.LINK:
        raise AddressRefused(
            _("Mit Ihrer Adresse melden Sie sich auch an. Bitte melden Sie sich erst an, oder rufen Sie uns an.")
        )


def share(person: Person) -> None:
    """Keep on record who reads one mailbox together, as others are told that mail there has several readers."""
    for mailbox in SharedMailbox.objects.filter(people=person).exclude(address__iexact=person.email):
        mailbox.people.remove(person)
    others = list(sharing(person.email, besides=person))
    if others:
        mailbox, _made = SharedMailbox.objects.get_or_create(address=person.email.lower())
        mailbox.people.add(person, *others)


def sharing(email: str, *, besides: Person | None = None) -> PersonQuerySet:
    """Who else reads mail under this address."""
    rows: PersonQuerySet = (
        Person.objects.filter(email__iexact=email, merged_into=None) if email else Person.objects.none()
    )
    return rows.exclude(pk=besides.pk) if besides else rows


def shared(emails: Collection[str]) -> set[str]:
    """Those of these addresses that several people read, in lower case; one query."""
    rows = Person.objects.filter(merged_into=None).annotate(low=Lower("email"))
    rows = rows.filter(low__in={email.lower() for email in emails if email}).order_by().values("low")
    return set(rows.annotate(readers=Count("pk")).filter(readers__gt=1).values_list("low", flat=True))


def _hold(person: Person) -> None:
    """First the person, then the wishes, as everybody locks them: two at once wait for each other in one order."""
    Person.objects.select_for_update().get(pk=person.pk)


def _require_free(person: Person, email: str) -> None:
    """Early, so that nobody confirms in vain; the database decides in the end."""
    if (
        person.may_sign_in
        and Person.objects.filter(may_sign_in=True, email__iexact=email).exclude(pk=person.pk).exists()
    ):
        raise AddressRefused(_("Mit dieser Adresse meldet sich schon jemand anders an."))


def add(person: Person, *, address: str, label: str, gets_copy: bool, by: Person, at: dt.datetime) -> FurtherAddress:
    """One more address: copies go there if wanted, and answers from there count as the person's.

    Once more the same address changes what it is for. Raises AddressRefused for the person's own.
    """
    if address.lower() == person.email.lower():
        raise AddressRefused(_("An diese Adresse schreiben wir schon."))
    with transaction.atomic():
        rows = FurtherAddress.objects.select_for_update().filter(person=person, address__iexact=address)
        row = rows.first() or FurtherAddress(person=person, address=address)
        row.label, row.gets_copy = label, gets_copy
        row.save()
        journal.record("person.address_added", person, at=at, by=by, data={"address": row.pk})
    return row


def take_away(row: FurtherAddress, *, by: Person, at: dt.datetime) -> None:
    """This address is not the person's any more. What waits for it does not leave."""
    with transaction.atomic():
        journal.record("person.address_taken_away", row.person, at=at, by=by, data={"address": row.pk})
        row.delete()


def trust_again(person: Person, *, by: Person, at: dt.datetime) -> None:
    """The address holds after all. Where it does not fail this changes nothing and writes nothing."""
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk).exclude(failed_address="").update(failed_address=""):
            journal.record("person.address_holds", person, at=at, by=by)
    person.failed_address = ""
