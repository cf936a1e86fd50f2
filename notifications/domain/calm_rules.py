"""Which mails are calls and reminders, and until when one is of use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: Kinds that only ever ask again. A few others do so now and then, see `is_reminder`.
_REMINDERS = frozenset(
    {
        MailKind.CALL_REMINDER,
        MailKind.ANSWER_REMINDER,
        MailKind.BALLOT_REMINDER,
        MailKind.TASK_REMINDER,
        MailKind.DECISION_DUE,
    }
)
_OF_RELAYS = frozenset({"before", "late"})
#: Letters that list several things of one kind; `data["only"]` holds the ids of those a mail is for, `matter` ends with one.
LISTS = frozenset({MailKind.TASK_REMINDER, MailKind.DECISION_DUE})
#: In the order of their weight: what is cut short when there are too many comes last.
WEIGHT = (
    MailKind.BALLOT_REMINDER,
    MailKind.ANSWER_REMINDER,
    MailKind.RELAY,
    MailKind.TASK_REMINDER,
    MailKind.DECISION_DUE,
    MailKind.UNIT_REPORT,
    MailKind.CALL,
    MailKind.CALL_REMINDER,
)


def is_reminder(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether it asks somebody again, and so counts: what a date sets off for a person's own good or bad memory."""
    if kind == MailKind.RELAY:
        return data.get("about") in _OF_RELAYS
    return kind in _REMINDERS or (kind == MailKind.UNIT_REPORT and bool(data.get("reminder")))


def is_nudge(kind: str, data: Mapping[str, Any]) -> bool:
    """Calls and reminders: what goes together where it comes within a few days."""
    return kind in {MailKind.CALL, MailKind.UNIT_REPORT} or is_reminder(kind, data)


def may_come_early(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether it may go along with what is due some days before; not what asks about a day that is over then."""
    return is_nudge(kind, data) and not str(data.get("about", "")).endswith(("late", "again"))


def key(kind: str, matter: str, data: Mapping[str, Any]) -> str:
    """What a nudge is about; the same for one that is due in three days and for the same on its own day.

    `due`: a date that, once moved, begins anew.
    """
    return f"{kind}:{matter}:{data.get('about', '')}{data.get('due', '')}{'again' if data.get('reminder') else ''}"


def covers(kind: str, matter: str, data: Mapping[str, Any]) -> list[str]:
    """The keys of all that a nudge says: a call may name several meetings."""
    others = [key(kind, f"call:{meeting}", {}) for meeting in data.get("meetings", ()) if kind == MailKind.CALL]
    return [key(kind, matter, data), *others]


def of(keys: Iterable[str], numbers: Collection[int]) -> list[str]:
    """Of the keys of a letter that lists things, those of the things with these ids."""
    return [one for one in keys if any(f":{number}:" in one for number in numbers)]


def is_over(message: OutboxMessage, at: dt.datetime) -> bool:
    """A reminder that could not leave for days is of no use any more."""
    expires = message.data.get("expires")
    return expires is not None and at >= dt.datetime.fromisoformat(expires)
