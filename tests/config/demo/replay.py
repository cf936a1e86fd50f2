"""The demo's next quarter, lived through: it rings every morning, and the Fachstelle and half of the members do their part."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.core.management import call_command

from buendnisse.clock import at_local, local_date
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import agenda_sending, answers, calendar_days, minutes, session
from meetings.domain.schedule import Schedule, schedule
from meetings.enums import Answer, DeadlineKind, MeetingState
from meetings.models import AgendaItem, Attendance, Meeting, Minutes
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

FIRST, LAST = dt.date(2026, 11, 24), dt.date(2027, 4, 2)
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One mail that left. `about`: the body of its meeting, if it is about one."""

    day: dt.date
    kind: str
    about: str
    person: str
    is_reminder: bool


@dataclass(frozen=True)
class Replay:
    rows: list[Row]
    schedules: Mapping[str, Schedule]

    def days_of(self, kind: MailKind, about: str) -> dict[dt.date, int]:
        """How many got this mail on which day."""
        found: dict[dt.date, int] = defaultdict(int)
        for row in self.rows:
            if row.kind == kind and row.about == about:
                found[row.day] += 1
        return dict(found)

    def table(self) -> str:
        """A line for each day and kind, and how many people got it."""
        counts: dict[tuple[dt.date, str, str], int] = defaultdict(int)
        for row in self.rows:
            counts[row.day, MailKind(row.kind).label, row.about] += 1
        lines = [f"{day:%d.%m.%Y}  {count:3d}  {kind} {about}".rstrip() for (day, kind, about), count in counts.items()]
        return "\n".join(sorted(lines, key=lambda line: (line[6:10], line[3:5], line[:2], line[10:]))) + "\n"


def play(*, daily: bool) -> Replay:
    """Rings at 07:00. Not `daily`: when something of a schedule is due or was done the day before, and on first Mondays."""
    meetings = list(Meeting.objects.filter(quarter="2027-Q1").select_related("alliance", "chair").order_by("start"))
    schedules = {meeting.alliance.word: schedule(meeting) for meeting in meetings}
    newest = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rings = _days(schedules.values(), daily=daily)
    for day in (FIRST + number * _ONE_DAY for number in range((LAST - FIRST).days + 1)):
        if day in rings:
            call_command("ring", "--at", f"{day.isoformat()}T07:00", stdout=io.StringIO())
        for meeting in meetings:
            _live(meeting, schedules[meeting.alliance.word], day)
    return Replay(list(_rows(newest)), schedules)


def _days(schedules: Iterable[Schedule], *, daily: bool) -> set[dt.date]:
    every = {FIRST + number * _ONE_DAY for number in range((LAST - FIRST).days + 1)}
    if daily:
        return every
    by_rule = {one[kind] for one in schedules for kind in (DeadlineKind.CALL_FOR_ITEMS, DeadlineKind.REMINDER)}
    done = {one[kind] + _ONE_DAY for one in schedules for kind in (DeadlineKind.INVITATION, DeadlineKind.MINUTES_DUE)}
    asked = {calendar_days.working_day_until(one[DeadlineKind.MEETING] - 3 * _ONE_DAY) for one in schedules}
    mondays = {day for day in every if day.weekday() == 0 and day.day <= 7}
    return (by_rule | done | asked | mondays | {LAST}) & every


def _live(meeting: Meeting, dates: Schedule, day: dt.date) -> None:
    """What people do on this day, at ten."""
    at = at_local(day, dt.time(10))
    acts = {DeadlineKind.INVITATION, DeadlineKind.MEETING, DeadlineKind.MINUTES_DUE}
    if day not in {dates[kind] for kind in acts} | {dates[DeadlineKind.INVITATION] + _ONE_DAY}:
        return
    imke = Person.objects.get(handle="p-albers")
    meeting.refresh_from_db()
    if day == dates[DeadlineKind.INVITATION]:
        agenda_sending.send_agenda(meeting, by=imke, at=at, without_release="Verabredet.")
    elif day == dates[DeadlineKind.INVITATION] + _ONE_DAY:
        _answer_every_second(meeting, at)
    elif day == dates[DeadlineKind.MEETING]:
        _meet(meeting, imke)
    elif day == dates[DeadlineKind.MINUTES_DUE] and meeting.state == MeetingState.HELD:
        written = Minutes.objects.select_related("meeting__alliance", "meeting__chair").get(meeting=meeting)
        minutes.circulate(written, by=imke, at=at, reason="Verabredet.")


def _answer_every_second(meeting: Meeting, at: dt.datetime) -> None:
    rows = Attendance.objects.filter(meeting=meeting, is_asked=True, answer=Answer.PENDING).order_by("pk")
    for row in list(rows.select_related("meeting__alliance", "person"))[::2]:
        answers.answer(row, answer=Answer.ACCEPTED, via=Via.LINK, by=row.person, at=at)


def _meet(meeting: Meeting, imke: Person) -> None:
    session.start(meeting, by=imke, at=meeting.start)
    for item in AgendaItem.objects.on_agenda().filter(meeting=meeting):
        session.record_result(item, result="Besprochen.", version=item.version, by=imke, at=meeting.start)
    session.finish(meeting, by=imke, at=meeting.end)


def _rows(newest: int) -> Iterator[Row]:
    words = dict(Meeting.objects.values_list("pk", "alliance__name"))
    sent = OutboxMessage.objects.filter(pk__gt=newest, state=OutboxState.SENT, copy_to=None).select_related("person")
    for message in sent.order_by("sent_at", "pk"):
        about = words.get(message.meeting_id or 0, "").removeprefix("Arbeitsbündnis ")
        day = local_date(message.sent_at or message.not_before)
        yield Row(day, message.kind, about, message.person.handle, message.is_reminder)
