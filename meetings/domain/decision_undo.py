"""Revoking or replacing the wrong decision: until the end of the day, and as long as nothing else happened to it, it can stand again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.enums import Via
from buendnisse.models import Change, Person
from meetings.domain.decision_journal import record
from meetings.domain.moves import MoveRefused, move_back
from meetings.enums import Happened
from meetings.models import Decision, Relay

_FALLS = frozenset({Happened.DECISION_REVOKED, Happened.DECISION_SUPERSEDED})


def standing(decision: Decision) -> Mapping[str, Any]:
    """What the journal keeps of how it stood, beside its fall."""
    day = decision.follow_up_on
    return {"was": str(decision.state), "was_on": day.isoformat() if day else ""}


def last_fall(decision: Decision, *, at: dt.datetime) -> Change | None:
    """The step that can be taken back at `at`; None where it fell otherwise, on another day, or something came after."""
    last = Change.objects.of(decision).order_by("-pk").first()
    is_fall = last is not None and last.verb in _FALLS and "was" in last.data
    return last if last is not None and is_fall and local_date(last.at) == local_date(at) else None


def reinstate(decision: Decision, *, by: Person, at: dt.datetime) -> None:
    """It stands as it stood, and so do the relays that were let run on without it. Raises MoveRefused."""
    with transaction.atomic():
        Decision.objects.select_for_update(of=["self"]).get(pk=decision.pk)
        fall = last_fall(decision, at=at)
        if fall is None:
            raise MoveRefused(_("Das geht nur am selben Tag, und solange danach nichts anderes geschehen ist."))
        day = fall.data["was_on"]
        move_back(
            decision,
            to=fall.data["was"],
            follow_up_on=dt.date.fromisoformat(day) if day else None,
            revoked_on=None,
            revoked_by=None,
            revocation_reason="",
            superseded_on=None,
            superseded_by=None,
            version=decision.version + 1,
        )
        record(Happened.DECISION_REINSTATED, decision, by=by, at=at, via=Via.WEB, more=_stand_on(decision))


def _stand_on(decision: Decision) -> Mapping[str, Any]:
    """Should it fall once more, each is asked about anew. Which they were, for the mail to those who had heard of it."""
    kept = Relay.objects.filter(source_decision=decision, kept_at__isnull=False)
    numbers = list(kept.order_by("pk").values_list("pk", flat=True))
    kept.update(kept_at=None)
    return {"kept": numbers} if numbers else {}
