"""A small fixed cast: three alliances, one person for each part, and one stranger.

Imke leads the Fachstelle, Birgit chairs Arbeit, Susanne is a member of Arbeit and Bildung, Hedwig (74, no
account) is a member of Gesellschaft, Rolf is Susanne's deputy in Arbeit, Corinna is a guest in Arbeit,
Theda reads (Dezernat), Lüder is the technical admin, Sven belongs to nobody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from buendnisse.enums import Office, Role
from buendnisse.models import Alliance, Installation, Person, Venue
from tests.factories.buendnisse import (
    AllianceFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    VenueFactory,
)
from tests.support.kept_rows import KeptRows

AT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)  # Monday, 9:00 in Berlin


@dataclass(frozen=True)
class World:
    bildung: Alliance
    gesellschaft: Alliance
    arbeit: Alliance
    imke: Person
    birgit: Person
    susanne: Person
    hedwig: Person
    rolf: Person
    corinna: Person
    theda: Person
    lueder: Person
    sven: Person
    venue: Venue


def build() -> World:
    """Store the cast and return it."""
    return _KEPT.store()


def _make() -> World:
    fachstelle = OrganisationFactory(
        slug="fachstelle",
        name="Landkreis Haseland – Fachstelle Integration",
        short_name="Fachstelle",
        kind="behoerde",
        is_voting=False,
    )
    bbs = OrganisationFactory(slug="bbs", name="Berufsbildende Schulen Emsfurt", short_name="BBS", kind="schule")
    jobcenter = OrganisationFactory(
        slug="jobcenter", name="Jobcenter Haseland", short_name="Jobcenter", kind="behoerde"
    )
    besuchsdienst = OrganisationFactory(
        slug="besuchsdienst", name="Besuchsdienst Hand in Hand", short_name="Hand in Hand", kind="initiative"
    )
    bildung = AllianceFactory(slug="bildung", name="Arbeitsbündnis Bildung", short_name="AB Bildung", prefix="B")
    gesellschaft = AllianceFactory(
        slug="gesellschaft", name="Arbeitsbündnis Gesellschaft", short_name="AB Gesellschaft", prefix="G"
    )
    arbeit = AllianceFactory()
    for one in (bildung, gesellschaft, arbeit):
        one.may_relay_to.set([other for other in (bildung, gesellschaft, arbeit) if other != one])
    people = {
        "imke": PersonFactory(
            handle="imke",
            first_name="Imke",
            last_name="Albers",
            organisation=fachstelle,
            office=Office.FACHSTELLE,
            may_sign_in=True,
        ),
        "birgit": PersonFactory(
            handle="birgit", first_name="Birgit", last_name="Hanneken", organisation=jobcenter, may_sign_in=True
        ),
        "susanne": PersonFactory(handle="susanne", first_name="Susanne", last_name="Overhage", organisation=bbs),
        "hedwig": PersonFactory(handle="hedwig", first_name="Hedwig", last_name="Burlage", organisation=besuchsdienst),
        "rolf": PersonFactory(
            handle="rolf", first_name="Rolf", last_name="Eilers", salutation="herr", organisation=bbs
        ),
        "corinna": PersonFactory(
            handle="corinna",
            first_name="Corinna",
            last_name="Lahme",
            organisation=OrganisationFactory(
                slug="verkehr", name="Verkehrsgesellschaft", short_name="VG", kind="unternehmen", is_voting=False
            ),
        ),
        "theda": PersonFactory(
            handle="theda",
            first_name="Theda",
            last_name="Terhorst",
            organisation=fachstelle,
            office=Office.READER,
            may_sign_in=True,
        ),
        "lueder": PersonFactory(
            handle="lueder",
            first_name="Lüder",
            last_name="Lüken",
            salutation="herr",
            organisation=fachstelle,
            office=Office.ADMIN,
            may_sign_in=True,
        ),
        "sven": PersonFactory(handle="sven", first_name="Sven", last_name="Fremd", salutation="herr"),
    }
    MembershipFactory(body=arbeit, person=people["birgit"], role=Role.CHAIR)
    MembershipFactory(body=arbeit, person=people["susanne"])
    MembershipFactory(body=bildung, person=people["susanne"])
    MembershipFactory(body=gesellschaft, person=people["hedwig"])
    MembershipFactory(body=arbeit, person=people["rolf"], role=Role.DEPUTY, is_voting=False)
    MembershipFactory(body=arbeit, person=people["corinna"], role=Role.GUEST, is_voting=False)
    Installation.objects.create(
        pk=1,
        district="Landkreis Haseland",
        office_phone="00000 4100",
        office_hours="montags bis freitags 9–12 Uhr",
        office_address="Haseburg",
        writer=people["imke"],
    )
    return World(bildung, gesellschaft, arbeit, venue=VenueFactory(), **people)


_KEPT = KeptRows(_make, "buendnisse")
