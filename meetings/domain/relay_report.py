"""The standing item "Bericht der Fachstelle", where relays are read out.

Two kinds of news meet there. A relay for information is read to its target and needs nobody to take it up.
An answer is read to the body that asked: it comes home to the source's next agenda by itself, and is closed
once that meeting is over. All of it can be done again without anything happening twice.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from buendnisse.enums import BodyKind, Via
from buendnisse.models import Body, Person
from meetings.domain import cancellation, standing
from meetings.domain.moves import move
from meetings.domain.relay_journal import record
from meetings.domain.report_lines import REPORT
from meetings.enums import Happened, MeetingState, RelayAnswerKind, RelayKind, RelayState
from meetings.models import AgendaItem, Meeting, Relay

#: What is only told to a body without meetings has been read by then: its letter asks for nothing.
READ_AFTER = dt.timedelta(days=1)
_HELD = [MeetingState.HELD, MeetingState.CLOSED]
#: Where the body that asked gave a report after its relay was turned down, it was told.
_MET_SINCE = Meeting.objects.filter(alliance=OuterRef("source"), state__in=_HELD, start__gt=OuterRef("declined_at"))
#: Turned down, and the body that asked has not heard of it yet. The state stays, so it alone says nothing.
_UNTOLD = Q(state=RelayState.DECLINED) & ~Exists(_MET_SINCE)
#: What a meeting, or its report, may move on.
_MAY_MOVE = (
    Q(state__in=[RelayState.ANSWERED, RelayState.RETURNED])
    | _UNTOLD
    | Q(kind=RelayKind.FOR_INFORMATION, state__in=[RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.ON_AGENDA])
)


def report_item(body: Body, *, at: dt.datetime) -> AgendaItem | None:
    """The report of the body's next meeting after `at`; None where none is planned or its agenda has no report."""
    meeting = Meeting.objects.upcoming(at).filter(alliance_id=body.pk, start__gt=at).exclude(state__in=_HELD).first()
    return report_of(meeting) if meeting else None


def report_of(meeting: Meeting) -> AgendaItem | None:
    """The report of one meeting, added with the other standing items where it is missing."""
    standing.ensure_standing_items(meeting)
    return AgendaItem.objects.select_related("meeting").filter(meeting=meeting, standing_code=REPORT).first()


def announce(relay: Relay, *, at: dt.datetime, by: Person | None = None, via: str = Via.RULE) -> None:
    """Put a relay for information into its target's next report. Waits where there is none yet."""
    item = report_item(relay.target, at=at)
    if item is None:
        return
    with transaction.atomic():
        move(relay, to=RelayState.ON_AGENDA, target_item=item)
        record(Happened.RELAY_SCHEDULED, relay, body=relay.target, at=at, by=by, via=via, item=item)


def bring_home(relay: Relay, *, at: dt.datetime, by: Person | None = None, via: str = Via.RULE) -> None:
    """Return an answer to the body that asked: it stands in its next report from now on.

    A body without meetings has been told by letter, so its relay is closed at once.
    """
    with transaction.atomic():
        item = report_item(relay.source, at=at)
        move(relay, to=RelayState.RETURNED, returned_at=at, returned_item=item)
        record(Happened.RELAY_RETURNED, relay, body=relay.source, at=at, by=by, via=via, item=item)
        if not _meets(relay.source):
            close(relay, at=at, by=by, via=via)


def tell_refusal(relay: Relay, *, at: dt.datetime) -> None:
    """A "not ours" is read at home too, in a report that is planned now or later. Its state stays; no answer has come."""
    item = report_item(relay.source, at=at)
    Relay.objects.filter(pk=relay.pk).update(returned_item=item)
    relay.returned_item = item


def close(relay: Relay, *, at: dt.datetime, by: Person | None = None, via: str = Via.RULE, **more: Any) -> None:
    """The answer has been read where the question came from. `more`: what taking it back needs. Raises MoveRefused."""
    with transaction.atomic():
        move(relay, to=RelayState.CLOSED, closed_at=at)
        record(Happened.RELAY_CLOSED, relay, body=relay.source, at=at, by=by, via=via, **more)


def note(relay: Relay, *, words: str = "", at: dt.datetime, by: Person | None = None, via: str = Via.RULE) -> None:
    """A relay for information was read: nothing is expected, so it is answered, returned and closed in one step."""
    was = str(relay.state)
    with transaction.atomic():
        move(
            relay,
            to=RelayState.CLOSED,
            answer=words,
            answer_kind=RelayAnswerKind.NOTED,
            answered_at=at,
            returned_at=at,
            closed_at=at,
        )
        record(
            Happened.RELAY_CLOSED,
            relay,
            body=relay.target,
            at=at,
            by=by,
            via=via,
            reason=RelayAnswerKind.NOTED,
            was=was,
        )


def pass_meetings(*, at: dt.datetime) -> int:
    """What meetings do to relays by themselves, up to `at`; the number of relays moved.

    1. Those for information find a report that is planned now, are noted when it was given. To a body without meetings
       the letter is all there is: a day later it counts as read.
    2. Answers find a report that is planned now (or the next, if the meeting was cancelled), are closed when it was given.
       So does a "not ours", as long as the body that asked has not met since.

    A cancellation counts once it stands: in its first minutes it may be taken back.
    """
    if not Relay.objects.filter(_MAY_MOVE).exists():
        return 0  # nothing waits for a report, here or at home: so it is in most minutes of a year
    stands = at - cancellation.STANDS_AFTER
    waiting = Relay.objects.select_related("source", "target").order_by("pk")
    told = waiting.filter(kind=RelayKind.FOR_INFORMATION)
    home = waiting.filter(state=RelayState.RETURNED)
    done = 0
    for relay in told.filter(state__in=[RelayState.SENT, RelayState.ACKNOWLEDGED]):
        if relay.target.kind == BodyKind.UNIT and relay.sent_at is not None and relay.sent_at + READ_AFTER <= at:
            note(relay, at=at)
            done += 1
            continue
        announce(relay, at=at)
        done += relay.state == RelayState.ON_AGENDA
    called_off = Q(target_item__meeting__state=MeetingState.CANCELLED, target_item__meeting__changed_at__lte=stands)
    for relay in told.filter(called_off, state=RelayState.ON_AGENDA):
        done += _find_another(relay, "target_item", relay.target, at=at)
    for relay in told.filter(state=RelayState.ON_AGENDA, target_item__meeting__state__in=_HELD):
        note(relay, at=at)
        done += 1
    called_off = Q(returned_item__meeting__state=MeetingState.CANCELLED, returned_item__meeting__changed_at__lte=stands)
    for relay in waiting.filter(state=RelayState.ANSWERED):  # written down by another house, not brought home yet
        bring_home(relay, at=at)
        done += 1
    untold = waiting.filter(_UNTOLD)
    for relay in [*home.filter(Q(returned_item=None) | called_off), *untold.filter(Q(returned_item=None) | called_off)]:
        done += _find_another(relay, "returned_item", relay.source, at=at)
    for relay in home.filter(returned_item__meeting__state__in=_HELD):
        close(relay, at=at)
        done += 1
    return done


def _find_another(relay: Relay, place: str, body: Body, *, at: dt.datetime) -> bool:
    """The report it waited for is not given, or there was none yet. False while no later one is planned."""
    item = report_item(body, at=at)
    if item is None:
        return False
    return Relay.objects.filter(pk=relay.pk, state=relay.state).update(**{place: item}) == 1


def _meets(body: Body) -> bool:
    return body.meets
