"""What happened in a window, gathered once for everybody.

Read from the journal: whatever a verb recorded can be told here, and nothing else. What of it is for whom:
`digest_pick`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Count, Max

from buendnisse.clock import local_date
from buendnisse.models import Alliance, Body, Change
from meetings.domain import elsewhere, relay_turn
from meetings.domain.elsewhere import SentAgendas
from meetings.enums import CircularState, Happened, MeetingState
from meetings.models import AgendaItem, CircularVote, Decision, Meeting, Minutes, Notice, Relay
from notifications.domain import digest_waits
from notifications.domain.digest_sight import Seen
from notifications.domain.digest_waits import Waits

T = TypeVar("T")

OF_DATES = (Happened.MEETING_CONFIRMED, Happened.MEETING_MOVED, Happened.MEETING_CANCELLED)
OF_MEETINGS = (*OF_DATES, Happened.MEETING_RESTORED, Happened.MEETING_INVITED)
OF_ITEMS = (Happened.ITEM_ACCEPTED, Happened.ITEM_SCHEDULED)
COME_HOME = (Happened.RELAY_RETURNED, Happened.RELAY_DECLINED, Happened.RELAY_CLOSED)
VOTES_ENDED = (Happened.CIRCULAR_CLOSED, Happened.CIRCULAR_MOVED, Happened.CIRCULAR_CANCELLED)
OF_VOTES = (Happened.CIRCULAR_OPENED, *VOTES_ENDED)
_TOLD = (*OF_MEETINGS, *OF_ITEMS, *COME_HOME, *OF_VOTES, Happened.MINUTES_CIRCULATED, Happened.RELAY_SCHEDULED)


@dataclass(frozen=True)
class News:
    """Everything told between two moments, with what the telling needs, by id. `at`: as of when it is told."""

    since: dt.datetime
    until: dt.datetime
    at: dt.datetime
    changes: Sequence[Change]
    bodies: Mapping[int, Alliance]
    meetings: Mapping[int, Meeting]
    items: Mapping[int, AgendaItem]
    minutes: Mapping[int, Minutes]
    relays: Mapping[int, Relay]
    votes: Mapping[int, CircularVote]
    decisions: Mapping[int, list[Decision]]
    next_meetings: Mapping[int, Meeting]
    agendas: SentAgendas
    notices: Sequence[Notice]
    #: What people are asked for is about few things: bodies, meetings with an invitation, votes that run.
    all_bodies: Mapping[int, Body]
    invited: Mapping[int, Meeting]
    running: Mapping[int, CircularVote]
    waits: Waits
    seen: Seen
    #: Lines that read the same for all who get them, by what they tell; written once.
    words: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What was written under `key` before, or is now."""
        if key not in self.words:
            self.words[key] = make()
        found: T = self.words[key]
        return found


def gather(*, since: dt.datetime, until: dt.datetime, at: dt.datetime) -> News:
    """Everything told in [since, until). The same queries however many people read it; some twenty where all kinds happened."""
    told = list(Change.objects.filter(at__gte=since, at__lt=until, verb__in=_TOLD).order_by("pk"))
    ids: dict[str, set[int]] = defaultdict(set)
    for change in told:
        ids[change.subject_type].add(change.subject_id)
    minutes = Minutes.objects.filter(pk__in=ids["minutes"]).select_related("meeting__alliance").in_bulk()
    decisions: dict[int, list[Decision]] = defaultdict(list)
    held = [one.meeting_id for one in minutes.values()]
    for decision in Decision.objects.standing().filter(meeting__in=held).order_by("number"):
        decisions[decision.meeting_id or 0].append(decision)
    next_meetings: dict[int, Meeting] = {}
    for meeting in Meeting.objects.upcoming(until).filter(start__gt=until).select_related("alliance"):
        next_meetings.setdefault(meeting.alliance_id, meeting)
    tells_others = any(change.verb in {Happened.MEETING_INVITED, Happened.MINUTES_CIRCULATED} for change in told)
    agendas = elsewhere.sent_agendas(next_meetings.values() if tells_others else [])
    valid = Notice.objects.valid_on(local_date(until)).filter(released_at__gte=since, released_at__lt=until)
    notices = list(valid.select_related("from_organisation").prefetch_related("bodies").order_by("pk"))
    relays = Relay.objects.filter(pk__in=ids["relay"]).select_related(*relay_turn.RELATED).in_bulk()
    agreed = {one.pk for rows in decisions.values() for one in rows}
    answers = {relay.answer_decision_id for relay in relays.values() if relay.answer_decision_id is not None}
    candidates: dict[Any, set[int]] = {
        Meeting: ids["meeting"],
        AgendaItem: ids["agendaitem"] | agendas.items,
        Relay: ids["relay"],
        Decision: agreed | answers,
        CircularVote: ids["circularvote"],
        Notice: {notice.pk for notice in notices},
    }
    return News(
        since,
        until,
        at,
        told,
        bodies=Alliance.objects.in_bulk(),
        meetings=Meeting.objects.filter(pk__in=ids["meeting"]).select_related("alliance", "venue").in_bulk(),
        items=AgendaItem.objects.filter(pk__in=ids["agendaitem"]).select_related("meeting").in_bulk(),
        minutes=minutes,
        relays=relays,
        votes=CircularVote.objects.filter(pk__in=ids["circularvote"]).select_related("next_item__meeting").in_bulk(),
        decisions=decisions,
        next_meetings=next_meetings,
        agendas=agendas,
        notices=notices,
        all_bodies=Body.objects.in_bulk(),
        invited=Meeting.objects.filter(state=MeetingState.INVITED, start__gt=at)
        .select_related("alliance", "venue")
        .in_bulk(),
        running=CircularVote.objects.filter(state=CircularState.CIRCULATING).select_related("alliance").in_bulk(),
        waits=digest_waits.gather(at=at),
        seen=Seen(candidates, at=at),
    )


#: The news told last, and the place in the journal they were read at: ten batches of one Monday read them once.
_last: tuple[tuple[Any, ...], News] | None = None


def kept(*, since: dt.datetime, until: dt.datetime, at: dt.datetime) -> News:
    """`gather`, or what was gathered before, as long as nothing has been recorded since. One query then.

    What was gathered for somebody who was told longer ago holds more, and every reader picks from it what is theirs.
    """
    global _last  # noqa: PLW0603 -- one value a process, guarded by the journal
    window = (until, local_date(at))
    if _last is not None and _last[0][0] == window:
        since = min(since, _last[0][1])
    place = Change.objects.filter(at__gte=since).aggregate(Count("pk"), Max("pk"))
    key = (window, since, *place.values())
    if _last is None or _last[0] != key:
        _last = (key, gather(since=since, until=until, at=at))
    return _last[1]


def forget() -> None:
    """Gather anew at the next call."""
    global _last  # noqa: PLW0603 -- as above
    _last = None
