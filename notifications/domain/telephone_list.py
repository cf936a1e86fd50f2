"""Who has to be called because a meeting is off, or moved at short notice, and no mail has reached them.

Nothing here is kept: who is on the list follows from the outbox as it stands, so that somebody whose mail is refused
later appears by itself. Only what came of a call is stored (`telephone`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q

from buendnisse.models import Change
from meetings.domain import cancellation
from meetings.enums import Happened, MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import invitations, reach
from notifications.domain.reach import Reach
from notifications.enums import CallOutcome, OutboxState
from notifications.models import OutboxMessage, TelephoneMark

T = TypeVar("T", Attendance, OutboxMessage)

_LEFT = frozenset({OutboxState.SENDING, OutboxState.SENT})
_MATTERS_FOR = cancellation.SHORT_NOTICE + dt.timedelta(days=1)  # after that a late move is history
_TOLD = (Happened.MEETING_CANCELLED, Happened.MEETING_MOVED)


@dataclass(frozen=True)
class Occasion:
    """What is to be told: the meeting is off, or was moved from `old_start`. Nobody needs a call after `until`."""

    meeting: Meeting
    change: Change
    until: dt.datetime
    old_start: dt.datetime | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.old_start is None


@dataclass(frozen=True)
class Entry:
    """One person who was to come. `words`: what became of the mail. `would_come`: said yes to what does not hold any more.

    `leaves_at`: when the mail goes that is under way, also where it is not needed.
    """

    row: Attendance
    reach: Reach
    words: str
    mark: TelephoneMark | None
    would_come: bool
    leaves_at: dt.datetime | None = None

    @property
    def phone(self) -> str:
        """The person's own number, or the one they answer as Ansprechperson; empty where there is none."""
        numbers = (contact.phone for contact in self.row.person.contacts.all() if contact.phone)
        return self.row.person.phone or next(numbers, "")

    @property
    def is_called(self) -> bool:
        return self.mark is not None and self.mark.outcome == CallOutcome.REACHED

    @property
    def tried_at(self) -> dt.datetime | None:
        """When somebody last called in vain."""
        return self.mark.at if self.mark is not None and not self.is_called else None


@dataclass(frozen=True)
class TelephoneList:
    """Everybody who was asked or stands in, those who would come in vain first. `leaves_at`: when waiting mail goes."""

    occasion: Occasion
    entries: Sequence[Entry]
    leaves_at: dt.datetime | None
    has_left: bool

    @property
    def total(self) -> int:
        """How many have to know."""
        return sum(entry.reach != Reach.NOT_NEEDED for entry in self.entries)

    @property
    def to_call(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.reach == Reach.CALL and not entry.is_called]

    @property
    def under_way(self) -> list[Entry]:
        """Their mail waits for its minute: no reason to call yet, unless it stays."""
        return [entry for entry in self.entries if entry.reach == Reach.UNDER_WAY and not entry.is_called]

    @property
    def called(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_called]

    @property
    def others(self) -> list[Entry]:
        """Mail left, or there was nothing to tell."""
        quiet = (Reach.MAILED, Reach.NOT_NEEDED)
        return [entry for entry in self.entries if entry.reach in quiet and not entry.is_called]

    @property
    def going(self) -> int:
        """How many mails are under way: those to people who said no, too."""
        return sum(entry.leaves_at is not None for entry in self.entries)

    @property
    def mailed(self) -> int:
        return sum(entry.reach == Reach.MAILED for entry in self.entries)

    @property
    def may_be_taken_back(self) -> bool:
        """Nobody has heard of it, neither by mail nor on the telephone."""
        return self.occasion.is_cancelled and not self.has_left and not self.called


def of(meeting: Meeting, *, at: dt.datetime) -> TelephoneList | None:
    """The list of one meeting; None where it takes place as everybody knows it, and once its time is over.

    Answers are forgotten after a while, so that a list looked at later would name the wrong people.
    No query for one that never changed.
    """
    if meeting.version == 1:  # both moving and cancelling raise it
        return None
    changes = Change.objects.of(meeting).filter(verb__in=_TOLD).select_related("dispatch").order_by("pk")
    found = _occasion(meeting, list(changes))
    return _lists([found], at=at)[0] if found and found.until >= at else None


