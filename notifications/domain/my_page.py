"""Meine Seite: my meetings with my answer, my tasks, my topics, and what was decided since I was last here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db import models
from django.db.models import F
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from buendnisse import permissions
from buendnisse.clock import local_date
from buendnisse.domain import mail_wishes
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import Alliance, Membership, Person
from buendnisse.models.sight import Sight, sight_of
from meetings.domain import elsewhere, relay_asked
from meetings.domain.elsewhere import Elsewhere
from meetings.domain.relay_asked import Asked
from meetings.enums import RELAY_TRAVELLING, TOOK_PLACE, AgendaItemState, Answer, MeetingState, MinutesState
from meetings.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Ballot,
    CircularVote,
    Decision,
    Meeting,
    Minutes,
    Notice,
    Relay,
)
from meetings.models.notice import NoticeQuerySet
from notifications.domain import urls_for, vote_pages
from notifications.domain.desk_line import href

#: What "since I was last here" means on the first visit.
_FIRST_VISIT = dt.timedelta(days=30)
_ANSWERABLE = frozenset(
    {MeetingState.CONFIRMED, MeetingState.CALL_OPEN, MeetingState.AGENDA_CLOSED, MeetingState.INVITED}
)
_BEFORE_INVITATION = _ANSWERABLE - {MeetingState.INVITED} | {MeetingState.PLANNED}
_CALLED = frozenset({MeetingState.CONFIRMED, MeetingState.CALL_OPEN})


class NotMine(Exception):
    """The thing is not this person's, or this installation has no such page."""


@dataclass(frozen=True)
class MyMeeting:
    """A meeting to come. `attendance` is None where the person is not invited herself."""

    meeting: Meeting
    attendance: Attendance | None
    href: str

    @property
    def may_answer(self) -> bool:
        row = self.attendance
        return row is not None and row.is_asked and self.meeting.state in _ANSWERABLE

    @property
    def waits(self) -> bool:
        row = self.attendance
        is_open = row is not None and row.answer == Answer.PENDING
        return self.may_answer and is_open and self.meeting.state == MeetingState.INVITED

    @property
    def comes_later(self) -> bool:
        """The invitation has not gone yet."""
        return self.meeting.state in _BEFORE_INVITATION

    @property
    def is_begun(self) -> bool:
        return self.meeting.state == MeetingState.IN_SESSION

    @property
    def is_over(self) -> bool:
        """Ended before its time was up; an answer is no longer of use."""
        return self.meeting.state in TOOK_PLACE

    @property
    def answer_label(self) -> str:
        is_open = self.attendance is not None and self.attendance.answer == Answer.PENDING
        return _("Schon jetzt antworten") if is_open else _("Antwort ändern")

    @property
    def may_propose(self) -> bool:
        return self.meeting.state in _CALLED


@dataclass(frozen=True)
class MyPage:
    meetings: list[MyMeeting]
    others: list[Elsewhere]
    may_say: bool
    reviews: list[Minutes]
    asked: list[Asked]
    ballots: list[Ballot]
    tasks: list[ActionItem]
    items: list[AgendaItem]
    decisions: list[Decision]
    notices: list[Notice]
    relays: list[Relay]
    bodies: list[Alliance]
    since: dt.datetime
    todo: int
    wishes: list[str]


def my_page(person: Person, *, since: dt.datetime | None, at: dt.datetime) -> MyPage:
    """What concerns this person as of `at`. For the reader: what all bodies do."""
    today = local_date(at)
    sight = sight_of(person, at=at)
    since = since or at - _FIRST_VISIT
    upcoming = list(
        Meeting.objects.visible_to(sight, at=at).upcoming(at).select_related("alliance", "venue").distinct()
    )
    rows = Attendance.objects.filter(person=person, meeting__in=upcoming).select_related("deputy__person")
    mine = {row.meeting_id: row for row in rows}
    shown = [MyMeeting(meeting, mine.get(meeting.pk), _meeting_href(meeting)) for meeting in upcoming]
    inside = sight.inside if not sight.all_bodies else {meeting.meeting.alliance_id for meeting in shown}
    own = [one for one in shown if one.attendance is not None or one.meeting.alliance_id in inside]
    decisions = Decision.objects.visible_to(sight, at=at).standing().filter(decided_on__gte=local_date(since))
    reviews = list(
        Minutes.objects.filter(
            state=MinutesState.IN_REVIEW, reviewed_by=None, meeting__alliance__in=sight.chairs
        ).select_related("meeting__alliance")
    )
    tasks = list(
        ActionItem.objects.open().filter(owner=person).select_related("alliance", "meeting").order_by("due_on", "pk")
    )
    items = AgendaItem.objects.filter(
        proposer=person, state__in=[AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.BACKLOG]
    )
    alliances = list(Alliance.objects.valid_on(today).in_order())
    ballots = vote_pages.open_ballots(person, at=at)
    asked = relay_asked.of(person, sight, at=at)
    return MyPage(
        meetings=own,
        others=elsewhere.told([one for one in alliances if one.pk not in inside], sight, at=at)
        if sight.overview
        else [],
        may_say=bool(sight.inside),
        reviews=reviews,
        asked=asked,
        ballots=ballots,
        tasks=tasks,
        items=list(items.select_related("alliance", "meeting").order_by("-submitted_at", "-pk")[:6]),
        decisions=list(decisions.select_related("alliance").order_by("-decided_on", "number")[:10]),
        notices=list(_notices(sight, at)),
        relays=_relays(sight, at, besides=[one.relay.pk for one in asked]),
        bodies=[one for one in alliances if one.pk in sight.inside],
        since=since,
        todo=sum(one.waits for one in own)
        + len(reviews)
        + sum(one.is_due for one in asked)
        + sum(not ballot.is_cast for ballot in ballots)
        + sum(task.due_on < today for task in tasks),
        wishes=mail_wishes.in_words(person, bodies=[one for one in alliances if one.pk in person.quiet_bodies]),
    )


