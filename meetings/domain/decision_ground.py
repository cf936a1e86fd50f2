"""On whose answer a decision rests: a body asked another one, heard it, and decided for itself."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import versions
from meetings.domain.decision_journal import record
from meetings.enums import Happened, RelayKind, RelayState
from meetings.models import Decision, Relay

_CAME_HOME = frozenset({RelayState.RETURNED, RelayState.CLOSED})
_OFFERED = 20  # the latest answers; nobody looks further back than a few meetings


class NoSuchAnswer(Exception):
    """The body had no such answer when it decided. `str()` is a German sentence."""


def answers_before(decision: Decision) -> list[Relay]:
    """What the body had asked and was answered by the day it decided, the latest first; and what is named already."""
    until = clock.at_local(decision.decided_on + dt.timedelta(days=1), dt.time(0))
    rows = Relay.objects.filter(source=decision.alliance_id, state__in=_CAME_HOME, answered_at__lt=until)
    rows = rows.exclude(kind=RelayKind.FOR_INFORMATION).select_related("source", "target").order_by("-answered_at")
    offered = list(rows[:_OFFERED])
    named = decision.rests_on
    return [*offered, named] if named is not None and named not in offered else offered


def rest(
    decision: Decision, *, on: Relay | None, version: int, by: Person, at: dt.datetime, via: str = Via.WEB
) -> None:
    """Name the answer it rests on, or none; the ways of both then hang together. Raises NoSuchAnswer, Stale."""
    if on is not None and on not in answers_before(decision):
        raise NoSuchAnswer(_("Diese Antwort lag noch nicht vor, als der Beschluss gefasst wurde."))
    with transaction.atomic():
        if not versions.claim(decision, version=version, said={"rests_on_id": on.pk if on else None}):
            return
        Decision.objects.filter(pk=decision.pk).update(rests_on=on, version=F("version") + 1)
        decision.refresh_from_db()
        more = {"relay": on.pk if on else None}
        record(Happened.DECISION_RESTED, decision, by=by, at=at, via=via, more=more)
