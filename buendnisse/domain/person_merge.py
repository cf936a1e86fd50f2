"""Somebody was entered twice: everything of the double becomes the other's, and nothing is lost.

Every row that points at the double is pointed at the one who stays, whatever floor it belongs to. Where both have the
same (an answer for one meeting, a link for one purpose), the double's row stays with the double, which is kept, named
nowhere, and leads to who it is really. So a merge can be taken back, and links in old mails go on working.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal, memberships
from buendnisse.enums import Role
from buendnisse.models import AddressWish, Change, FurtherAddress, Membership, Person

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
        AddressWish.objects.filter(person=double).delete()
        ended, voting = _end_weaker_seats(double, stays, at)
        moved: dict[str, list[int]] = defaultdict(list)
        for field in _pointing_at_people():
            name = f"{field.model._meta.label_lower}.{field.name}"
            moved[name] += _point(field, double, stays)
        joined = {name: _join(name, double, stays) for name in ("topics", "shared_mailboxes")}
        filled = _fill(double, stays)
        address = _keep_address(double, stays)
        followed = list(Person.objects.filter(merged_into=double).order_by("pk").values_list("pk", flat=True))
        Person.objects.filter(pk__in=followed).update(merged_into=stays)
        yesterday = local_date(at) - dt.timedelta(days=1)
        Person.objects.filter(pk=double.pk).update(merged_into=stays, active_until=yesterday, version=F("version") + 1)
        data = {
            "double": double.pk,
            "moved": {name: numbers for name, numbers in moved.items() if numbers},
            "joined": joined,
            "ended": ended,
            "voting": voting,
            "filled": filled,
            "address": address,
            "followed": followed,
            "active_until": double.active_until.isoformat() if double.active_until else None,
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
        seats = Membership.objects.filter(pk=number, version=version)
        seats.update(until=until, is_voting=is_voting, version=F("version") + 1)
    for name, numbers in data["joined"].items():
        getattr(stays, name).remove(*numbers)
    FurtherAddress.objects.filter(pk=data["address"] or 0, address__iexact=double.email).delete()


def _pointing_at_people() -> Iterator[models.ForeignKey[models.Model, models.Model]]:
    """Every foreign key to a person; links between two rows of people themselves left out.

    The journal stays as it is: it tells who did it, under the number of then. A wish for another address ends.
    """
    for relation in Person._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if not isinstance(field, models.ForeignKey) or field.model in {Person, Change, AddressWish}:
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


def _end_weaker_seats(double: Person, stays: Person, at: dt.datetime) -> tuple[list[list[object]], list[int]]:
    """A body both sit in today: the weaker seat ends yesterday, so that one person has one seat, with a vote if one had it.

    What ended, with what it was before and its version since; and the seats the vote went to.
    """
    today = local_date(at)
    running = Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=today))
    own = {row.body_id: row for row in running.filter(person=stays)}
    ended: list[list[object]] = []
    voting: list[int] = []
    for theirs in running.filter(person=double, body__in=list(own)).order_by("pk"):
        stronger, weaker = own[theirs.body_id], theirs
        if _strength(weaker) > _strength(stronger):
            stronger, weaker = weaker, stronger
        until = max(weaker.since, today - dt.timedelta(days=1))
        before = [weaker.pk, weaker.until.isoformat() if weaker.until else None, weaker.is_voting]
        ended.append([*before, weaker.version + 1])
        Membership.objects.filter(pk=weaker.pk).update(until=until, is_voting=False, version=F("version") + 1)
        if weaker.is_voting and not stronger.is_voting and weaker.organisation_id == stronger.organisation_id:
            Membership.objects.filter(pk=stronger.pk).update(is_voting=True, version=F("version") + 1)
            voting.append(stronger.pk)
    return ended, voting


def _strength(seat: Membership) -> tuple[int, bool]:
    return memberships.RANK.get(Role(seat.role), 0), seat.is_voting


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
