"""What the page of a meeting shows to one person: a fixed number of queries, whatever the size of the meeting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from buendnisse import permissions
from buendnisse.clock import local_date
from buendnisse.models import Person, Sight, sight_of
from meetings.domain import (
    agenda_changes,
    agenda_order,
    answer_counts,
    answers,
    asking,
    calls,
    planning,
    quorum,
    replies,
    schedule,
)
from meetings.domain.replies import Reply
from meetings.domain.standing_told import Telling
from meetings.enums import MeetingState
from meetings.models import Meeting
from meetings.models.meeting import MeetingQuerySet

#: What the page shows of the meeting, its alliance's name and rules, its place, chair and minutes.
_SHOWN = (
    "slug",
    "start",
    "end",
    "mode",
    "video_link",
    "state",
    "deadline_overrides",
    "note",
    "conflict_reason",
    "move_reason",
    "cancel_reason",
    "version",
    "agenda_sent_at",
    "quarter",
    "answer_counts",
    "alliance__slug",
    "alliance__kind",
    "alliance__name",
    "alliance__short_name",
    "alliance__prefix",
    "alliance__call_days",
    "alliance__reminder_days",
    "alliance__editorial_days",
    "alliance__invitation_days",
    "alliance__late_papers_days",
    "alliance__minutes_to_chair_days",
    "alliance__minutes_due_days",
    "alliance__objection_days",
    "alliance__quiet_from",
    "alliance__quiet_until",
    "alliance__quorum_share",
    "venue__name",
    "venue__is_step_free",
    "venue__has_induction_loop",
    "venue__parking",
    "venue__door_contact",
    "venue__note",
    "venue__bus_note",
    "chair__first_name",
    "chair__last_name",
    "minutes__state",
    "minutes__objection_until",
)


@dataclass(frozen=True)
class Step:
    """One deadline at the side of the page: `next`, `done`, or still to come."""

    label: str
    date: dt.date
    standing: str = ""


@dataclass(frozen=True)
class MeetingPage:
    """What stands on the page. `own` is the reader's row; who does not see inside has no other, nor anybody once answers are counted."""

    meeting: Meeting
    steps: list[Step]
    agenda: agenda_order.Agenda
    edition: agenda_changes.Edition | None  # the version that was sent last, and what was new in it
    own: Reply | None
    invited_later: bool  # the reader is not asked yet: the invitation is still to come
    asked: list[Reply]  # everybody, for those who see inside
    counts: answers.Summary
    needed: int
    voting: int
    sees_inside: bool
    may_moderate: bool
    is_movable: bool
    is_open: bool
    may_propose: bool
    today: dt.date

    @property
    def takes_answers(self) -> bool:
        """The reader may enter what people say on the telephone."""
        return self.may_moderate and self.is_open

    @property
    def paper_verb(self) -> str:
        """What the reader may do with papers of an item; nothing for whoever may not."""
        if not self.may_moderate or self.meeting.state == MeetingState.CANCELLED:
            return ""
        return _("nachreichen") if self.meeting.agenda_sent_at else _("hinzufügen")

    @property
    def has_folder(self) -> bool:
        """Agenda and papers in one file, for whoever may open papers, once the agenda has left."""
        is_out = self.meeting.agenda_sent_at is not None or self.may_moderate
        return is_out and self.meeting.state != MeetingState.PLANNED and (self.sees_inside or self.own is not None)

    @property
    def opens_today(self) -> bool:
        """The day has come, or nobody needs to be asked any more: the meeting may be opened."""
        return not (self.is_open and self.open_rows and self.today < local_date(self.meeting.start))

    @property
    def is_off(self) -> bool:
        """It does not take place: nothing on the page looks ahead to it."""
        return self.meeting.state == MeetingState.CANCELLED

    @property
    def invitation_comes(self) -> str:
        """ "Die Einladung kommt zwei Wochen vorher." """
        ahead = asking.ahead(self.meeting.alliance.invitation_days)
        return _("Die Einladung kommt %s vorher.") % ahead if ahead else _("Die Einladung kommt rechtzeitig vorher.")

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
        return answers.so_far(self.counts) if self.asked else ""

    @cached_property
    def open_rows(self) -> list[Reply]:
        """No answer, or one to an earlier date: shown first."""
        return [row for row in self.asked if row.is_open]

    @cached_property
    def other_rows(self) -> list[Reply]:
        """Said no, maybe, or sends somebody."""
        return [row for row in self.asked if not row.is_open and not row.is_coming]

    @property
    def listed_rows(self) -> list[Reply]:
        return self.open_rows + self.other_rows

    @cached_property
    def coming_rows(self) -> list[Reply]:
        """Folded on the page: nobody has to act."""
        return [row for row in self.asked if row.is_coming]


