"""What readers of the letter with news had by mails of their own: it is told once, and asked once.

Whatever may still arrive counts as had. What somebody stopped counts too: no other mail says it meanwhile. What failed,
or was not wanted as a mail of its own, is for the letter.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from buendnisse.models import Change
from meetings.enums import Happened
from notifications.domain import calm_rules, digest_windows
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

#: Kinds that tell what a letter with news would tell; the end of their occasion is the change that set them off.
_TELLING = frozenset(
    {
        MailKind.INVITATION,
        MailKind.AGENDA,
        MailKind.MOVED,
        MailKind.CANCELLED,
        MailKind.ITEM_FATE,
        MailKind.MINUTES,
        MailKind.RELAY_ANSWER,
        MailKind.BALLOT,
        MailKind.BALLOT_RESULT,
        MailKind.BALLOT_MOVED,
    }
)
_ASKING = frozenset({*calm_rules.WEIGHT, MailKind.REMINDERS})
_FIELDS = ("person_id", "kind", "matter", "occasion", "state", "data", "failure", "is_held", "sent_at", "created_at")


@dataclass
class Had:
    """One person's mails. `asked`: when last, by the key of what was asked (`calm_rules`) and by the matter of the mail."""

    changes: set[int] = field(default_factory=set)
    plans: dict[int, dt.datetime] = field(default_factory=dict)
    asked: dict[str, dt.datetime] = field(default_factory=dict)

    def knows(self, change: Change) -> bool:
        """Whether a mail told what this change is about. The dates of a year go together by one mail."""
        if change.pk in self.changes:
            return True
        plan = change.data.get("plan") if change.verb == Happened.MEETING_CONFIRMED else None
        return plan in self.plans and self.plans[plan] >= change.at

    def asked_at(self, keys: Iterable[str]) -> dt.datetime | None:
        """When the last mail asked one of these."""
        return max((self.asked[key] for key in keys if key in self.asked), default=None)


def load(people: Collection[int], *, since: dt.datetime, at: dt.datetime) -> Mapping[int, Had]:
    """By person, as far back as letters tell; one query."""
    rows = OutboxMessage.objects.filter(
        person__in=people,
        copy_to__isnull=True,
        kind__in=_TELLING | _ASKING | {MailKind.SAVE_THE_DATE},
        created_at__gte=min(since, at - digest_windows.LONGEST),
    )
    found: dict[int, Had] = defaultdict(Had)
    replaced: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("pk").values(*_FIELDS):
        matter = (row["person_id"], row["matter"])
        if row["state"] == OutboxState.SUPERSEDED:
            if row["matter"] and not row["failure"] and "calm" not in row["data"]:
                replaced[matter].append(row)
            continue
        if (moment := _moment(row, at)) is None:
            continue
        for one in (*replaced.pop(matter, ()), row):  # a later mail of its matter tells how it stands since
            _take(found[row["person_id"]], one, moment)
    return found


def _moment(row: Mapping[str, Any], at: dt.datetime) -> dt.datetime | None:
    """When it was read at the earliest; now where it is on its way, or stopped. None where it does not arrive."""
    if row["state"] == OutboxState.SENT:
        sent: dt.datetime = row["sent_at"] or row["created_at"]
        return sent
    if row["state"] == OutboxState.FAILED or row["is_held"]:
        return None
    return at


def _take(had: Had, row: Mapping[str, Any], moment: dt.datetime) -> None:
    kind, matter, data = row["kind"], row["matter"], row["data"]
    if kind == MailKind.SAVE_THE_DATE:
        had.plans[data.get("plan", 0)] = row["created_at"]
    number = row["occasion"].rpartition(":")[2]
    if kind in _TELLING and number.isdigit():
        had.changes.add(int(number))
    keys = data.get("covers", ()) if kind == MailKind.REMINDERS else ()
    if calm_rules.is_nudge(kind, data):
        keys = data.get("covers") or calm_rules.covers(kind, matter, data)
    for key in (*keys, *([matter] if matter else ())):
        had.asked[key] = max(moment, had.asked.get(key, moment))
