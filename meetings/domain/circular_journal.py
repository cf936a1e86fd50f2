"""Votes by mail in the journal: ids, codes and dates, and never who voted how."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Change, Person
from meetings.domain.circular_rules import CircularRefused
from meetings.enums import Happened
from meetings.models import CircularVote


def record(
    verb: Happened,
    vote: CircularVote,
    *,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.WEB,
    reason: str = "",
    **data: Any,
) -> Change:
    return journal.record(verb, vote, at=at, by=by, via=via, body=vote.alliance, reason=reason, data=data)


def held(vote: CircularVote) -> CircularVote:
    """The row, kept from every other writer until the transaction ends. Needs a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a vote is held by a transaction")
    return CircularVote.objects.select_related("alliance").select_for_update(of=["self"]).get(pk=vote.pk)


def require_running(vote: CircularVote, *, at: dt.datetime) -> None:
    """Raises CircularRefused where answers are no longer taken."""
    if not vote.is_running or at >= vote.ends_at:
        raise CircularRefused(_("Die Abstimmung ist beendet. Stimmen können wir nicht mehr annehmen."))


def opening(vote: CircularVote) -> Change | None:
    """The Change of the last opening: what its mail hangs on."""
    return Change.objects.of(vote).filter(verb=Happened.CIRCULAR_OPENED).order_by("-pk").first()