def open_mine(person: Person, *, purpose: LinkPurpose, number: int, at: dt.datetime) -> str:
    """The personal page of this thing, the same that mails lead to. Raises NotMine."""
    if purpose == LinkPurpose.FEED:
        return _calendar(person, at)
    if purpose == LinkPurpose.SETTINGS:
        return urls_for.personal(person, purpose=purpose, at=at)
    thing = None
    if purpose != LinkPurpose.NOTICE:
        find = _MINE.get(purpose)
        thing = find(person, number, at) if find else None
        if thing is None:
            raise NotMine
    elif not permissions.is_member(person, at=at):
        raise NotMine
    try:
        return urls_for.personal(person, purpose=purpose, subject=thing, at=at)
    except NoReverseMatch as error:
        raise NotMine from error


def _calendar(person: Person, at: dt.datetime) -> str:
    if not permissions.may_read(person):
        raise NotMine
    return urls_for.personal(person, purpose=LinkPurpose.FEED, until=at + urls_for.FEED_FOR, at=at)


def _relays(sight: Sight, at: dt.datetime, *, besides: Collection[int]) -> list[Relay]:
    """What still waits for its answer; what stands among the things to do already is left out."""
    rows = Relay.objects.visible_to(sight, at=at).filter(state__in=RELAY_TRAVELLING).exclude(pk__in=besides)
    return list(rows.select_related("source", "target").order_by(F("due_on").asc(nulls_last=True), "pk")[:5])


def _notices(sight: Sight, at: dt.datetime) -> NoticeQuerySet:
    """What runs for one's own bodies; for the reader all of it."""
    rows = Notice.objects.visible_to(sight, at=at).valid_on(local_date(at)).select_related("from_organisation")
    if not sight.all_bodies:
        rows = rows.filter(bodies__in=sight.inside).distinct()
    return rows.order_by("valid_until", "pk")[:8]


def _meeting_href(meeting: Meeting) -> str:
    return href("meetings:meeting", meeting.slug)


def _invitation(person: Person, number: int, at: dt.datetime) -> models.Model | None:
    meetings = Meeting.objects.filter(pk=number, end__gte=at, attendance__person=person, attendance__is_asked=True)
    return meetings.filter(state__in=_ANSWERABLE).first()


def _call(person: Person, number: int, at: dt.datetime) -> models.Model | None:
    bodies = (
        Membership.objects.filter(person=person).active_on(local_date(at)).exclude(role=Role.GUEST).values("body_id")
    )
    return Meeting.objects.filter(pk=number, end__gte=at, alliance__in=bodies, state__in=_CALLED).first()


def _item(person: Person, number: int, at: dt.datetime) -> models.Model | None:
    return AgendaItem.objects.filter(pk=number, proposer=person).first()


def _task(person: Person, number: int, at: dt.datetime) -> models.Model | None:
    return ActionItem.objects.filter(pk=number, owner=person).first()


def _review(person: Person, number: int, at: dt.datetime) -> models.Model | None:
    chairs = sight_of(person, at=at).chairs
    return Minutes.objects.filter(pk=number, state=MinutesState.IN_REVIEW, meeting__alliance__in=chairs).first()


def _vote(person: Person, number: int, at: dt.datetime) -> models.Model | None:
    return CircularVote.objects.running().filter(pk=number, ballots__person=person).first()


def _other(person: Person, number: int, at: dt.datetime) -> models.Model | None:
    is_member = permissions.is_member(person, at=at)
    return Alliance.objects.valid_on(local_date(at)).filter(pk=number).first() if is_member else None


_MINE: Mapping[LinkPurpose, Callable[[Person, int, dt.datetime], models.Model | None]] = {
    LinkPurpose.ANSWER: _invitation,
    LinkPurpose.PROPOSE: _call,
    LinkPurpose.ITEM: _item,
    LinkPurpose.TASK: _task,
    LinkPurpose.RELEASE: _review,
    LinkPurpose.BALLOT: _vote,
    LinkPurpose.REMARK: _other,
}
