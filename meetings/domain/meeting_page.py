"""What the page of a meeting shows to one person: a fixed number of queries, whatever the size of the meeting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from buendnisse import permissions
from buendnisse.clock import local_date
from buendnisse.models import Person
from meetings.domain import agenda_order, answer_counts, answers, calls, planning, quorum, schedule
from meetings.enums import Answer, MeetingState
from meetings.models import Attendance, Meeting


@dataclass(frozen=True)
class Step:
    """One deadline at the side of the page."""

    label: str
    date: dt.date
    is_done: bool
    is_next: bool


@dataclass
class MeetingPage:
    """`rows` is empty for those who do not see inside, and once answers are counted; `own` is the reader's row."""

    meeting: Meeting
    steps: list[Step]
    agenda: agenda_order.Agenda
    rows: list[Attendance] = field(default_factory=list)
    own: Attendance | None = None
    counts: answers.Summary = field(default_factory=answers.Summary)
    needed: int = 0
    voting: int = 0
    sees_inside: bool = False
    may_moderate: bool = False
    is_movable: bool = False
    is_open: bool = False
    may_propose: bool = False

    @property
    def is_counted(self) -> bool:
        """Only the numbers are left: the minutes are approved."""
        return self.meeting.answer_counts is not None

    @property
    def counted(self) -> str:
        return answer_counts.in_words(self.counts)

    @property
    def coming(self) -> str:
        """ "Bisher kommen 13: zehn vor Ort, drei online." Nothing for those who do not see inside."""
        return answers.so_far(self.counts) if self.rows else ""

    @property
    def open_rows(self) -> list[Attendance]:
        """No answer, or one to an earlier date: shown first."""
        return [row for row in self.rows if is_unanswered(row) and not has_deputy(row)]

    @property
    def other_rows(self) -> list[Attendance]:
        """Said no, maybe, or sends somebody."""
        return [row for row in self.rows if has_deputy(row) or (not is_unanswered(row) and not answers.is_coming(row))]

    @property
    def coming_rows(self) -> list[Attendance]:
        """Folded on the page: nobody has to act."""
        return [row for row in self.rows if answers.is_coming(row) and not has_deputy(row)]


def of(meeting: Meeting, person: Person, *, at: dt.datetime) -> MeetingPage:
    """Load the page of `meeting` (with alliance, venue and chair) for `person`."""
    inside = permissions.may_see_inside(person, meeting.alliance, at=at)
    moderates = permissions.may_moderate(person)
    page = MeetingPage(
        meeting=meeting,
        steps=steps(meeting, at=at),
        agenda=agenda_order.numbered(meeting, reader=person, at=at),
        sees_inside=inside,
        may_moderate=moderates,
        is_movable=meeting.state in planning.MOVABLE,
        is_open=answers.is_open(meeting, at),
        may_propose=not moderates and calls.may_propose(person, meeting, at=at),
    )
    rows = _rows(meeting)
    if not page.is_counted:
        page.own = next((row for row in rows if row.person_id == person.pk and row.is_asked), None)
    if inside and page.is_counted:
        page.counts = answers.summary(meeting)
    elif inside:
        page.rows = [row for row in rows if row.is_asked]
        page.counts = answers.summarise(page.rows)
        page.voting = len(quorum.entitled(meeting))
        page.needed = quorum.needed(page.voting, float(meeting.alliance.quorum_share))
    return page


def steps(meeting: Meeting, *, at: dt.datetime) -> list[Step]:
    """The deadlines, what is over and what comes next."""
    today = local_date(at)
    try:
        dates = list(schedule.schedule(meeting))
    except schedule.OrderLost:
        return []
    coming = None if meeting.state == MeetingState.CANCELLED else next((d for d in dates if d.date >= today), None)
    return [Step(entry.label, entry.date, entry.date < today, entry is coming) for entry in dates]


def is_unanswered(row: Attendance) -> bool:
    return row.answer == Answer.PENDING or row.answer_is_for_earlier_date


def has_deputy(row: Attendance) -> bool:
    """Free where `deputy` was loaded along."""
    return getattr(row, "deputy", None) is not None


def _rows(meeting: Meeting) -> list[Attendance]:
    rows = Attendance.objects.filter(meeting=meeting).select_related(
        "person", "organisation", "deputy__person", "stands_in_for__person"
    )
    return sorted(rows, key=lambda row: (row.person.last_name, row.person.first_name, row.pk))
