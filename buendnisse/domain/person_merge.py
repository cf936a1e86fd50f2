"""Somebody was entered twice: everything of the double becomes the other's, and nothing is lost.

Every row that points at the double is pointed at the one who stays, whatever floor it belongs to. Where both have the
same (an answer for one meeting, a link for one purpose), the double's row stays with the double, which is kept, named
nowhere, and leads to who it is really. So a merge can be taken back, and links in old mails go on working.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import addresses, journal, memberships
from buendnisse.enums import Role
from buendnisse.models import Body, Change, FurtherAddress, Membership, Organisation, Person

#: Facts the one who stays gets from the double, where they are empty.
_FILLED = ("academic_title", "function", "email", "phone", "postal_address", "note")
#: The sign-in package keeps rows of its own; a double that is merged away never signed in.
_SIGN_IN = "account"


class MergeRefused(Exception):
    """These two cannot be made one; `str()` is a German sentence."""


def require_two(double: Person, stays: Person) -> None:
    """Raises MergeRefused where the two are one already, or one of them must not go."""
    if double.pk == stays.pk:
        raise MergeRefused(_("Das ist dieselbe Person. Bitte wählen Sie zwei verschiedene Einträge."))
    if double.merged_into_id is not None or stays.merged_into_id is not None:
        raise MergeRefused(_("Einer der beiden Einträge ist schon mit einem anderen zusammengeführt."))
    if double.forgotten_at is not None or stays.forgotten_at is not None:
        raise MergeRefused(_("Der Name eines der beiden Einträge ist schon gelöscht. Er bleibt, wie er ist."))
    if double.may_sign_in:
        raise MergeRefused(
            _("%s meldet sich mit diesem Eintrag an. Bitte führen Sie umgekehrt zusammen.") % double.full_name
        )


def hold(double: Person, stays: Person) -> None:
    """Both as they are now, and nobody changes them until the transaction ends. Raises MergeRefused."""
    both = Q(pk__in=(double.pk, stays.pk)) | Q(merged_into=double)
    list(Person.objects.select_for_update().filter(both).order_by("pk").values_list("pk", flat=True))
    for one in (double, stays):
        one.refresh_from_db()
    require_two(double, stays)


def merge(double: Person, *, into: Person, by: Person, at: dt.datetime) -> Change:
    """Make `double` and `into` one. Raises MergeRefused."""
    with transaction.atomic():
        hold(double, into)
        stays = into
        addresses.open_wishes(double).delete()
        seats = _end_weaker_seats(double, stays, at)
        moved: dict[str, list[int]] = defaultdict(list)
        for field in _pointing_at_people():
            name = f"{field.model._meta.label_lower}.{field.name}"
            moved[name] += _point(field, double, stays)
        joined = {name: _join(name, double, stays) for name in ("topics", "shared_mailboxes")}
        filled = _fill(double, stays)
        address = _keep_address(double, stays)
        left_on = _come_back(stays)
        followed = list(Person.objects.filter(merged_into=double).order_by("pk").values_list("pk", flat=True))
        Person.objects.filter(pk__in=followed).update(merged_into=stays)
        yesterday = local_date(at) - dt.timedelta(days=1)
        Person.objects.filter(pk=double.pk).update(merged_into=stays, active_until=yesterday, version=F("version") + 1)
        data = {
            "double": double.pk,
            "moved": {name: numbers for name, numbers in moved.items() if numbers},
            "joined": joined,
            "ended": seats.ended,
            "voting": seats.voting,
            "freed": seats.freed,
            "filled": filled,
            "address": address,
            "followed": followed,
            "active_until": double.active_until.isoformat() if double.active_until else None,
            "left_on": left_on.isoformat() if left_on else None,
        }
        change = journal.record("person.merged", stays, at=at, by=by, data=data)
    for one in (double, into):
        one.refresh_from_db()
    return change


def latest(stays: Person) -> Change | None:
    """The newest merge into this person that can still be taken back."""
    doubles = set(Person.objects.filter(merged_into=stays, forgotten_at=None).values_list("pk", flat=True))
    if not doubles or stays.forgotten_at is not None:
        return None
    rows = Change.objects.of(stays).filter(verb="person.merged").order_by("-pk")
    return next((row for row in rows if row.data["double"] in doubles), None)


def part(stays: Person, *, double: int, by: Person, at: dt.datetime) -> Person:
    """They were two after all: the double (its number) gets back what came from it; what is new since stays.

    Of several it must be the one merged last. Raises MergeRefused.
    """
    with transaction.atomic():
        both = Q(pk=stays.pk) | Q(merged_into=stays)
        held = {row.pk: row for row in Person.objects.select_for_update().filter(both).order_by("pk")}
        change = latest(held[stays.pk])
        if change is None or change.data["double"] != double:  # a second tap must not part the one before, too
            raise MergeRefused(_("Dieser Eintrag ist nicht mehr mit dieser Person zusammengeführt."))
        data = change.data
        other: Person = held[double]
        _give_back(data, other, held[stays.pk])
        filled = [name for name in data["filled"] if getattr(held[stays.pk], name) == getattr(other, name)]
        Person.objects.filter(pk=stays.pk).update(version=F("version") + 1, **dict.fromkeys(filled, ""))
        if left_on := data.get("left_on"):
            _leave_again(stays, dt.date.fromisoformat(left_on))
        Person.objects.filter(pk__in=data.get("followed", ()), merged_into=stays).update(merged_into=other)
        Person.objects.filter(pk=other.pk).update(
            merged_into=None, active_until=data["active_until"], version=F("version") + 1
        )
        journal.record("person.parted", stays, at=at, by=by, data={"double": double})
    for one in (other, stays):
        one.refresh_from_db()
    return other


def _give_back(data: dict[str, Any], double: Person, stays: Person) -> None:
    """Rows that still are as the merge left them."""
    for name, numbers in data["moved"].items():
        label, _dot, field = name.rpartition(".")
        model = apps.get_model(label)
        model._base_manager.filter(pk__in=numbers, **{field: stays.pk}).update(**{field: double.pk})
    Membership.objects.filter(pk__in=data.get("voting", ())).update(is_voting=False, version=F("version") + 1)
    for number, until, is_voting, version in data["ended"]:
        for seat in Membership.objects.filter(pk=number, version=version).select_related("body", "organisation"):
            _run_again(seat, dt.date.fromisoformat(until) if until else None, is_voting=is_voting)
    for name, numbers in data["joined"].items():
        getattr(stays, name).remove(*numbers)
    FurtherAddress.objects.filter(pk=data["address"] or 0, address__iexact=double.email).delete()


def _pointing_at_people() -> Iterator[models.ForeignKey[models.Model, models.Model]]:
    """Every foreign key to a person; links between two rows of people themselves left out.

    The journal stays as it is: it tells who did it, under the number of then.
    """
    for relation in Person._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if not isinstance(field, models.ForeignKey) or field.model in {Person, Change}:
            continue
        meta = field.model._meta
        if not meta.auto_created and meta.app_label != _SIGN_IN:  # many-to-many is joined by `_join`
            yield field


def _point(field: models.ForeignKey[models.Model, models.Model], double: Person, stays: Person) -> list[int]:
    """Point this field's rows at the one who stays; the numbers of those that moved.

    A row that would be the second of its kind stays. One that has its person as its key goes under another number.
    """
    rows = field.model._base_manager.filter(**{field.name: double})
    numbers = list(rows.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            rows.update(**{field.name: stays})
    except IntegrityError:
        numbers = [number for number in numbers if _point_one(field, number, stays)]
    return [stays.pk for _number in numbers] if field.primary_key else numbers


def _point_one(field: models.ForeignKey[models.Model, models.Model], number: int, stays: Person) -> bool:
    try:
        with transaction.atomic():
            field.model._base_manager.filter(pk=number).update(**{field.name: stays})
    except IntegrityError:
        return False
    return True


def _run_again(seat: Membership, until: dt.date | None, *, is_voting: bool) -> None:
    """As before the merge; what somebody was given since, the vote or the seat itself, stays with them."""
    open_again = Membership.objects.filter(body=seat.body_id, person=seat.person_id, role=seat.role, until=None)
    if until is None and open_again.exclude(pk=seat.pk).exists():
        return
    votes = is_voting and not memberships.casts(seat.body, seat.organisation, seat.since, until, seat)
    Membership.objects.filter(pk=seat.pk).update(until=until, is_voting=votes, version=F("version") + 1)


@dataclass
class _Seats:
    """`ended`: what a seat was before, and its version since. `voting`: where a vote went to. `freed`: votes nobody casts."""

    ended: list[list[object]] = field(default_factory=list)
    voting: list[int] = field(default_factory=list)
    freed: list[list[int]] = field(default_factory=list)


def _end_weaker_seats(double: Person, stays: Person, at: dt.datetime) -> _Seats:
    """A body both sit in at one time: the weaker seat ends before the other, so that one person has one seat.

    A vote goes along within its organisation; that of another organisation is free.
    """
    today, found = local_date(at), _Seats()
    running = Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=today))
    for theirs in running.filter(person=double).select_related("body").order_by("pk"):
        for own in memberships.meanwhile(theirs.body, theirs.since, theirs.until).filter(person=stays).order_by("pk"):
            if (own.until is not None and own.until < today) or not _share_a_day(theirs, own):
                continue
            stronger, weaker = (theirs, own) if _strength(theirs) > _strength(own) else (own, theirs)
            _end_before(weaker, stronger, today, found)
            theirs.refresh_from_db()
    return found


def _share_a_day(one: Membership, other: Membership) -> bool:
    return (one.until is None or one.until >= other.since) and (other.until is None or other.until >= one.since)


def _end_before(weaker: Membership, stronger: Membership, today: dt.date, found: _Seats) -> None:
    until = max(weaker.since, max(today, stronger.since) - dt.timedelta(days=1))
    votes = weaker.is_voting and today <= until < stronger.since  # until the other begins it is the only seat
    known = next((row for row in found.ended if row[0] == weaker.pk), None)
    if known is not None:
        known[-1] = weaker.version + 1
    else:
        before = [weaker.pk, weaker.until.isoformat() if weaker.until else None, weaker.is_voting]
        found.ended.append([*before, weaker.version + 1])
    Membership.objects.filter(pk=weaker.pk).update(until=until, is_voting=votes, version=F("version") + 1)
    if not weaker.is_voting:
        return
    if weaker.organisation_id != stronger.organisation_id:
        found.freed.append([weaker.body_id, weaker.organisation_id])
    elif not stronger.is_voting:
        Membership.objects.filter(pk=stronger.pk).update(is_voting=True, version=F("version") + 1)
        found.voting.append(stronger.pk)


def free_votes(change: Change) -> list[str]:
    """Whose vote in which body nobody casts since this merge, in words."""
    bodies = Body.objects.in_bulk([body for body, _whose in change.data["freed"]])
    organisations = Organisation.objects.in_bulk([whose for _body, whose in change.data["freed"]])
    return [
        _("%(organisation)s in %(body)s") % {"organisation": organisations[whose].name, "body": bodies[body].name}
        for body, whose in change.data["freed"]
    ]


def _strength(seat: Membership) -> tuple[int, bool]:
    return memberships.RANK.get(Role(seat.role), 0), seat.is_voting


def _come_back(stays: Person) -> dt.date | None:
    """Whoever had left is here again where a seat of the double runs on; the day they had left, which holds no longer."""
    left_on: dt.date | None = stays.active_until
    if left_on is None or not _sits_after(stays, left_on):
        return None
    Person.objects.filter(pk=stays.pk).update(active_until=None)
    return left_on


def _leave_again(stays: Person, left_on: dt.date) -> None:
    """Nothing of theirs runs past that day any more."""
    if not _sits_after(stays, left_on):
        Person.objects.filter(pk=stays.pk, active_until=None).update(active_until=left_on)


def _sits_after(person: Person, day: dt.date) -> bool:
    return Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=day), person=person).exists()


def _join(name: str, double: Person, stays: Person) -> list[int]:
    """Add what the double has of this many-to-many; the numbers of what is new."""
    there = set(getattr(stays, name).values_list("pk", flat=True))
    new = [pk for pk in getattr(double, name).values_list("pk", flat=True) if pk not in there]
    getattr(stays, name).add(*new)
    return new


def _fill(double: Person, stays: Person) -> list[str]:
    """What is empty comes from the double; the names of these facts."""
    found = {name: getattr(double, name) for name in _FILLED if getattr(double, name) and not getattr(stays, name)}
    Person.objects.filter(pk=stays.pk).update(version=F("version") + 1, **found)
    return sorted(found)


def _keep_address(double: Person, stays: Person) -> int | None:
    """The double's address stays known, so that answers from there are the person's."""
    known = {stays.email.lower(), *(one.address.lower() for one in stays.further_addresses.all())}
    if not double.email or not stays.email or double.email.lower() in known:
        return None
    return FurtherAddress.objects.create(person=stays, address=double.email).pk
