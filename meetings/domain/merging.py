"""Two entries of one person at the meetings to come: one invitation is enough, and the answer given by either holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from buendnisse.clock import local_date
from buendnisse.domain import journal, person_merge
from buendnisse.enums import ASKED_ROLES, Via
from buendnisse.models import Change, Membership, Person
from meetings.domain import answers, joining
from meetings.enums import Answer, Happened
from meetings.models import Attendance
from meetings.models.attendance import AttendanceQuerySet

_NO_ANSWER: dict[str, Any] = {
    "answer": Answer.PENDING,
    "answered_at": None,
    "answered_via": "",
    "comment": "",
    "answer_is_for_earlier_date": False,
}


def merge(double: Person, *, into: Person, by: Person, at: dt.datetime) -> Change:
    """Make the two one, and take the second invitation out of the calendar. Raises MergeRefused."""
    with transaction.atomic():
        joining.hold_all(at=at)
        person_merge.hold(double, into)
        mine = {row.meeting_id: row for row in _coming(into, at)}
        for row in _coming(double, at).filter(meeting__in=list(mine), is_asked=True):
            _leave_one(row, mine[row.meeting_id], by=by, at=at)
        change = person_merge.merge(double, into=into, by=by, at=at)
        _leave_ended(change, into, by=by, at=at)
        _ask_as_members(into, by=by, at=at)
    return change


def part(stays: Person, *, double: int, by: Person, at: dt.datetime) -> Person:
    """They were two after all: both are asked to the meetings of their own bodies again. Raises MergeRefused."""
    with transaction.atomic():
        joining.hold_all(at=at)
        other = person_merge.part(stays, double=double, by=by, at=at)
        theirs = {row.meeting_id: row for row in _coming(other, at)}
        for row in _coming(stays, at).filter(meeting__in=list(theirs), is_asked=True):
            _give_back(row, theirs[row.meeting_id], by=by, at=at)
        for one in (stays, other):
            _ask_as_members(one, by=by, at=at)
    return other


def _leave_one(row: Attendance, stays: Attendance, *, by: Person, at: dt.datetime) -> None:
    """`row` is the double's. Whoever stands in for the double stands in for the person, and nobody for themselves."""
    represented = row.stands_in_for
    if represented is not None and represented.pk != stays.pk and stays.is_asked:
        answers.withdraw_deputy(represented, via=Via.WEB, by=by, at=at)  # who comes anyway stands in for nobody
        return
    given = _given(row, stays)
    deputy = answers.deputy_of(row)
    Attendance.objects.filter(pk=row.pk).update(is_asked=False, stands_in_for=None, version=F("version") + 1)
    Attendance.objects.filter(pk=stays.pk).update(version=F("version") + 1, **given)
    if deputy is not None and deputy.person_id != stays.person_id:
        if given.get("answer", stays.answer) == Answer.DECLINED and answers.deputy_of(stays) is None:
            Attendance.objects.filter(pk=deputy.pk).update(stands_in_for=stays, version=F("version") + 1)
        else:
            answers.dismiss(deputy, row, via=Via.WEB, by=by, at=at)
    if not stays.is_asked:
        joining.record(Happened.ATTENDANCE_JOINED, stays, row.meeting, by=by, at=at)
    data = {"meeting": row.meeting_id, "person": row.person_id, "double": True}
    journal.record(Happened.ATTENDANCE_LEFT, row, at=at, by=by, via=Via.WEB, body=row.meeting.alliance, data=data)


def _given(row: Attendance, stays: Attendance) -> dict[str, Any]:
    """What the one who stays gets of the double's part in a meeting."""
    part = {"role": row.role, "organisation_id": row.organisation_id}
    if not stays.is_asked:
        return _answer_of(row) | part | {"is_asked": True, "stands_in_for_id": row.stands_in_for_id}
    if stays.stands_in_for_id == row.pk:  # was to come in their own place
        return part | {"stands_in_for_id": None}
    if row.stands_in_for_id == stays.pk or (stays.answer == Answer.PENDING and row.answer != Answer.PENDING):
        return _answer_of(row)
    return {}


def _give_back(stays: Attendance, row: Attendance, *, by: Person, at: dt.datetime) -> None:
    """`row` is the double's again. An answer that came from there is not the other's, nor is who stands in for it."""
    if _answer_of(stays) == _answer_of(row):  # nothing was said since
        if (deputy := answers.deputy_of(stays)) is not None:
            Attendance.objects.filter(pk=deputy.pk).update(stands_in_for=row, version=F("version") + 1)
        Attendance.objects.filter(pk=stays.pk).update(version=F("version") + 1, **_NO_ANSWER)
    if _sits(row) and not _sits(stays) and stays.stands_in_for_id is None:
        joining.take_out(stays, by=by, at=at)


def _leave_ended(change: Change, person: Person, *, by: Person, at: dt.datetime) -> None:
    """Meetings that only a seat invited to that ended with the merge."""
    for number, until, *_rest in change.data["ended"]:
        for seat in Membership.objects.filter(pk=number).asked():
            seat.until = dt.date.fromisoformat(until) if until else None  # as it ran before
            asked = _coming(person, at).filter(meeting__alliance=seat.body_id, is_asked=True, stands_in_for=None)
            for row in asked:
                if seat.is_active_on(local_date(row.meeting.start)) and not _sits(row):
                    joining.take_out(row, by=by, at=at)


def _ask_as_members(person: Person, *, by: Person, at: dt.datetime) -> None:
    """To the meetings of each seat, in the part the seat has."""
    for seat in Membership.objects.filter(person=person, role__in=ASKED_ROLES).select_related("body", "organisation"):
        joining.invite(seat, by=by, at=at)
        asked = _coming(person, at).filter(meeting__alliance=seat.body_id, is_asked=True, stands_in_for=None)
        numbers = [row.pk for row in asked if seat.is_active_on(local_date(row.meeting.start))]
        part = {"role": seat.role, "organisation_id": seat.organisation_id}
        others = Attendance.objects.filter(pk__in=numbers).exclude(**part)
        others.update(version=F("version") + 1, **part)


def _answer_of(row: Attendance) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _NO_ANSWER}


def _sits(row: Attendance) -> bool:
    """Whether a seat of their own invites them to this meeting."""
    seats = Membership.objects.filter(person=row.person_id, body=row.meeting.alliance_id).asked()
    return seats.active_on(local_date(row.meeting.start)).exists()


def _coming(person: Person, at: dt.datetime) -> AttendanceQuerySet:
    rows = Attendance.objects.filter(person=person, meeting__start__gt=at, meeting__state__in=answers.ANSWERABLE)
    return rows.select_related("meeting__alliance", "stands_in_for__meeting__alliance").order_by("meeting_id")
