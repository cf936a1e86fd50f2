"""How meetings came about: dates, calls, invitations, answers, items, and their minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from buendnisse import clock
from buendnisse.config.demo.history.entry import change
from buendnisse.config.demo.stage import START, TODAY, Stage, moment
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import calendar_days
from meetings.enums import (
    AgendaItemState,
    Answer,
    DeadlineKind,
    Happened,
    MeetingState,
    MinutesState,
    ObjectionState,
    Presence,
)
from meetings.models import AgendaItem, Attendance, Meeting, Minutes

_TAKEN_PLACE = frozenset({MeetingState.HELD, MeetingState.CLOSED})
_ON_AGENDA = frozenset({AgendaItemState.SCHEDULED, AgendaItemState.DISCUSSED, AgendaItemState.DEFERRED})
_MINUTE = dt.timedelta(minutes=1)


def all_of(stage: Stage) -> Iterator[Change]:
    for identifier, meeting in stage.meetings.items():
        yield from _meeting(stage, identifier, meeting)
    for row in stage.attendance:
        yield from _answer(stage, row)
    for identifier, item in stage.items.items():
        yield from _item(stage, identifier, item)
    for minutes in stage.minutes.values():
        yield from _minutes(stage, minutes)


def dealt_with_at(stage: Stage, item: AgendaItem) -> dt.datetime:
    """When an item of a meeting was done, by the minutes planned for it and the ones before."""
    meeting = item.meeting
    if meeting is None:
        raise LookupError(item.slug)
    before = sum(
        other.duration_minutes
        for other in stage.items.values()
        if other.meeting == meeting and other.position <= item.position
    )
    return min(meeting.start + before * _MINUTE, meeting.end)


def _meeting(stage: Stage, identifier: str, meeting: Meeting) -> Iterator[Change]:
    dates = stage.schedules[identifier]
    alliance, head, writer = meeting.alliance, stage.head, stage.writer
    yield change(Happened.MEETING_PLANNED, meeting, at=meeting.created_at, body=alliance, by=head)
    yield change(
        Happened.MEETING_CONFIRMED,
        meeting,
        at=moment(dates[DeadlineKind.SAVE_THE_DATE], 10),
        body=alliance,
        by=head,
    )
    for verb, kind in (
        (Happened.MEETING_CALL_OPENED, DeadlineKind.CALL_FOR_ITEMS),
        (Happened.MEETING_CALL_REMINDED, DeadlineKind.REMINDER),
    ):
        if dates[kind] <= TODAY:
            yield change(verb, meeting, at=clock.automatic_mail_time(dates[kind]), body=alliance)
    if dates[DeadlineKind.EDITORIAL_DEADLINE] < TODAY:
        yield change(
            Happened.MEETING_AGENDA_CLOSED,
            meeting,
            at=clock.end_of(dates[DeadlineKind.EDITORIAL_DEADLINE]),
            body=alliance,
        )
    if meeting.agenda_sent_at:
        at = meeting.agenda_sent_at
        yield change(Happened.MEETING_INVITED, meeting, at=at, body=alliance, by=writer, data={"version": 1})
    if meeting.state in _TAKEN_PLACE:
        yield change(Happened.MEETING_STARTED, meeting, at=meeting.start, body=alliance, by=writer)
        counted = {"organisations": _votes(stage, meeting), "entitled": meeting.voting_organisations}
        yield change(Happened.MEETING_HELD, meeting, at=meeting.end, body=alliance, by=writer, data=counted)


def _votes(stage: Stage, meeting: Meeting) -> int:
    return sum(row.casts_vote for row in stage.attendance if row.meeting == meeting)


def _answer(stage: Stage, row: Attendance) -> Iterator[Change]:
    meeting, alliance = row.meeting, row.meeting.alliance
    about = {"meeting": meeting.pk, "person": row.person_id}
    if row.presence != Presence.UNKNOWN:
        yield change(
            Happened.ATTENDANCE_RECORDED,
            row,
            at=meeting.start + 5 * _MINUTE,
            body=alliance,
            by=stage.writer,
            data={"meeting": meeting.pk, "presence": row.presence},
        )
    if row.answer != Answer.PENDING and row.answered_at:
        yield change(
            Happened.ATTENDANCE_ANSWERED,
            row,
            at=row.answered_at,
            body=alliance,
            by=stage.writer if row.answered_via == Via.PHONE else row.person,
            via=row.answered_via,
            data=about,
        )
    member = row.stands_in_for
    if member is not None and member.answered_at:
        yield change(
            Happened.ATTENDANCE_DEPUTY_NAMED,
            member,
            at=member.answered_at + _MINUTE,
            body=alliance,
            by=member.person,
            via=member.answered_via,
            data={"meeting": meeting.pk, "person": member.person_id, "deputy": row.person_id},
        )


def _item(stage: Stage, identifier: str, item: AgendaItem) -> Iterator[Change]:
    alliance, meeting, head = item.alliance, item.meeting, stage.head
    about = {"meeting": item.meeting_id}
    if item.submitted_at:
        carried = item.submitted_via in {Via.RELAY, Via.CARRIED_OVER}
        yield change(
            Happened.ITEM_PROPOSED,
            item,
            at=item.submitted_at,
            body=alliance,
            by=head if carried else item.proposer,
            via=item.submitted_via or Via.WEB,
            data=about,
        )
    if item.state == AgendaItemState.BACKLOG and item.submitted_at:
        yield change(Happened.ITEM_BACKLOGGED, item, at=next_working_morning(item.submitted_at), body=alliance, by=head)
    if meeting is None or item.submitted_at is None:
        return
    if item.state == AgendaItemState.ACCEPTED:
        yield change(
            Happened.ITEM_ACCEPTED,
            item,
            at=next_working_morning(item.submitted_at),
            body=alliance,
            by=head,
            data=about,
        )
    if item.state in _ON_AGENDA and meeting.agenda_sent_at:
        at = max(item.submitted_at, min(next_working_morning(item.submitted_at), meeting.agenda_sent_at - 30 * _MINUTE))
        yield change(Happened.ITEM_SCHEDULED, item, at=at, body=alliance, by=head, data=about)
    if item.state == AgendaItemState.DISCUSSED:
        yield change(
            Happened.ITEM_RECORDED, item, at=dealt_with_at(stage, item), body=alliance, by=stage.writer, data=about
        )
    if item.state == AgendaItemState.DEFERRED:
        successor = next(later for later in stage.items.values() if later.continued_from == item)
        yield change(
            Happened.ITEM_DEFERRED,
            item,
            at=dealt_with_at(stage, item),
            body=alliance,
            by=stage.writer,
            data={**about, "successor": successor.pk, "to": successor.meeting_id},
        )


def next_working_morning(at: dt.datetime) -> dt.datetime:
    """When the Fachstelle gets to something that came in at `at`."""
    day = clock.local_date(at) + dt.timedelta(days=1)
    while not calendar_days.is_working_day(day):
        day += dt.timedelta(days=1)
    return min(clock.at_local(day, dt.time(8, 10)), START - 10 * _MINUTE)


def _minutes(stage: Stage, minutes: Minutes) -> Iterator[Change]:
    meeting, alliance = minutes.meeting, minutes.meeting.alliance
    writer, chair, about = stage.writer, minutes.reviewed_by, {"meeting": meeting.pk}
    yield change(Happened.MINUTES_DRAFTED, minutes, at=meeting.end + 10 * _MINUTE, body=alliance, by=writer, data=about)
    if minutes.state == MinutesState.DRAFT or minutes.circulated_at is None:
        return
    first = minutes.circulated_at
    submitted = max(meeting.end + 20 * _MINUTE, min(meeting.end + dt.timedelta(days=5), first - dt.timedelta(days=1)))
    yield change(Happened.MINUTES_SUBMITTED, minutes, at=submitted, body=alliance, by=writer, data=about)
    yield change(Happened.MINUTES_RELEASED, minutes, at=first - 60 * _MINUTE, body=alliance, by=chair, via=Via.LINK)
    for version in stage.minutes_versions:
        if version.minutes == minutes:
            yield change(
                Happened.MINUTES_CIRCULATED,
                minutes,
                at=version.circulated_at,
                body=alliance,
                by=writer,
                data={
                    "version": version.number,
                    **about,
                    "objection_until": minutes.objection_until.isoformat() if minutes.objection_until else None,
                },
            )
    for objection in stage.objections:
        if objection.minutes == minutes:
            yield change(
                Happened.MINUTES_CONTESTED,
                minutes,
                at=objection.received_at,
                body=alliance,
                by=objection.by,
                via=Via.LINK,
                data={**about, "objection": objection.pk},
            )
            if objection.resolution:
                yield change(
                    Happened.MINUTES_OBJECTION_RESOLVED,
                    minutes,
                    at=_last_circulated(stage, minutes) - 30 * _MINUTE,
                    body=alliance,
                    by=writer,
                    data={**about, "objection": objection.pk, "accepted": objection.state == ObjectionState.ACCEPTED},
                )
    if minutes.approved_on:
        at = clock.automatic_mail_time(minutes.approved_on)
        yield change(
            Happened.MINUTES_APPROVED, minutes, at=at, body=alliance, data={**about, "approval": minutes.approval}
        )
        yield change(Happened.MEETING_CLOSED, meeting, at=at, body=alliance)


def _last_circulated(stage: Stage, minutes: Minutes) -> dt.datetime:
    return max(version.circulated_at for version in stage.minutes_versions if version.minutes == minutes)