def shown(person: Person | Sight, *, at: dt.datetime) -> MeetingQuerySet:
    """The meetings `person` may look at, each with what its page shows."""
    seen = Meeting.objects.visible_to(person, at=at)
    return seen.select_related("alliance", "venue", "chair", "minutes").only(*_SHOWN)


def of(
    meeting: Meeting, person: Person, *, at: dt.datetime, sight: Sight | None = None, is_link: bool = False
) -> MeetingPage:
    """Load the page of `meeting` (with alliance, venue and chair) for `person`, whose `sight` may be known already.

    Behind a link nobody proposes (that is a link of its own), so it is not asked who may.
    """
    sight = sight or sight_of(person, at=at)
    inside = sight.sees_inside(meeting.alliance_id)
    moderates = permissions.may_moderate(person)
    counted = meeting.answer_counts is not None
    rows = [] if counted else [row for row in replies.of(meeting) if row.is_asked]
    voting = len(quorum.entitled(meeting)) if inside and not counted else 0
    own = next((row for row in rows if row.person_id == person.pk), None)
    is_open = answers.is_open(meeting, at)
    return MeetingPage(
        meeting=meeting,
        steps=steps(meeting, at=at),
        agenda=agenda_order.numbered(meeting, reader=sight, at=at, telling=Telling.KEPT),
        edition=agenda_changes.edition(meeting, sight=sight) if meeting.agenda_sent_at else None,
        own=own,
        invited_later=is_open and own is not None and _is_asked_later(own, meeting),
        asked=rows if inside else [],
        counts=_counts(meeting, rows) if inside else answers.Summary(),
        needed=quorum.needed(voting, float(meeting.alliance.quorum_share)) if voting else 0,
        voting=voting,
        sees_inside=inside,
        may_moderate=moderates,
        is_movable=meeting.state in planning.MOVABLE,
        is_open=is_open,
        may_propose=not moderates and not is_link and calls.may_propose(person, meeting, at=at),
        today=local_date(at),
    )


def _is_asked_later(own: Reply, meeting: Meeting) -> bool:
    """Who stands in for somebody decides now and was asked at once."""
    return own.is_pending and own.stands_in_for_id is None and asking.comes_later(meeting)


def _counts(meeting: Meeting, rows: list[Reply]) -> answers.Summary:
    return answers.summarise(rows) if meeting.answer_counts is None else answers.summary(meeting)


def steps(meeting: Meeting, *, at: dt.datetime) -> list[Step]:
    """The deadlines, what is over and what comes next; none of a meeting that does not take place."""
    if meeting.state == MeetingState.CANCELLED:
        return []
    today = local_date(at)
    try:
        dates = list(schedule.schedule(meeting))
    except schedule.OrderLost:
        return []
    coming = next((d for d in dates if d.date >= today), None)
    return [Step(entry.label, entry.date, _standing(entry, coming, today)) for entry in dates]


def _standing(entry: schedule.Deadline, coming: schedule.Deadline | None, today: dt.date) -> str:
    if entry is coming:
        return "next"
    return "done" if entry.date < today else ""
