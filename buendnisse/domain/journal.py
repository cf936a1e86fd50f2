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
