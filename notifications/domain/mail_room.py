"""The Postausgang: what waits, what failed, what has left, bundled by occasion; and how to hold it back or hurry it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal
from buendnisse.models import Change, Person
from meetings.models import Meeting
from notifications.domain import mail_run, outbox, returns
from notifications.domain.own_words import INTRODUCTION
from notifications.enums import MailKind, OutboxState
from notifications.models import MailPause, MailReturn, OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

#: What a person may do with a message, the states it must be in, and the journal's word for it.
STOP, RELEASE, HURRY = "stop", "release", "hurry"
_EXPECTED: Mapping[str, frozenset[str]] = {
    STOP: frozenset({OutboxState.WAITING, OutboxState.FAILED}),
    RELEASE: frozenset({OutboxState.STOPPED, OutboxState.FAILED}),
    HURRY: frozenset({OutboxState.WAITING}),
}
_MOST_WORDS = 5
_MOST_LOST = 500
SHOWN_STATES = (
    OutboxState.WAITING,
    OutboxState.SENT,
    OutboxState.FAILED,
    OutboxState.STOPPED,
    OutboxState.SUPERSEDED,
)


class TooLate(Exception):
    """Nothing of it is in that state any more: it left, or somebody else was faster. `str()` is a German sentence."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything. `words`: of a name, an address, a subject or a kind."""

    kind: str = ""
    meeting: int | None = None
    words: str = ""

    @property
    def are_any(self) -> bool:
        return bool(self.kind or self.meeting or self.words)


@dataclass(frozen=True)
class Done:
    """`needless`: how many had nothing to say any more, and so do not leave; `held`: how many wait for their address."""

    mails: int
    copies: int = 0
    needless: int = 0
    held: int = 0

    @property
    def in_words(self) -> str:
        return mail_run.in_words(self.mails, self.copies)

    @property
    def number(self) -> int:
        return self.mails + self.copies


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
    state: str = ""
    tried_since: dt.datetime | None = None
    held: int = 0
    is_paused: bool = False

    @property
    def label(self) -> str:
        return str(self.kind.label)


def counts() -> dict[str, int]:
    """How many messages are in each state."""
    found = dict(OutboxMessage.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in OutboxState.values}


def counts_with_returned() -> dict[str, int]:
    """The same with "returned": reports that wait for somebody. One query."""
    states = OutboxMessage.objects.order_by().values_list("state").annotate(Count("pk"))
    back = MailReturn.objects.open().order_by().annotate(name=Value("returned")).values_list("name")
    found = dict(states.union(back.annotate(Count("pk")), all=True))
    return {name: found.get(name, 0) for name in [*OutboxState.values, "returned"]}


def stopped_by_hand() -> int:
    """How many messages somebody held back; those that wait for an address are another matter."""
    return OutboxMessage.objects.filter(state=OutboxState.STOPPED, is_held=False).count()


def lost() -> list[OutboxMessage]:
    """What did not arrive and is no matter of its own among what came back, the latest first. One query."""
    told = MailReturn.objects.open().filter(message=OuterRef("pk"))
    found = OutboxMessage.objects.filter(~Exists(told), state=OutboxState.FAILED).select_related("person")
    return list(found.defer("payload", "data").order_by("-not_before", "-pk")[:_MOST_LOST])


def bundles(state: str, *, filters: Filters, start: int = 0, limit: int = 20) -> list[Bundle]:
    """Lines of one state: what leaves next first, what has left last first. Three queries at most."""
    return _lines({state: list(_bundled(state, filters)[start : start + limit])})[state]


def is_writing(*, at: dt.datetime) -> bool:
    """Whether something has changed whose mail is not written yet: within half a minute it waits here."""
    return Change.objects.filter(dispatch__isnull=True, at__lte=at).exists()


def overview(*, filters: Filters, limit: int = 10) -> dict[str, list[Bundle]]:
    """The first lines of what waits, failed and has left. Five queries at most."""
    shown = (OutboxState.WAITING, OutboxState.FAILED, OutboxState.SENT)
    return _lines({str(state): list(_bundled(state, filters)[:limit]) for state in shown})


