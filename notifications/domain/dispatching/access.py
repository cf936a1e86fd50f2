"""Links asked for anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.models import AccessLink, Change
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def link_requested(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Only ever to the address on record."""
    link = AccessLink.objects.select_related("person__organisation").filter(pk=change.subject_id).first()
    if link is not None:
        yield Draft(MailKind.LINK, link.person, matter=f"link:{link.pk}", data={"link": link.pk})


HANDLERS: dict[str, Handler] = {"link.requested": link_requested}
