"""What a personal calendar is made of, in two queries: all that hangs on the person, then the meetings.

Programs ask every few hours for years and nearly always learn that nothing is new, so the second question must
already tell what is in the calendar.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONArray

from buendnisse.clock import local_date
from buendnisse.enums import Office
from buendnisse.models import AccessLink, Change, Installation, Membership, Person, Sight
from buendnisse.models.sight import OF_SIGHT, sight_by
from meetings.domain.calendar_days import Calendar
from meetings.enums import CalendarEntryKind, MeetingState
from meetings.models import ActionItem, Attendance, CalendarEntry, Meeting
from meetings.models.meeting import MeetingQuerySet
from notifications.models import FeedChoice

_KEEP_PAST = dt.timedelta(days=365)
_KEEP_CANCELLED = dt.timedelta(days=90)  # programs must see it cancelled before it vanishes
_FREE_DAYS = (CalendarEntryKind.PUBLIC_HOLIDAY, CalendarEntryKind.SCHOOL_HOLIDAYS, CalendarEntryKind.SCHOOL_DAY)


@dataclass(frozen=True)
class Task:
    """An open task of the person. `changed_at` is None where the journal does not know it (taken over)."""

    pk: int
    version: int
    text: str
    due_on: dt.date
    alliance: str
    told_at: dt.datetime
    changed_at: dt.datetime | None


@dataclass(frozen=True)
class Source:
    """Everything of a person that their calendar depends on, but for the meetings."""

    person: Person
    choice: FeedChoice
    sight: Sight
    district: str
    tasks: list[Task]
    days: Calendar


class _Rows(Subquery):
    """All rows of a query of one column `entry`, as one JSON array."""

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **extra: Any) -> Any:
        template = template or '(SELECT JSON_GROUP_ARRAY(JSON(_rows."entry")) FROM (%(subquery)s) _rows)'
        return super().as_sql(compiler, connection, template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The function has another name there."""
        template = '(SELECT JSONB_AGG(_rows."entry") FROM (%(subquery)s) _rows)'
        return self.as_sql(compiler, connection, template, **extra)


def links(*, at: dt.datetime) -> QuerySet[AccessLink]:
    """Links with what `of` needs; the first query."""
    memberships = Membership.objects.filter(person=OuterRef("person")).active_on(local_date(at))
    changes = Change.objects.filter(subject_type=ActionItem._meta.model_name, subject_id=OuterRef("pk"))
    tasks = ActionItem.objects.open().filter(owner=OuterRef("person"))
    changed = Subquery(changes.order_by("-at").values("at")[:1])
    columns = ("pk", "version", "task", "due_on", "alliance__name", "meeting__start", changed)
    return AccessLink.objects.select_related("person__feed_choice").annotate(
        feed_district=Subquery(Installation.objects.filter(pk=1).values("district")[:1]),
        feed_memberships=_rows(memberships, *OF_SIGHT),
        feed_tasks=_rows(tasks, *columns),
        feed_days=_rows(CalendarEntry.objects.filter(kind__in=_FREE_DAYS), "kind", "name", "first", "last"),
    )


def of(link: AccessLink) -> Source:
    """From a link found in `links`; no query."""
    found: Any = link
    entries = [
        CalendarEntry(kind=kind, name=name, first=_day(first), last=_day(last))
        for kind, name, first, last in found.feed_days or ()
    ]
    return Source(
        person=link.person,
        choice=chosen(link.person),
        sight=sight_by(link.person, found.feed_memberships or ()),
        district=found.feed_district or "",
        tasks=[_task(row) for row in found.feed_tasks or ()],
        days=Calendar(entries),
    )


def chosen(person: Person) -> FeedChoice:
    """What the person chose. Before: meetings alone; for the Fachstelle with all deadlines."""
    found: FeedChoice | None = getattr(person, "feed_choice", None)
    if found is not None:
        return found
    return FeedChoice(person=person, with_deadlines=person.office == Office.FACHSTELLE)


def meetings(source: Source, *, at: dt.datetime) -> list[Meeting]:
    """Of the person's own bodies, and those a guest is asked to; for the Fachstelle of all. One query.

    What was cancelled before it was told is left out. Each comes with `my_…` of the person's row, where they are
    asked, and `entry_…` of their invitation.
    """
    rows = Attendance.objects.filter(meeting=OuterRef("pk"))
    standing = ~Q(state=MeetingState.CANCELLED)
    just_cancelled = Q(Exists(rows), state=MeetingState.CANCELLED, changed_at__gt=at - _KEEP_CANCELLED)
    seen = Meeting.objects.visible_to(source.sight, at=at)
    if not source.sight.everything:
        seen = seen.filter(
            Q(alliance__in=source.sight.inside) | Exists(rows.filter(person=source.person, is_asked=True))
        )
    found = seen.filter(standing | just_cancelled, end__gt=at - _KEEP_PAST).exclude(state=MeetingState.PLANNED)
    return list(_with_own(found, source.person))


def _with_own(rows: MeetingQuerySet, person: Person) -> QuerySet[Meeting]:
    # Whoever sent a deputy is not expected. Declined: still asked, so the link to take part stays.
    own = Q(attendance__person=person, attendance__is_asked=True)
    deputies = Attendance.objects.filter(stands_in_for__meeting=OuterRef("pk"), stands_in_for__person=person)
    return rows.select_related("alliance", "venue").annotate(
        mine=FilteredRelation("attendance", condition=own),
        entry=FilteredRelation("invitations", condition=Q(invitations__person=person)),
        my_row=F("mine__pk"),
        my_answer=F("mine__answer"),
        my_answered_at=F("mine__answered_at"),
        my_answer_is_old=F("mine__answer_is_for_earlier_date"),
        my_role=F("mine__role"),
        has_deputy=Exists(deputies),
        entry_uid=F("entry__uid"),
        entry_sequence=F("entry__sequence"),
        entry_method=F("entry__last_method"),
        entry_frozen_at=F("entry__last_frozen_at"),
    )


def one(meeting: Meeting, person: Person) -> Meeting:
    """A meeting that may be shown to this person, as `meetings` gives it. One query."""
    return _with_own(Meeting.objects.filter(pk=meeting.pk), person).get()


def _rows(rows: QuerySet[Any, Any], *columns: Any) -> _Rows:
    listed: QuerySet[Model, Any] = rows.order_by("pk").values(entry=JSONArray(*columns))
    return _Rows(listed, output_field=JSONField())


def _task(row: list[Any]) -> Task:
    pk, version, text, due_on, alliance, start, changed = row
    return Task(pk, version, text, _day(due_on), alliance, _moment(start), _moment(changed) if changed else None)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def _moment(text: str) -> dt.datetime:
    """SQLite keeps moments as UTC without saying so."""
    found = dt.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