def _lines(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Bundle]]:
    rows = [row for rows in found.values() for row in rows]
    paused = Exists(MailPause.objects.filter(meeting=OuterRef("pk")))
    wanted = Meeting.objects.select_related("alliance").annotate(is_paused=paused)
    meetings = wanted.in_bulk({row["meeting_id"] for row in rows} - {None})
    alone = {row["person_first"] for row in rows if row["count"] == 1}
    people = Person.objects.select_related("organisation").in_bulk(alone)
    return {state: [_line(row, state, meetings, people) for row in rows] for state, rows in found.items()}


def _line(row: Mapping[str, Any], state: str, meetings: Mapping[int, Any], people: Mapping[int, Person]) -> Bundle:
    meeting = meetings.get(row["meeting_id"])
    return Bundle(
        first=row["first"],
        kind=MailKind(row["kind"]),
        count=row["count"],
        moment=row["moment"],
        meeting=meeting,
        person=people.get(row["person_first"]) if row["count"] == 1 else None,
        failure=row["why"],
        state=state,
        tried_since=row["tried"],
        held=row["held"],
        is_paused=meeting is not None and meeting.is_paused,
    )


def number_of_bundles(state: str, *, filters: Filters) -> int:
    return _bundled(state, filters).count()


def meetings_with_mail() -> list[Meeting]:
    """For the filter: the meetings mail was written for, the latest first."""
    numbers = OutboxMessage.objects.exclude(meeting_id=None).values("meeting_id")
    return list(Meeting.objects.filter(pk__in=numbers).select_related("alliance").order_by("-start")[:24])


def message(number: int) -> OutboxMessage | None:
    return OutboxMessage.objects.select_related("person__organisation", "copy_to").filter(pk=number).first()


def siblings(message: OutboxMessage) -> list[OutboxMessage]:
    """All messages of the same run, this one included, by name."""
    return list(
        mail_run.rows(message)
        .select_related("person__organisation", "copy_to")
        .order_by("person__last_name", "person__first_name", "pk")
    )


def cause(message: OutboxMessage) -> Change | None:
    """The change that set it off; None for what a date set off."""
    number = message.occasion.rpartition(":")[2]
    if not number.isdecimal() or message.kind in {MailKind.CODE, MailKind.DIGEST}:
        return None
    return Change.objects.select_related("by").filter(pk=int(number)).first()


def act(message: OutboxMessage, *, do: str, whole: bool, by: Person, at: dt.datetime) -> Done:
    """Stop, release or hurry this message, or all of its run. Raises TooLate.

    What is released and has nothing to say any more does not leave; what would come back waits for its address.
    """
    with transaction.atomic():
        found = list(_chosen(message, do, whole=whole).select_related("person__organisation", "copy_to"))
        numbers = [row.pk for row in found]
        released = OutboxMessage.objects.filter(pk__in=numbers if do == RELEASE else [])
        outdated = set(released.outdated().values_list("pk", flat=True))
        kept = [row for row in found if row.pk not in outdated]
        over = mail_run.needless(kept, at=at) if do == RELEASE else []
        wanted = [row for row in kept if row.pk not in over]
        held = _hold(wanted) if do == RELEASE else set()
        done = _each((row for row in wanted if row.pk not in held), do, at)
        if over:
            why = {"state": OutboxState.SUPERSEDED, "failure": mail_run.why_needless(message.kind), "is_held": False}
            OutboxMessage.objects.filter(pk__in=over, state__in=_EXPECTED[do]).update(**why)
        if not (done or over or held) and outdated:
            raise TooLate(_("Das ging nicht mehr: Zu dieser Sache gibt es inzwischen eine neuere Mail."))
        if not (done or over or held):
            raise TooLate(_("Das ging nicht mehr: Die Mail hat inzwischen einen anderen Stand."))
        journal.record(f"mail.{do}", message, at=at, by=by, data={"messages": len(done)})
    copies = sum(row.copy_to_id is not None for row in done)
    return Done(len(done) - copies, copies, len(over), len(held))


def _would_come_back(message: OutboxMessage) -> bool:
    """Stopped by hand, and its address failed meanwhile. What waits for that already is let go knowingly."""
    by_hand = message.state == OutboxState.STOPPED and not message.is_held
    return by_hand and returns.is_held(message.kind, message.person, message.copy_to)


def _hold(messages: Iterable[OutboxMessage]) -> set[int]:
    """Let those that would come back wait for their address instead; which they are."""
    numbers = {message.pk for message in messages if _would_come_back(message)}
    OutboxMessage.objects.filter(pk__in=numbers, state=OutboxState.STOPPED).update(is_held=True)
    return numbers


