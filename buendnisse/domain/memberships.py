"""Who belongs to a body, in which part, from when to when. A membership ends with a date and stays readable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.enums import Role
from buendnisse.models import Body, Membership, Organisation, Person
from buendnisse.models.membership import MembershipQuerySet

#: Parts that may speak for an organisation where it has a vote.
_VOTING = frozenset({Role.CHAIR, Role.DEPUTY_CHAIR, Role.MEMBER})
#: Of two seats in one body the higher one is kept; others have none, and a guest is less than they are.
RANK: Mapping[Role, int] = {Role.CHAIR: 3, Role.DEPUTY_CHAIR: 2, Role.MEMBER: 1, Role.GUEST: -1}


class MembershipRefused(Exception):
    """It cannot begin or end like this; `str()` is a German sentence."""


class StaleMembership(MembershipRefused):
    """Somebody else changed it meanwhile. `current` is what is stored now."""

    def __init__(self, current: Membership) -> None:
        super().__init__(_("Inzwischen hat jemand anderes diese Mitgliedschaft geändert. Bitte vergleichen Sie."))
        self.current = current


def begin(
    person: Person,
    *,
    body: Body,
    organisation: Organisation,
    role: Role,
    since: dt.date,
    until: dt.date | None = None,
    by: Person,
    at: dt.datetime,
) -> Membership:
    """Somebody joins. The organisation's vote goes along where it has one and nobody else in the body casts it.

    Raises MembershipRefused: ends before it begins, a second chair, twice in one body, a body that has ended.
    """
    _require_order(since, until)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=body.pk)  # two who give the chair away at once
        if body.valid_until is not None and body.valid_until < since:
            raise MembershipRefused(
                _("„%(body)s“ gibt es seit dem %(day)s nicht mehr.")
                % {"body": body.name, "day": german.day(body.valid_until)}
            )
        _require_free(person, body, role, meanwhile(body, since, until))
        row = Membership.objects.create(
            body=body,
            person=person,
            organisation=organisation,
            role=role,
            since=since,
            until=until,
            is_voting=role in _VOTING and organisation.is_voting and not casts(body, organisation, since, until),
        )
        if person.active_until is not None and (until is None or until > person.active_until):
            Person.objects.filter(pk=person.pk).update(active_until=None, version=F("version") + 1)
            person.refresh_from_db(fields=["active_until", "version"])
        journal.record("membership.begun", row, at=at, by=by, body=body, reason=str(role), data=_data(row))
    return row


def end(
    membership: Membership,
    *,
    until: dt.date | None,
    version: int,
    by: Person,
    at: dt.datetime,
    successor: Person | None = None,
) -> bool:
    """The last day, or none again; False where it stands there already. Raises MembershipRefused, StaleMembership."""
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=membership.body_id)
        stored = Membership.objects.select_related("body", "person").get(pk=membership.pk)
        if stored.until == until and (successor is None or stored.successor_id == successor.pk):
            return False
        if stored.version != version:
            raise StaleMembership(stored)
        _require_order(stored.since, until)
        if until is None or (stored.until is not None and until > stored.until):
            _require_free(
                stored.person, stored.body, Role(stored.role), meanwhile(stored.body, stored.since, until, stored)
            )
        votes = stored.is_voting and not casts(stored.body, stored.organisation, stored.since, until, besides=stored)
        changed = Membership.objects.filter(pk=stored.pk, version=version).update(
            until=until, successor=successor, is_voting=votes, version=F("version") + 1
        )
        if changed != 1:
            raise StaleMembership(Membership.objects.get(pk=stored.pk))
        membership.refresh_from_db()
        journal.record("membership.ended", membership, at=at, by=by, body=stored.body, data=_data(membership))
    return True


def _require_order(since: dt.date, until: dt.date | None) -> None:
    if until is not None and until < since:
        raise MembershipRefused(
            _("Der letzte Tag (%(until)s) liegt vor dem ersten (%(since)s). Bitte prüfen Sie beide.")
            % {"until": german.day(until), "since": german.day(since)}
        )


def _require_free(person: Person, body: Body, role: Role, rows: MembershipQuerySet) -> None:
    """Neither this person nor, for the chair, anybody else among `rows`, the seats of that time."""
    rows = rows.select_related("person")
    own = rows.filter(person=person).first()
    if own is not None:
        raise MembershipRefused(
            _("%(name)s gehört schon zu „%(body)s“: %(role)s seit %(day)s. Bitte beenden Sie das zuerst.")
            % {
                "name": person.full_name,
                "body": body.name,
                "role": own.get_role_display(),
                "day": german.day(own.since),
            }
        )
    chair = rows.filter(role=Role.CHAIR).first() if role == Role.CHAIR else None
    if chair is not None:
        raise MembershipRefused(
            _("Den Vorsitz von „%(body)s“ hat schon %(name)s. Zwei zugleich gibt es nicht.")
            % {"body": body.name, "name": chair.person.full_name}
        )


def casts(
    body: Body, organisation: Organisation, since: dt.date, until: dt.date | None, besides: Membership | None = None
) -> bool:
    """Whether somebody else casts the organisation's vote in that time."""
    return meanwhile(body, since, until, besides).filter(organisation=organisation, is_voting=True).exists()


def meanwhile(
    body: Body, since: dt.date, until: dt.date | None, besides: Membership | None = None
) -> MembershipQuerySet:
    """Memberships of the body that share at least one day with this time."""
    rows = Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=since), body=body)
    if until is not None:
        rows = rows.filter(since__lte=until)
    return rows.exclude(pk=besides.pk) if besides else rows


def _data(row: Membership) -> dict[str, object]:
    return {
        "person": row.person_id,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }
