"""The first person of the Fachstelle, who lets everybody else in."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from buendnisse.domain import journal, link_requests, links
from buendnisse.enums import LinkPurpose, Office, OrganisationKind, Via
from buendnisse.models import AccessLink, Installation, Organisation, Person


class SharedAddress(Exception):
    """Several people read mail under this address: nobody can sign in with it."""


def has_somebody() -> bool:
    """Whether anybody of the Fachstelle may sign in yet."""
    return bool(Person.objects.filter(office=Office.FACHSTELLE, may_sign_in=True).exists())


def admit(address: str, *, first_name: str = "", last_name: str = "", at: dt.datetime) -> tuple[Person, bool]:
    """Make the person with this address one of the Fachstelle who may sign in; enter her if she is unknown.

    Returns the person and whether she is new. Without names they are taken from the address. Raises SharedAddress.
    """
    with transaction.atomic():
        known = list(Person.objects.filter(email__iexact=address)[:2])
        if len(known) > 1:
            raise SharedAddress
        if not known:
            known = [_enter(address, first_name, last_name)]
            is_new = True
        else:
            is_new = False
        person = known[0]
        Person.objects.filter(pk=person.pk).update(
            office=Office.FACHSTELLE,
            may_sign_in=True,
            address_confirmed_at=at,
            active_until=None,
            version=F("version") + 1,
        )
        Installation.objects.get_or_create(pk=1)
        Installation.objects.filter(pk=1, writer__isnull=True).update(writer=person)
        journal.record("person.admitted", person, at=at, by=None, via=Via.COMMAND)
    person.refresh_from_db()
    return person, is_new


def sign_in_link(person: Person, *, at: dt.datetime) -> AccessLink:
    """A new link that signs this person in once, for a day; one given out before stops working."""
    until = at + link_requests.SIGN_IN_FOR
    link = links.grant(person, purpose=LinkPurpose.SIGN_IN, until=until, at=at)
    links.renew(link, until=until)
    return link


def _enter(address: str, first_name: str, last_name: str) -> Person:
    office, _made = Organisation.objects.get_or_create(
        slug="fachstelle",
        defaults={
            "name": "Fachstelle Integration",
            "short_name": "Fachstelle",
            "kind": OrganisationKind.AUTHORITY,
            "is_voting": False,
        },
    )
    guess = address.partition("@")[0].replace("_", ".").title().split(".")
    person: Person = Person.objects.create(
        first_name=first_name or " ".join(guess[:-1]),
        last_name=last_name or guess[-1],
        organisation=office,
        email=address.lower(),
    )
    return person
