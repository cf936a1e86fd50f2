"""Organisations: entered once, found by name."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.text import slugify

from buendnisse.domain import journal
from buendnisse.enums import OrganisationKind
from buendnisse.models import Organisation, Person

_SLUG = 40  # characters, so that a number still fits behind


def enter(*, name: str, kind: OrganisationKind, by: Person, at: dt.datetime) -> Organisation:
    """A new organisation; one of that name already on record is given back as it is."""
    name = " ".join(name.split())
    known = Organisation.objects.filter(name__iexact=name).first()
    if known is not None:
        return known
    with transaction.atomic():
        made = Organisation.objects.create(slug=_free(name), name=name, short_name=name[:80], kind=kind)
        journal.record("organisation.entered", made, at=at, by=by)
    return made


def _free(name: str) -> str:
    base = slugify(name)[:_SLUG] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
