"""Letters about decisions: how they stand, all that is due for one person in one mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from buendnisse.enums import LinkPurpose
from meetings.domain import decision_reminders
from meetings.models import Decision
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class Due:
    decision: Decision
    url: str


def due(message: OutboxMessage, at: dt.datetime) -> Letter:
    """Those it is for; over for each whose state was said since, and for those the person may not read any more."""
    seen = Decision.objects.visible_to(message.person, at=at).values("pk")
    rows = decision_reminders.asked(at=at).filter(responsible=message.person_id, pk__in=seen)
    if "only" in message.data:
        rows = rows.filter(pk__in=message.data["only"])
    found = [
        (decision, reason)
        for decision in rows.select_related("alliance").order_by("follow_up_on", "number")
        if (reason := decision_reminders.stage(decision, at=at))
    ]
    if not found:
        raise NothingToSay
    dues = [
        Due(decision, urls_for.personal(message.person, purpose=LinkPurpose.DECISION, subject=decision, at=at))
        for decision, _reason in found
    ]
    is_last = all(reason == "again" for _decision, reason in found)
    context = {"dues": dues, "is_last": is_last, "body": found[0][0].alliance}
    return Letter("decision_due", context, matter=found[0][0] if len(found) == 1 else None)


COMPOSERS: dict[str, Composer] = {MailKind.DECISION_DUE: due}