def reach(message: OutboxMessage, *, do: str) -> Done:
    """How many mails and copies `act` would take together, looked at only. One query."""
    rows = _chosen(message, do, whole=True).select_related("person", "copy_to")
    found = [row.copy_to_id is not None for row in rows if do != RELEASE or not _would_come_back(row)]
    return Done(len(found) - sum(found), sum(found))


def _chosen(message: OutboxMessage, do: str, *, whole: bool) -> OutboxMessageQuerySet:
    """What failed is a matter of its own in its run, and so is what waits for its address to be checked."""
    if not whole:
        return OutboxMessage.objects.filter(pk=message.pk, state__in=_EXPECTED[do])
    failed = frozenset({OutboxState.FAILED})
    states = failed if message.state == OutboxState.FAILED else _EXPECTED[do] - failed
    rows = mail_run.rows(message).filter(state__in=states).order_by("pk")
    return rows.filter(is_held=message.is_held) if do == RELEASE else rows


#: What somebody waits for has no room for more words.
_WITHOUT_INTRODUCTION = frozenset({MailKind.CODE, MailKind.LINK, MailKind.PASSED_ON})


def may_introduce(message: OutboxMessage) -> bool:
    """Whether the Fachstelle may put own words into this mail: it has not left, and its text is not fixed yet."""
    is_here = message.state in {OutboxState.WAITING, OutboxState.STOPPED}
    return is_here and message.payload is None and message.kind not in _WITHOUT_INTRODUCTION


def introduce(message: OutboxMessage, *, words: str, by: Person, at: dt.datetime) -> int:
    """Own words below the first sentence of all mails of this occasion that wait; the number of mails, with one statement for some hundred of them.

    Raises TooLate.
    """
    rows = mail_run.rows(message).filter(state__in=[OutboxState.WAITING, OutboxState.STOPPED], payload__isnull=True)
    with transaction.atomic():
        found = list(rows.exclude(kind__in=_WITHOUT_INTRODUCTION).select_for_update().only("data"))
        for row in found:
            row.data = {name: value for name, value in row.data.items() if name != INTRODUCTION}
            row.data |= {INTRODUCTION: words} if words else {}
        done = OutboxMessage.objects.bulk_update(found, ["data"])
        if not done:
            raise TooLate(_("Das ging nicht mehr: Die Mail hat inzwischen einen anderen Stand."))
        journal.record("mail.introduced", message, at=at, by=by, data={"messages": done})
    return done


def deliver_now(person: Person, *, at: dt.datetime) -> None:
    """Let everything that waits for one person go at once (the demo's mailbox)."""
    _each(OutboxMessage.objects.filter(person=person, state=OutboxState.WAITING), HURRY, at)
    outbox.send_all(at=at)


def _each(messages: Iterable[OutboxMessage], do: str, at: dt.datetime) -> list[OutboxMessage]:
    """Those it could be done with."""
    done = []
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
        done.append(message)
    return done


def _bundled(state: str, filters: Filters) -> QuerySet[OutboxMessage, Any]:
    """One row an occasion. What failed is never bundled: each has a reason of its own."""
    rows = OutboxMessage.objects.filter(state=state)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.meeting is not None:
        rows = rows.filter(meeting_id=filters.meeting)
    for word in filters.words.split()[:_MOST_WORDS]:
        name = Q(person__first_name__icontains=word) | Q(person__last_name__icontains=word)
        address = Q(to_address__icontains=word) | Q(person__email__icontains=word)
        kinds = [kind for kind in MailKind if word.casefold() in str(kind.label).casefold()]
        rows = rows.filter(name | address | Q(subject__icontains=word) | Q(kind__in=kinds))
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
            tried=Min("tried_since"),
            held=Count("pk", filter=Q(is_held=True)),
        )
    )
    newest_first = state in {OutboxState.SENT, OutboxState.FAILED}
    return grouped.order_by("-moment", "-first") if newest_first else grouped.order_by("moment", "first")


def _bundle_key() -> Case:
    """A digest is an occasion of its own for everybody; those written by the same ring are one line."""
    written = Concat(Value("digest:"), Cast("created_at", CharField()))
    return Case(When(kind=MailKind.DIGEST, then=written), default=F("occasion"), output_field=CharField())
