"""Calling for topics: opens and closes by the dates of the schedule, reminds only those who have not answered.

All of it is set off by the clock at 07:00 and told to the journal as done by a rule. "Diesmal kein Thema" is an
answer too; it is nothing but an entry in the journal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from buendnisse.clock import automatic_mail_time, end_of, local_date
from buendnisse.domain import journal
from buendnisse.enums import Role, Via
from buendnisse.models import Change, Membership, Person
from meetings.domain import reminder_rules
from meetings.domain.moves import MoveRefused, move
from meetings.domain.schedule import OrderLost, Schedule
from meetings.domain.schedule import schedule as schedule_of
from meetings.enums import DeadlineKind, Happened, MeetingState
from meetings.models import AgendaItem, Meeting

#: Who is asked for topics: members and standing deputies; guests come for one matter.
CALLED_ROLES = frozenset({Role.CHAIR, Role.DEPUTY_CHAIR, Role.MEMBER, Role.DEPUTY})
#: A reminder this soon after the call would be a nuisance.
_REST = dt.timedelta(days=3)

#: What a meeting set today says of its date leaves first; the call for its topics follows.
_SETTLED = dt.timedelta(minutes=2)

_BEFORE_THE_AGENDA = (MeetingState.CONFIRMED, MeetingState.CALL_OPEN)


def open_and_close_due(*, at: dt.datetime) -> int:
    """Open the calls whose day has come and close those whose editorial deadline is over; how many moved."""
    moved = 0
    for meeting, dates in _waiting(at, _BEFORE_THE_AGENDA):
        if at >= end_of(dates[DeadlineKind.EDITORIAL_DEADLINE]):
            moved += _pass(meeting, MeetingState.AGENDA_CLOSED, Happened.MEETING_AGENDA_CLOSED, at)
        elif meeting.state == MeetingState.CONFIRMED and at >= _opens(meeting, dates):
            moved += _pass(meeting, MeetingState.CALL_OPEN, Happened.MEETING_CALL_OPENED, at)
    return moved


def _opens(meeting: Meeting, dates: Schedule) -> dt.datetime:
    """When the call leaves: at 7:00 of its day, or right after the date itself where that was set later."""
    return max(automatic_mail_time(dates[DeadlineKind.CALL_FOR_ITEMS]), meeting.changed_at + _SETTLED)


def remind_due(*, at: dt.datetime) -> int:
    """Note the reminders whose day has come; how many. Whom they reach is asked when they are written."""
    reminded = 0
    for meeting, dates in _waiting(at, (MeetingState.CALL_OPEN,)):
        if at < automatic_mail_time(dates[DeadlineKind.REMINDER]):
            continue
        told = set(Change.objects.of(meeting).values_list("verb", "at"))
        opened = max((when for verb, when in told if verb == Happened.MEETING_CALL_OPENED), default=None)
        if any(verb == Happened.MEETING_CALL_REMINDED for verb, _when in told) or (
            opened is not None and at - opened < _REST
        ):
            continue
        with transaction.atomic():
            _record(Happened.MEETING_CALL_REMINDED, meeting, at)
        reminded += 1
    return reminded


def called(meeting: Meeting, *, at: dt.datetime) -> list[Person]:
    """Whom the call reaches, each once, by name."""
    rows = Membership.objects.filter(body_id=meeting.alliance_id, role__in=CALLED_ROLES).active_on(local_date(at))
    return list(
        Person.objects.filter(pk__in=rows.values("person_id"))
        .select_related("organisation")
        .order_by("last_name", "first_name", "pk")
    )


def unanswered(meeting: Meeting, *, at: dt.datetime) -> list[Person]:
    """Who was called and has neither named a topic nor said that there is none."""
    proposed = set(
        AgendaItem.objects.filter(meeting=meeting, proposer__isnull=False).values_list("proposer_id", flat=True)
    )
    # What was put into the Themenspeicher meanwhile belongs to no meeting any more; its proposer has answered.
    named = Change.objects.filter(verb=Happened.ITEM_PROPOSED, by__isnull=False, data__meeting=meeting.pk)
    proposed |= set(named.values_list("by_id", flat=True))
    return [person for person in called(meeting, at=at) if person.pk not in proposed | without_item(meeting)]


def without_item(meeting: Meeting) -> set[int]:
    """Ids of the people who said "Diesmal kein Thema"."""
    verbs = (Happened.MEETING_NO_ITEM, Happened.MEETING_NO_ITEM_TAKEN_BACK)
    rows = Change.objects.of(meeting).filter(verb__in=verbs, by__isnull=False)
    last = dict(rows.order_by("pk").values_list("by_id", "verb"))
    return {by for by, verb in last.items() if verb == Happened.MEETING_NO_ITEM}


def say_no_item(meetings: Iterable[Meeting], *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """ "Diesmal kein Thema" for each of these meetings; saying it again changes nothing. A topic may still follow."""
    with transaction.atomic():
        for meeting in meetings:
            if by.pk not in without_item(meeting):
                journal.record(Happened.MEETING_NO_ITEM, meeting, at=at, by=by, via=via, body=meeting.alliance)


def said_no_item(meetings: Iterable[Meeting], *, by: Person) -> bool:
    """Whether this person has no topic for any of these meetings."""
    return all(by.pk in without_item(meeting) for meeting in meetings)


def take_no_item_back(meetings: Iterable[Meeting], *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """The question is open again, and the reminder comes."""
    verb = Happened.MEETING_NO_ITEM_TAKEN_BACK
    with transaction.atomic():
        for meeting in meetings:
            if by.pk in without_item(meeting):
                journal.record(verb, meeting, at=at, by=by, via=via, body=meeting.alliance)


def called_together(meeting: Meeting, *, at: dt.datetime) -> list[Meeting]:
    """This meeting and those of other alliances whose call is open or opens within three days, by date."""
    together = [meeting]
    for other, dates in _waiting(at, _BEFORE_THE_AGENDA):
        opens = automatic_mail_time(dates[DeadlineKind.CALL_FOR_ITEMS])
        if other.alliance_id != meeting.alliance_id and abs(opens - at) < reminder_rules.days("together_days"):
            together.append(other)
    return sorted(together, key=lambda one: one.start)


def _waiting(at: dt.datetime, states: Iterable[str]) -> Iterable[tuple[Meeting, Schedule]]:
    rows = (
        Meeting.objects.filter(state__in=list(states), start__gt=at)
        .select_related("alliance", "venue")
        .order_by("start")
    )
    for meeting in rows:
        try:
            yield meeting, schedule_of(meeting)
        except OrderLost:
            continue  # a date the rules leave no room for: the Fachstelle runs it by hand


def _pass(meeting: Meeting, to: str, verb: Happened, at: dt.datetime) -> int:
    try:
        with transaction.atomic():
            move(meeting, to=to, changed_at=at)
            _record(verb, meeting, at)
    except MoveRefused:
        return 0  # somebody moved it on by hand
    return 1


def _record(verb: Happened, meeting: Meeting, at: dt.datetime) -> None:
    journal.record(verb, meeting, at=at, by=None, via=Via.RULE, body=meeting.alliance)


def open_for(person: Person, *, at: dt.datetime) -> list[Meeting]:
    """Meetings this person is called for: the call is open, or opens so soon that one mail named both."""
    bodies = set(
        Membership.objects.filter(person=person, role__in=CALLED_ROLES)
        .active_on(local_date(at))
        .values_list("body_id", flat=True)
    )
    return [
        meeting
        for meeting, dates in _waiting(at, _BEFORE_THE_AGENDA)
        if meeting.alliance_id in bodies
        and automatic_mail_time(dates[DeadlineKind.CALL_FOR_ITEMS]) < at + reminder_rules.days("together_days")
    ]


def may_propose(person: Person, meeting: Meeting, *, at: dt.datetime) -> bool:
    """Members and standing deputies of the meeting's alliance."""
    rows = Membership.objects.filter(person=person, body_id=meeting.alliance_id, role__in=CALLED_ROLES)
    return rows.active_on(local_date(at)).exists()
