"""Keys with which other programs read, and propose agenda items, on behalf of a person."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import F, QuerySet

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.models import ApiToken, Person

_PREFIX = "bue_"  # lets a leaked key be recognised for what it is


def issue(person: Person, *, name: str, by: Person, at: dt.datetime) -> str:
    """A new key for `person`; the text is returned this once and never again."""
    text = _PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(person=person, name=name, digest=_digest(text), created_at=at, created_by=by)
        journal.record("api_token.issued", token, at=at, by=by)
    return text


def revoke(token: ApiToken, *, by: Person, at: dt.datetime) -> None:
    """End a key at once. Ending it twice changes nothing."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
            journal.record("api_token.revoked", token, at=at, by=by)


def person_of(text: str, *, at: dt.datetime) -> Person | None:
    """Whom this key stands for; None for a wrong or ended one. Notes the day of use, once a day."""
    token = ApiToken.objects.select_related("person").filter(digest=_digest(text), revoked_at__isnull=True).first()
    if token is None:
        return None
    today = local_date(at)
    if token.person.active_until is not None and token.person.active_until < today:
        return None
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token.person


def listed() -> QuerySet[ApiToken]:
    """All keys, the ones that work first."""
    return ApiToken.objects.select_related("person").order_by(F("revoked_at").asc(nulls_first=True), "name", "pk")


def _digest(text: str) -> str:
    """A plain digest is enough: the key itself has 256 random bits."""
    return hashlib.sha256(text.encode()).hexdigest()
