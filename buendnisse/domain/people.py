"""Who is on record: entered once, changed by one person at a time, and found again before entered twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import addresses, journal
from buendnisse.models import Membership, Organisation, Person

#: What the Fachstelle writes down of a person. Wishes (rhythm, large type) are the person's own.
FACTS = (
    "first_name",
    "last_name",
    "academic_title",
    "salutation",
    "organisation",
    "function",
    "email",
    "phone",
    "postal_address",
    "mail_format",
    "active_until",
)
_SHORTEST = 3  # of a name that is compared by its beginning


class PersonRefused(Exception):
    """This cannot be written down of a person; `str()` is a German sentence."""


class StalePerson(PersonRefused):
    """Somebody else changed the person meanwhile. `current` is what is stored now."""

    def __init__(self, current: Person) -> None:
        super().__init__(_("Inzwischen hat jemand anderes diese Person geändert. Bitte vergleichen Sie."))
        self.current = current


def similar(*, first_name: str, last_name: str, email: str) -> list[Person]:
    """Who could be meant: the same address, or a name that sounds alike. The likeliest first, at most six; one query."""
    wanted = Q(pk__in=())
    if email:
        wanted |= Q(email__iexact=email) | Q(further_addresses__address__iexact=email)
    if last_name:
        wanted |= Q(last_name__iexact=last_name, first_name__istartswith=first_name[:1])
        wanted |= Q(first_name__iexact=first_name, last_name__istartswith=last_name[:_SHORTEST])
        wanted |= Q(first_name__iexact=last_name, last_name__iexact=first_name)
    rows = Person.objects.filter(wanted, merged_into=None, forgotten_at=None).select_related("organisation").distinct()

    def distance(one: Person) -> tuple[bool, bool, str]:
        same_address = bool(email) and one.email.lower() == email.lower()
        same_name = (one.first_name.lower(), one.last_name.lower()) == (first_name.lower(), last_name.lower())
        return (not same_name, not same_address, one.last_name)

    return sorted(rows, key=distance)[:6]


def enter(
    *, first_name: str, last_name: str, organisation: Organisation, by: Person, at: dt.datetime, **facts: Any
) -> Person:
    """Somebody new. An address that others read too is a shared mailbox: every mail then names its reader.

    The same `handle` again gives the same person: a double tap is one. Raises PersonRefused.
    """
    _require_names(first_name, last_name)
    twins = Person.objects.filter(handle=facts.get("handle", ""))
    there: Person | None = twins.first()
    if there is not None:
        return there
    try:
        with transaction.atomic():
            person: Person = Person.objects.create(
                first_name=first_name.strip(), last_name=last_name.strip(), organisation=organisation, **facts
            )
            addresses.share(person)
            journal.record("person.entered", person, at=at, by=by)
    except IntegrityError:
        there = twins.first()
        if there is None:
            raise
        return there  # the other tap was faster
    return person


def edit(person: Person, *, facts: Mapping[str, Any], version: int, by: Person, at: dt.datetime) -> list[str]:
    """Write these facts down on top of `version`; the names of those that changed.

    The journal keeps which facts changed, not what they say. An address the Fachstelle enters counts as confirmed.
    Raises StalePerson, PersonRefused.
    """
    _require_names(facts.get("first_name", person.first_name), facts.get("last_name", person.last_name))
    try:
        with transaction.atomic():
            stored = Person.objects.select_for_update().get(pk=person.pk)
            changed = sorted(name for name, said in facts.items() if getattr(stored, name) != said)
            if not changed:
                return []  # a second tap, or nothing to do
            if stored.version != version:
                raise StalePerson(stored)
            if stored.may_sign_in and not facts.get("email", stored.email):
                raise PersonRefused(
                    _("%s meldet sich mit der E-Mail-Adresse an. Ohne Adresse geht das nicht.") % stored.full_name
                )
            if "active_until" in changed and facts["active_until"] is not None:
                _require_no_seat_after(stored, facts["active_until"])
            fields = {name: facts[name] for name in changed}
            if "email" in fields and stored.may_sign_in:
                fields["address_confirmed_at"] = at
            Person.objects.filter(pk=stored.pk).update(version=F("version") + 1, **fields)
            person.refresh_from_db()
            if "email" in fields:
                addresses.open_wishes(person).delete()  # somebody has settled it
                addresses.share(person)
            journal.record("person.edited", person, at=at, by=by, data={"fields": changed})
    except IntegrityError as taken:
        raise PersonRefused(_("Mit dieser Adresse meldet sich schon jemand anders an.")) from taken
    return changed


def differing(typed: Mapping[str, Any], stored: Person) -> list[tuple[str, Any, Any]]:
    """Each fact where what was typed and what is stored differ: its name, ours, theirs."""
    return [(name, said, getattr(stored, name)) for name, said in typed.items() if said != getattr(stored, name)]


def _require_no_seat_after(person: Person, day: dt.date) -> None:
    """Whoever has left sits nowhere: seats end on their own, with invitations taken back and a successor."""
    rows = Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=day), person=person)
    if names := [row.body.name for row in rows.select_related("body").order_by("body_id")]:
        raise PersonRefused(
            _("%(name)s gehört noch zu %(bodies)s. Bitte regeln Sie erst die Nachfolge.")
            % {"name": person.full_name, "bodies": german.listing(names)}
        )


def _require_names(first_name: str, last_name: str) -> None:
    if not first_name.strip() or not last_name.strip():
        raise PersonRefused(_("Bitte tragen Sie Vornamen und Nachnamen ein."))
