"""Who may do and see what: the one module every entrance asks. Sets of visible rows are `visible_to` beside it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser

from buendnisse.clock import local_date
from buendnisse.enums import BodyKind, Office, Role
from buendnisse.models import Body, Membership, Person, Unit
from buendnisse.models.membership import MembershipQuerySet

Someone = Person | AnonymousUser


def is_signed_in(person: Someone) -> bool:
    """Anybody with an account."""
    return isinstance(person, Person)


def may_read(person: Someone) -> bool:
    """Pages of the alliances: anybody with an account but the technical administration, which sees no content."""
    return is_signed_in(person) and not is_admin(person)


def is_fachstelle(person: Someone) -> bool:
    """The Fachstelle sees and does everything."""
    return isinstance(person, Person) and person.office == Office.FACHSTELLE


def is_reader(person: Someone) -> bool:
    """The Dezernat: what members of all bodies see, and reports; changes nothing."""
    return isinstance(person, Person) and person.office == Office.READER


def is_admin(person: Someone) -> bool:
    """Technical administration: no content at all."""
    return isinstance(person, Person) and person.office == Office.ADMIN


def is_member(person: Someone, *, at: dt.datetime) -> bool:
    """In any body at all, guests left out."""
    return isinstance(person, Person) and _memberships(person, at).exclude(role=Role.GUEST).exists()


def may_see_overview(person: Someone, *, at: dt.datetime) -> bool:
    """Agenda titles, decisions, relays, notices, contacts: members of all bodies, the reader, the Fachstelle."""
    return is_fachstelle(person) or is_reader(person) or is_member(person, at=at)


def may_see_inside(person: Someone, body: Body, *, at: dt.datetime) -> bool:
    """Minutes' text, papers, attendance: one's own body (deputies included), the reader, the Fachstelle."""
    if is_fachstelle(person) or is_reader(person):
        return True
    return isinstance(person, Person) and _memberships(person, at).filter(body=body).exclude(role=Role.GUEST).exists()


def may_object(person: Someone, body: Body, *, at: dt.datetime) -> bool:
    """Report a mistake in minutes: who belongs to the body, and the Fachstelle for them. The reader changes nothing."""
    return is_fachstelle(person) or (may_see_inside(person, body, at=at) and not is_reader(person))


def may_moderate(person: Someone) -> bool:
    """Planning, agenda, attendance, minutes, relays: the Fachstelle."""
    return is_fachstelle(person)


def may_keep_people(person: Someone) -> bool:
    """Look after people, memberships, successions and letters by post: the Fachstelle."""
    return is_fachstelle(person)


def is_chair(person: Someone, body: Body, *, at: dt.datetime) -> bool:
    """Chair or deputy chair of this body."""
    return (
        isinstance(person, Person)
        and _memberships(person, at).filter(body=body, role__in=[Role.CHAIR, Role.DEPUTY_CHAIR]).exists()
    )


def may_answer_for(person: Someone, body: Body, *, at: dt.datetime) -> bool:
    """Say what becomes of what another body asks: who leads an alliance, who works in a unit or is its member."""
    if not isinstance(person, Person):
        return False
    if body.meets:
        return is_chair(person, body, at=at)
    if body.kind != BodyKind.UNIT:
        return False
    works_there = Unit.objects.filter(pk=body.pk, organisation=person.organisation_id or 0)
    return _memberships(person, at).filter(body=body).exclude(role=Role.GUEST).exists() or works_there.exists()


def led_bodies(person: Someone, *, at: dt.datetime) -> MembershipQuerySet:
    """Bodies this person leads, as a subquery: their meetings' page for the projector opens on the chair's computer too."""
    rows = _memberships(person, at) if isinstance(person, Person) else Membership.objects.none()
    return rows.filter(role__in=[Role.CHAIR, Role.DEPUTY_CHAIR]).values("body")  # type: ignore[return-value]


def may_see_outbox(person: Someone) -> bool:
    return is_fachstelle(person)


def may_see_inbox(person: Someone) -> bool:
    return is_fachstelle(person)


def own_body_ids(person: Someone, *, at: dt.datetime) -> frozenset[int]:
    """Bodies whose inside this person sees by membership."""
    if not isinstance(person, Person):
        return frozenset()
    return frozenset(_memberships(person, at).exclude(role=Role.GUEST).values_list("body_id", flat=True))


def _memberships(person: Person, at: dt.datetime) -> MembershipQuerySet:
    return Membership.objects.filter(person=person).active_on(local_date(at))
