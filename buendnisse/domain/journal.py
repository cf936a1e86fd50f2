"""Writing the journal. Every verb that changes something records it in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from buendnisse.enums import Via
from buendnisse.models import Body, Change, Person


class OutsideTransaction(Exception):
    """A change was recorded outside the transaction that makes it: a crash between the two would lose one."""


def record(
    verb: str,
    subject: models.Model,
    *,
    at: dt.datetime,
    by: Person | None,
    via: str = Via.WEB,
    body: Body | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Change:
    """Append one Change. `data` holds ids, codes and dates only, never names, addresses or free text."""
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(verb)
    return Change.objects.create(
        verb=verb,
        subject_type=subject._meta.model_name or "",
        subject_id=subject.pk,
        body_id=body.pk if body else None,
        by=by,
        via=via,
        at=at,
        reason=reason,
        data=dict(data or {}),
    )


def newest() -> int:
    """The number of the last change so far: what comes after it belongs to what is done now."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def in_one_go(last: Change) -> list[int]:
    """Everything written together with a change that closes it, itself left out; its data says `after` which number."""
    rows = Change.objects.filter(pk__gt=last.data["after"], pk__lt=last.pk, at=last.at, by=last.by_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))