def current(*, at: dt.datetime) -> list[TelephoneList]:
    """The lists of all meetings whose time is not over, the next one first. One query where there is none."""
    called_off = Meeting.objects.filter(state=MeetingState.CANCELLED, end__gte=at)
    changes = Change.objects.filter(subject_type="meeting").filter(
        Q(verb=Happened.MEETING_CANCELLED, subject_id__in=called_off.values("pk"))
        | Q(verb=Happened.MEETING_MOVED, at__gte=at - 2 * _MATTERS_FOR)
    )
    of_meetings: dict[int, list[Change]] = defaultdict(list)
    for change in changes.select_related("dispatch").order_by("pk"):
        of_meetings[change.subject_id].append(change)
    if not of_meetings:
        return []
    meetings = Meeting.objects.filter(pk__in=of_meetings).select_related("alliance").order_by("start", "pk")
    found = [_occasion(meeting, of_meetings[meeting.pk]) for meeting in meetings]
    return _lists([one for one in found if one is not None and one.until >= at], at=at)


def _occasion(meeting: Meeting, changes: Sequence[Change]) -> Occasion | None:
    """None where nobody knew of the date, or where a move leaves time for mail. `changes`: the oldest first."""
    is_off = meeting.state == MeetingState.CANCELLED
    verb = Happened.MEETING_CANCELLED if is_off else Happened.MEETING_MOVED
    known = [change for change in changes if change.verb == verb and change.data["state"] != MeetingState.PLANNED]
    if not known:
        return None
    if is_off:
        return Occasion(meeting, known[-1], until=meeting.end)
    return _moved(meeting, known)


def _moved(meeting: Meeting, moves: Sequence[Change]) -> Occasion | None:
    """Who has not heard comes to the date before the first of these moves, however far the last one leads."""
    last = moves[-1]
    lately = [change for change in moves if change.at >= last.at - _MATTERS_FOR]
    left = [
        (dt.datetime.fromisoformat(change.data["start"]), dt.datetime.fromisoformat(change.data["end"]), change.at)
        for change in lately
    ]
    ends = [
        end
        for start, end, moved_at in [*left, (meeting.start, meeting.end, last.at)]
        if cancellation.is_soon(start, at=moved_at)
    ]
    return Occasion(meeting, last, until=max(ends), old_start=left[0][0]) if ends else None


def _lists(occasions: Sequence[Occasion], *, at: dt.datetime) -> list[TelephoneList]:
    """The same four queries however many."""
    meetings = [one.meeting.pk for one in occasions]
    rows = _by_meeting(
        Attendance.objects.filter(meeting__in=meetings, is_asked=True, deputy__isnull=True)
        .select_related("person", "organisation", "stands_in_for__person")
        .prefetch_related("person__contacts")
    )
    matters = [name for pk in meetings for name in (invitations.matter(pk), f"copy:{invitations.matter(pk)}")]
    messages = _by_meeting(
        OutboxMessage.objects.filter(meeting_id__in=meetings, matter__in=matters)
        .only("meeting_id", "person_id", "copy_to_id", "occasion", "state", "not_before", "sent_at", "failure")
        .order_by("pk")
    )
    marks = {
        (mark.change_id, mark.attendance_id): mark
        for mark in TelephoneMark.objects.filter(change__in=[one.change for one in occasions]).select_related("by")
    }
    return [_list(one, rows[one.meeting.pk], messages[one.meeting.pk], marks, at=at) for one in occasions]


def _list(
    occasion: Occasion,
    rows: Iterable[Attendance],
    messages: Sequence[OutboxMessage],
    marks: Mapping[tuple[int, int], TelephoneMark],
    *,
    at: dt.datetime,
) -> TelephoneList:
    letters: dict[int, list[OutboxMessage]] = defaultdict(list)
    for message in messages:
        if message.copy_to_id is None:
            letters[message.person_id].append(message)
    change = occasion.change
    entries, moments = [], []
    for row in sorted(rows, key=lambda row: reach.urgency(row, change)):
        verdict = reach.judge(row, letters[row.person_id], change, at=at)
        mark, would_come = marks.get((change.pk, row.pk)), reach.would_come(row, change)
        entries.append(Entry(row, verdict.reach, verdict.words, mark, would_come, verdict.leaves_at))
        if verdict.leaves_at:
            moments.append(verdict.leaves_at)
    has_left = any(message.state in _LEFT for message in messages if reach.is_since(message, change))
    return TelephoneList(occasion, entries, leaves_at=max(moments, default=None), has_left=has_left)


def _by_meeting(rows: Iterable[T]) -> dict[int | None, list[T]]:
    found: dict[int | None, list[T]] = defaultdict(list)
    for row in rows:
        found[row.meeting_id].append(row)
    return found
