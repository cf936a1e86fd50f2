"""A person's address for mail: another one, or the old one again."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal
from buendnisse.models import Person


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


def trust_again(person: Person, *, by: Person, at: dt.datetime) -> None:
    """The address holds after all. Where it does not fail this changes nothing and writes nothing."""
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk).exclude(failed_address="").update(failed_address=""):
            journal.record("person.address_holds", person, at=at, by=by)
    person.failed_address = ""
