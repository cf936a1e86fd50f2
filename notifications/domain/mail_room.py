"""The Postausgang: what waits, what failed, what has left, bundled by occasion; and how to hold it back or hurry it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, F, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal
from buendnisse.models import Change, Person
from meetings.models import Meeting
from notifications.domain import outbox
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

#: What a person may do with a message, the states it must be in, and the journal's word for it.
STOP, RELEASE, HURRY = "stop", "release", "hurry"
_EXPECTED: Mapping[str, frozenset[str]] = {
    STOP: frozenset({OutboxState.WAITING, OutboxState.FAILED}),
    RELEASE: frozenset({OutboxState.STOPPED, OutboxState.FAILED}),
    HURRY: frozenset({OutboxState.WAITING}),
}
SHOWN_STATES = (OutboxState.WAITING, OutboxState.SENT, OutboxState.FAILED, OutboxState.STOPPED)


class TooLate(Exception):
    """Nothing of it is in that state any more: it left, or somebody else was faster. `str()` is a German sentence."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    kind: str = ""
    meeting: int | None = None


@dataclass(frozen=True)
class Bundle:
    """The mails of one occasion in one state: a line of the list."""

    first: int
    kind: MailKind
    count: int
    moment: dt.datetime
    meeting: Meeting | None
    person: Person | None
    failure: str

    @property
    def label(self) -> str:
        return str(self.kind.label)


def counts() -> dict[str, int]:
    """How many messages are in each state."""
    found = dict(OutboxMessage.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in OutboxState.values}


def stopped_by_hand() -> int:
    """How many messages somebody held back; those that wait for an address are another matter."""
    return OutboxMessage.objects.filter(state=OutboxState.STOPPED, is_held=False).count()


def bundles(state: str, *, filters: Filters, start: int = 0, limit: int = 20) -> list[Bundle]:
    """Lines of one state: what leaves next first, what has left last first. Four queries at most."""
    rows = list(_bundled(state, filters)[start : start + limit])
    meetings = Meeting.objects.select_related("alliance").in_bulk({row["meeting_id"] for row in rows} - {None})
    alone = {row["person_first"] for row in rows if row["count"] == 1}
    people = Person.objects.select_related("organisation").in_bulk(alone)
    return [
        Bundle(
            first=row["first"],
            kind=MailKind(row["kind"]),
            count=row["count"],
            moment=row["moment"],
            meeting=meetings.get(row["meeting_id"]),
            person=people.get(row["person_first"]),
            failure=row["why"],
        )
        for row in rows
    ]


def number_of_bundles(state: str, *, filters: Filters) -> int:
    return _bundled(state, filters).count()


def meetings_with_mail() -> list[Meeting]:
    """For the filter: the meetings mail was written for, the latest first."""
    numbers = OutboxMessage.objects.exclude(meeting_id=None).values("meeting_id")
    return list(Meeting.objects.filter(pk__in=numbers).select_related("alliance").order_by("-start")[:24])


def message(number: int) -> OutboxMessage | None:
    return OutboxMessage.objects.select_related("person__organisation", "copy_to").filter(pk=number).first()


def siblings(message: OutboxMessage) -> list[OutboxMessage]:
    """All messages of the same occasion, this one included, by name."""
    return list(
        _same_occasion(message)
        .select_related("person__organisation", "copy_to")
        .order_by("person__last_name", "person__first_name", "pk")
    )


def cause(message: OutboxMessage) -> Change | None:
    """The change that set it off; None for what a date set off."""
    number = message.occasion.rpartition(":")[2]
    if not number.isdecimal() or message.kind in {MailKind.CODE, MailKind.DIGEST}:
        return None
    return Change.objects.select_related("by").filter(pk=int(number)).first()


def act(message: OutboxMessage, *, do: str, whole: bool, by: Person, at: dt.datetime) -> int:
    """Stop, release or hurry this message, or all of its occasion; the number changed. Raises TooLate."""
    chosen = _same_occasion(message) if whole else OutboxMessage.objects.filter(pk=message.pk)
    chosen = chosen.filter(state__in=_EXPECTED[do])
    with transaction.atomic():
        outdated = set(chosen.outdated().values_list("pk", flat=True)) if do == RELEASE else set()
        done = _each(chosen.exclude(pk__in=outdated), do, at)
        if not done and outdated:
            raise TooLate(_("Das ging nicht mehr: Zu dieser Sache gibt es inzwischen eine neuere Mail."))
        if not done:
            raise TooLate(_("Das ging nicht mehr: Die Mail hat inzwischen einen anderen Stand."))
        journal.record(f"mail.{do}", message, at=at, by=by, data={"messages": done})
    return done


def deliver_now(person: Person, *, at: dt.datetime) -> None:
    """Let everything that waits for one person go at once (the demo's mailbox)."""
    _each(OutboxMessage.objects.filter(person=person, state=OutboxState.WAITING), HURRY, at)
    outbox.send_all(at=at)


def _each(messages: Iterable[OutboxMessage], do: str, at: dt.datetime) -> int:
    done = 0
    for message in messages:
        try:
            if do == STOP:
                outbox.stop(message)
            elif do == RELEASE:
                outbox.release(message, at=at)
            else:
                outbox.hurry(message, at=at)
        except outbox.NotWaiting:
            continue
        done += 1
    return done


def _bundled(state: str, filters: Filters) -> QuerySet[OutboxMessage, Any]:
    """One row an occasion. What failed is never bundled: each has a reason of its own."""
    rows = OutboxMessage.objects.filter(state=state)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.meeting is not None:
        rows = rows.filter(meeting_id=filters.meeting)
    bundle = Cast("pk", CharField()) if state == OutboxState.FAILED else _bundle_key()
    moment = F("sent_at") if state == OutboxState.SENT else F("not_before")
    grouped = (
        rows.annotate(bundle=bundle)
        .values("bundle", "kind", "meeting_id")
        .annotate(
            first=Min("pk"),
            count=Count("pk"),
            moment=Max(moment) if state == OutboxState.SENT else Min(moment),
            person_first=Min("person"),
            why=Max("failure"),
        )
    )
    newest_first = state in {OutboxState.SENT, OutboxState.FAILED}
    return grouped.order_by("-moment", "-first") if newest_first else grouped.order_by("moment", "first")


def _bundle_key() -> Case:
    """A digest is an occasion of its own for everybody; those written by the same ring are one line."""
    written = Concat(Value("digest:"), Cast("created_at", CharField()))
    return Case(When(kind=MailKind.DIGEST, then=written), default=F("occasion"), output_field=CharField())


def _same_occasion(message: OutboxMessage) -> OutboxMessageQuerySet:
    rows = OutboxMessage.objects
    if message.kind == MailKind.DIGEST:
        return rows.filter(kind=MailKind.DIGEST, created_at=message.created_at)
    return rows.filter(Q(occasion=message.occasion))
