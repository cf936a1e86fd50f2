"""A person's address for mail: another one, or the old one again."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import AddressWish, FurtherAddress, Person


class AddressRefused(Exception):
    """The address cannot be this person's; `str()` is a German sentence."""


class StaleAddress(AddressRefused):
    """Somebody has changed the person meanwhile."""


def change(person: Person, *, email: str, version: int, by: Person, at: dt.datetime) -> None:
    """Enter another address; for who signs in it counts as confirmed, since the Fachstelle enters it.

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
            journal.record("person.address_changed", person, at=at, by=by)
    except IntegrityError as taken:
        raise AddressRefused(_("Mit dieser Adresse meldet sich schon jemand anders an.")) from taken
    person.refresh_from_db()


def wish(person: Person, *, email: str, at: dt.datetime, via: str = Via.LINK) -> AddressWish:
    """Somebody wants mail at another address: a mail goes there, and its link confirms it. Raises AddressRefused."""
    if email.lower() == person.email.lower():
        raise AddressRefused(_("Diese Adresse haben wir schon."))
    _require_free(person, email)
    with transaction.atomic():
        AddressWish.objects.filter(person=person).delete()
        made = AddressWish.objects.create(person=person, address=email, asked_at=at)
        journal.record("person.address_wished", made, at=at, by=person, via=via)
    return made


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
