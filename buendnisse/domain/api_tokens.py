"""Keys with which other programs read, and propose agenda items, on behalf of a person."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import ApiToken, Person

UNUSED_FOR = dt.timedelta(days=365)  # then a key ends by itself
KEPT_AFTER_END = dt.timedelta(days=365)  # so that the list still tells what there was

_PREFIX = "bue_"  # lets a leaked key be recognised for what it is


class KeyEnded(Exception):
    """The key of this form was ended meanwhile; `str()` is a German sentence."""


def issue(person: Person, *, name: str, by: Person, at: dt.datetime, form_key: uuid.UUID | None = None) -> str:
    """A new key for `person`; its text is stored nowhere.

    The same form sent twice gives the same key with the same text, so that a double tap neither makes two nor
    hides the one that was made. Raises KeyEnded.
    """
    text = _text(form_key or uuid.uuid4(), person, name)
    with transaction.atomic():
        token, made = ApiToken.objects.get_or_create(
            digest=_digest(text), defaults={"person": person, "name": name, "created_at": at, "created_by": by}
        )
        if made:
            journal.record("api_token.issued", token, at=at, by=by)
    if token.revoked_at is not None:
        raise KeyEnded(
            _("Dieser Schlüssel ist schon beendet. Bitte laden Sie die Seite neu und vergeben Sie einen neuen.")
        )
    return text


def revoke(token: ApiToken, *, by: Person | None, at: dt.datetime) -> None:
    """End a key at once; without `by`, by a rule. Ending it twice changes nothing."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
            journal.record("api_token.revoked", token, at=at, by=by, via=Via.WEB if by else Via.RULE)


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


def end_unused(*, at: dt.datetime, limit: int) -> int:
    """End keys nobody has used for a year: a forgotten key is an open door. The number ended."""
    before = at - UNUSED_FOR
    idle = Q(last_used_on__lt=local_date(before)) | Q(last_used_on__isnull=True, created_at__lt=before)
    found = list(ApiToken.objects.filter(idle, revoked_at__isnull=True).order_by("pk")[:limit])
    for token in found:
        revoke(token, by=None, at=at)
    return len(found)


def forget_ended(*, at: dt.datetime, limit: int) -> int:
    """Delete keys that ended more than a year ago; the number deleted."""
    old = ApiToken.objects.filter(revoked_at__lt=at - KEPT_AFTER_END).order_by("pk")
    return ApiToken.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]


def listed() -> QuerySet[ApiToken]:
    """All keys, the ones that work first."""
    return ApiToken.objects.select_related("person").order_by(F("revoked_at").asc(nulls_first=True), "name", "pk")


def _text(form_key: uuid.UUID, person: Person, name: str) -> str:
    """256 bits from our secret and the form's 122 random ones; neither alone tells the key."""
    said = f"api key:{form_key}:{person.pk}:{name}".encode()
    made = hmac.digest(settings.SECRET_KEY.encode(), said, hashlib.sha256)
    return _PREFIX + base64.urlsafe_b64encode(made).decode().rstrip("=")


def _digest(text: str) -> str:
    """A plain digest is enough: the key itself has 256 random bits."""
    return hashlib.sha256(text.encode()).hexdigest()
