"""One line of the history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from buendnisse.enums import Via
from buendnisse.models import Body, Change, Person
from meetings.enums import Happened


def change(
    verb: Happened,
    subject: models.Model,
    *,
    at: dt.datetime,
    body: Body | None,
    by: Person | None = None,
    via: str = Via.WEB,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Change:
    """A Change that is not stored yet; by nobody means: by a rule."""
    return Change(
        verb=verb,
        subject_type=subject._meta.model_name or "",
        subject_id=subject.pk,
        body_id=body.pk if body else None,
        by=by,
        via=via if by else Via.RULE,
        at=at,
        reason=reason,
        data=data or {},
    )
