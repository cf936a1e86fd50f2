"""People, organisations and bodies with readable values and no randomness."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from buendnisse.enums import BodyKind, Role
from buendnisse.models import Alliance, Body, Membership, Organisation, Person, Unit, Venue


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"org-{n}")
    name = factory.Sequence(lambda n: f"Verein {n} e. V.")
    short_name = factory.Sequence(lambda n: f"Verein {n}")
    kind = "verein"


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    handle = factory.Sequence(lambda n: f"p-{n}")
    first_name = "Hedwig"
    last_name = factory.Sequence(lambda n: f"Muster{n}")
    salutation = "frau"
    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.LazyAttribute(lambda person: f"{person.handle}@verein.example")


class VenueFactory(DjangoModelFactory[Venue]):
    class Meta:
        model = Venue

    slug = factory.Sequence(lambda n: f"ort-{n}")
    name = "Kreishaus Haseburg, Sitzungsraum 1"
    is_step_free = True
    has_induction_loop = True
    bus_note = "Stadtbus bis 21:10 Uhr ab Kreishaus"


class AllianceFactory(DjangoModelFactory[Alliance]):
    class Meta:
        model = Alliance

    slug = "arbeit"
    kind = BodyKind.ALLIANCE
    name = "Arbeitsbündnis Arbeit"
    short_name = "AB Arbeit"
    prefix = "A"


class ExternalBodyFactory(DjangoModelFactory[Body]):
    class Meta:
        model = Body

    slug = factory.Sequence(lambda n: f"ausschuss-{n}")
    kind = BodyKind.EXTERNAL
    name = "Jugendhilfeausschuss"
    short_name = "Jugendhilfeausschuss"


class UnitFactory(DjangoModelFactory[Unit]):
    """An organisation assigned to the Fachstelle."""

    class Meta:
        model = Unit

    organisation = factory.SubFactory(OrganisationFactory)
    slug = factory.SelfAttribute("organisation.slug")
    name = factory.SelfAttribute("organisation.name")
    short_name = factory.SelfAttribute("organisation.short_name")
    kind = BodyKind.UNIT
    programme = "Netwin"
    funder = "ESF Plus"


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    body = factory.SubFactory(AllianceFactory)
    person = factory.SubFactory(PersonFactory)
    organisation = factory.SelfAttribute("person.organisation")
    role = Role.MEMBER
    is_voting = True
    since = dt.date(2025, 1, 1)
