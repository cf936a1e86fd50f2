"""Who joins and who leaves: a welcome, a farewell, and the calendars of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.models import Change, Person
from meetings.domain import asking
from meetings.enums import Happened
from meetings.models import Attendance, Meeting
from notifications.domain.dispatching import meeting as dates
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def welcomed(change: Change, at: dt.datetime) -> Iterable[Draft]:
    yield from _to_subject(change, MailKind.WELCOME)


def farewelled(change: Change, at: dt.datetime) -> Iterable[Draft]:
    yield from _to_subject(change, MailKind.FAREWELL)


def joined(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The invitation others have already. A date whose invitation is still to come is told by the welcome."""
    if asking.comes_later(Meeting.objects.get(pk=change.data["meeting"])):
        return
    for row in dates.with_addresses(Attendance.objects.filter(pk=change.subject_id)):
        yield from dates.drafts(MailKind.INVITATION, row, data={"joined": True})


def left(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The entry is taken out of the calendar. A date known in words alone goes with the farewell."""
    if asking.comes_later(Meeting.objects.get(pk=change.data["meeting"])):
        return
    for row in dates.with_addresses(Attendance.objects.filter(pk=change.subject_id)):
        yield from dates.drafts(MailKind.UNINVITED, row, data={"left": True, "double": bool(change.data.get("double"))})


def _to_subject(change: Change, kind: MailKind) -> Iterable[Draft]:
    person = Person.objects.filter(pk=change.subject_id).first()
    if person is not None:
        yield Draft(kind, person, matter=f"{kind}:{change.pk}", data=change.data)


HANDLERS: dict[str, Handler] = {
    Happened.PERSON_WELCOMED: welcomed,
    Happened.PERSON_FAREWELLED: farewelled,
    Happened.ATTENDANCE_JOINED: joined,
    Happened.ATTENDANCE_LEFT: left,
}
