"""What one person sees at a moment, worked out once and asked by every `visible_to`.

The rules (data protection: as little as the task needs, Art. 25 DSGVO):
Fachstelle everything · reader what members of all bodies see · members the overview of all bodies and the
inside of their own, deputies included · guests the meetings they are invited to · technical admin nothing ·
confidential things only the chosen organisations and the Fachstelle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from buendnisse.clock import local_date
from buendnisse.enums import Office, Role
from buendnisse.models.membership import Membership
from buendnisse.models.person import Person


@dataclass(frozen=True)
class Sight:
    """`inside`: bodies whose minutes, papers and attendance are seen. `organisations`: for which the person sits there."""

    person_id: int | None = None
    everything: bool = False
    all_bodies: bool = False
    inside: frozenset[int] = frozenset()
    chairs: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()

    @property
    def overview(self) -> bool:
        """Agenda titles, decisions, relays, notices, contacts of all bodies."""
        return self.everything or self.all_bodies or bool(self.inside)

    def sees_inside(self, body_id: int) -> bool:
        """Minutes' text, papers, attendance of this body."""
        return self.everything or self.all_bodies or body_id in self.inside


BLIND = Sight()
#: Of a membership.
OF_SIGHT = ("body_id", "role", "organisation_id")


def sight_of(person: object, *, at: dt.datetime) -> Sight:
    """The sight of a person, or of nobody in particular (BLIND). One query at most; none where it is known already."""
    if isinstance(person, Sight):
        return person
    if not isinstance(person, Person):
        return BLIND
    if person.office in {Office.ADMIN, Office.FACHSTELLE}:
        return sight_by(person, ())
    rows = Membership.objects.filter(person=person).active_on(local_date(at))
    return sight_by(person, list(rows.values_list(*OF_SIGHT)))


def sight_by(person: Person, rows: Collection[Sequence[Any]]) -> Sight:
    """The sight that the office and these active memberships give, each as its columns `OF_SIGHT`. No query."""
    if person.office == Office.ADMIN:
        return BLIND
    if person.office == Office.FACHSTELLE:
        return Sight(person.pk, everything=True, all_bodies=True)
    return Sight(
        person.pk,
        all_bodies=person.office == Office.READER,
        inside=frozenset(body for body, role, _organisation in rows if role != Role.GUEST),
        chairs=frozenset(body for body, role, _organisation in rows if role in {Role.CHAIR, Role.DEPUTY_CHAIR}),
        organisations=frozenset(organisation for _body, role, organisation in rows if role != Role.GUEST),
    )
