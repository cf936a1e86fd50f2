"""Mail that came in sets off mail of its own: at most one a day to one address, and never to what a program wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse import clock
from buendnisse.models import Change, Person
from meetings.models import Meeting
from notifications.domain import inbox_passing, invitations, resending
from notifications.domain.draft import Draft, Handler
from notifications.enums import InboundVerb, MailKind, OutboxState
from notifications.models import OutboxMessage

#: What leaves because a mail came in, without anybody having looked.
_BY_ITSELF = (MailKind.REPLY_CHECK, MailKind.REQUEST_AGAIN)
_MORNING = dt.time(7)


def provisional(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The invited person is told what came in their name. One letter names all such answers there are by then."""
    person = Person.objects.filter(pk=change.data["person"]).first()
    if person is not None:
        matter = f"reply_check:{person.pk}"
        yield Draft(MailKind.REPLY_CHECK, person, matter=matter, not_before=_free_from(person, matter, at))


def refreshed(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """A calendar asked how things stand."""
    yield from _again(change, {}, at, by_hand=False)


def date_kept(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The Fachstelle keeps the date somebody wanted moved."""
    yield from _again(change, {"kept": change.subject_id}, at, by_hand=True)


def resent(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The Fachstelle sends the invitation once more."""
    yield from _again(change, {"by_hand": True}, at, by_hand=True)


def passed_on(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """To the Fachstelle's own mailbox."""
    keeper = inbox_passing.keeper()
    if keeper is not None:
        yield Draft(
            MailKind.PASSED_ON, keeper, matter=f"inbound:{change.subject_id}", data={"inbound": change.subject_id}
        )


def _again(change: Change, data: dict[str, object], at: dt.datetime, *, by_hand: bool) -> Iterable[Draft]:
    person = Person.objects.filter(pk=change.data["person"]).first()
    meeting = Meeting.objects.filter(pk=change.data["meeting"]).first()
    if person is None or meeting is None:
        return
    matter = invitations.matter(meeting.pk)
    if OutboxMessage.objects.filter(person=person, matter=matter, state=OutboxState.WAITING).exists():
        return  # what waits says how things stand, and more
    later = None if by_hand else _free_from(person, matter, at)
    yield Draft(MailKind.REQUEST_AGAIN, person, matter=matter, meeting_id=meeting.pk, data=data, not_before=later)


def _free_from(person: Person, matter: str, at: dt.datetime) -> dt.datetime | None:
    """When such a mail may leave: with the one that waits already, or tomorrow, where this address had one today."""
    waiting = OutboxMessage.objects.filter(person=person, matter=matter, state=OutboxState.WAITING)
    if (earlier := waiting.order_by("not_before").first()) is not None:
        return earlier.not_before
    today = clock.local_date(at)
    rows = OutboxMessage.objects.filter(kind__in=_BY_ITSELF, person__email__iexact=person.email, created_at__lte=at)
    rows = rows.exclude(state=OutboxState.SUPERSEDED).exclude(data__has_key="kept").exclude(data__has_key="by_hand")
    last = rows.order_by("-created_at").values_list("created_at", flat=True).first()
    if last is None or clock.local_date(last) < today:
        return None
    return dt.datetime.combine(today + dt.timedelta(days=1), _MORNING, tzinfo=clock.BERLIN)


HANDLERS: dict[str, Handler] = {
    InboundVerb.PROVISIONAL: provisional,
    InboundVerb.REFRESHED: refreshed,
    InboundVerb.DATE_KEPT: date_kept,
    resending.RESENT: resent,
    InboundVerb.PASSED_ON: passed_on,
}
