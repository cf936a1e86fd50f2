"""Two entries of one person at the meetings to come: one invitation is enough, and the answer given by either holds."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from buendnisse.domain import journal, person_merge
from buendnisse.enums import Via
from buendnisse.models import Change, Membership, Person
from meetings.domain import answers, joining
from meetings.enums import Answer, Happened
from meetings.models import Attendance


def merge(double: Person, *, into: Person, by: Person, at: dt.datetime) -> Change:
    """Make the two one, and take the second invitation out of the calendar. Raises MergeRefused."""
    person_merge.require_two(double, into)
    with transaction.atomic():
        bodies = Membership.objects.filter(person__in=(double, into)).values_list("body", flat=True)
        joining.hold(sorted(set(bodies)), at=at)
        own = Attendance.objects.filter(person=into, meeting__start__gt=at, meeting__state__in=answers.ANSWERABLE)
        mine = {row.meeting_id: row for row in own}
        others = Attendance.objects.filter(person=double, meeting__in=list(mine), is_asked=True)
        for row in others.select_related("meeting__alliance").order_by("meeting_id"):
            _leave_one(row, mine[row.meeting_id], by=by, at=at)
        return person_merge.merge(double, into=into, by=by, at=at)


def _leave_one(row: Attendance, stays: Attendance, *, by: Person, at: dt.datetime) -> None:
    """`row` is the double's. Whoever stands in for the double stands in for the person."""
    deputy = answers.deputy_of(row)
    if deputy is not None and deputy.person_id != stays.person_id and answers.deputy_of(stays) is None:
        Attendance.objects.filter(pk=deputy.pk).update(stands_in_for=stays, version=F("version") + 1)
    if not stays.is_asked or (stays.answer == Answer.PENDING and row.answer != Answer.PENDING):
        given = {name: getattr(row, name) for name in ("answer", "answered_at", "answered_via", "comment")}
        given |= {"answer_is_for_earlier_date": row.answer_is_for_earlier_date, "is_asked": True}
        Attendance.objects.filter(pk=stays.pk).update(version=F("version") + 1, **given)
    Attendance.objects.filter(pk=row.pk).update(is_asked=False, version=F("version") + 1)
    data = {"meeting": row.meeting_id, "person": row.person_id, "double": True}
    journal.record(Happened.ATTENDANCE_LEFT, row, at=at, by=by, via=Via.WEB, body=row.meeting.alliance, data=data)
