"""What a personal calendar is made of, in two queries: all that hangs on the person, then the meetings.

Programs ask every few hours for years and nearly always learn that nothing is new. So the SQL is worked out once, and
what the two queries give is all a calendar depends on beside the day: the same rows on the same day, the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from django.db import connection
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
from buendnisse.models import AccessLink, Alliance, Change, Installation, Membership, Person, Sight, Venue
from buendnisse.models.prepared import Prepared, Row
from buendnisse.models.sight import OF_SIGHT, sight_by
from meetings.domain.calendar_days import Calendar
from meetings.enums import CalendarEntryKind, MeetingState
from meetings.models import ActionItem, Attendance, CalendarEntry, Meeting
from meetings.models.meeting import MeetingQuerySet
from notifications.domain import told
from notifications.models import FeedChoice

_KEEP_PAST = dt.timedelta(days=365)
_KEEP_CANCELLED = dt.timedelta(days=90)  # programs must see it cancelled before it vanishes
_FREE_DAYS = (CalendarEntryKind.PUBLIC_HOLIDAY, CalendarEntryKind.SCHOOL_HOLIDAYS, CalendarEntryKind.SCHOOL_DAY)
#: Of the link, its person and their choice; the rest of the first query are the annotations of `_links`.
_LINK = ("pk", "purpose", "generation", "expires_at", "revoked_at", "used_at")
_PERSON = ("pk", "office", "active_until", "merged_into_id", "email", "mail_format", "failed_address")
_CHOICE = ("without_invited", "with_deadlines", "changed_at")
_AROUND = ("feed_district", "feed_memberships", "feed_tasks", "feed_days")
#: What `_with_own` tells of a meeting beside its own columns.
_OWN = (
    *("my_row", "my_answer", "my_answered_at", "my_answer_is_old", "my_role", "has_deputy"),
    *("entry_uid", "entry_sequence", "entry_method", "entry_frozen_at", "entry_start", "entry_end", "entry_state"),
)


#: What a calendar says of a meeting, and what its deadlines are worked out from.
_NEEDED: Mapping[type[Model], frozenset[str]] = {
    Meeting: frozenset(
        {
            *("id", "slug", "alliance_id", "title", "start", "end", "mode", "venue_id", "video_link", "state"),
            *("deadline_overrides", "created_at", "changed_at", "version"),
        }
    ),
    Alliance: frozenset(
        {
            *("body_ptr_id", "id", "kind", "name", "short_name", "call_days", "reminder_days", "editorial_days"),
            *("invitation_days", "late_papers_days", "minutes_to_chair_days", "minutes_due_days", "objection_days"),
            *("quiet_from", "quiet_until"),
        }
    ),
    Venue: frozenset({"id", "name", "bus_note"}),
}


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
    """Everything of a person that their calendar depends on, but for the meetings. `row`: as the database gave it."""

    link: AccessLink
    sight: Sight
    district: str
    chosen: Mapping[str, Any]
    task_rows: Sequence[Any]
    day_rows: Sequence[Any]
    row: Row

    @property
    def person(self) -> Person:
        return self.link.person

    @cached_property
    def choice(self) -> FeedChoice:
        return _usual(self.person) if self.chosen["changed_at"] is None else FeedChoice(**self.chosen)

    @cached_property
    def tasks(self) -> list[Task]:
        return [_task(row) for row in self.task_rows]

    @cached_property
    def days(self) -> Calendar:
        return Calendar(
            CalendarEntry(kind=kind, name=name, first=_day(first), last=_day(last))
            for kind, name, first, last in self.day_rows
        )


class _Rows(Subquery):
    """All rows of a query of one column `entry`, as one JSON array."""

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **extra: Any) -> Any:
        template = template or '(SELECT JSON_GROUP_ARRAY(JSON(_rows."entry")) FROM (%(subquery)s) _rows)'
        return super().as_sql(compiler, connection, template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The function has another name there."""
        template = '(SELECT JSONB_AGG(_rows."entry") FROM (%(subquery)s) _rows)'
        return self.as_sql(compiler, connection, template, **extra)


def find(number: int, *, at: dt.datetime) -> Source | None:
    """Of the link with this number; whether it may be opened is not looked at. One query; two for who was entered twice."""
    found = _find(number, "person", at)
    return _find(number, "person__merged_into", at) if found and found.person.merged_into_id else found


def _find(number: int, owner: str, at: dt.datetime) -> Source | None:
    query = _of_a_link(owner)
    rows = query.fetch(number=number, day=local_date(at))
    if not rows:
        return None
    [values] = query.read(rows)
    first, second = len(_LINK), len(_LINK) + len(_PERSON)
    person = Person(**dict(zip(_PERSON, values[first:second], strict=True)))
    district, memberships, tasks, days = values[second + len(_CHOICE) :]
    return Source(
        link=AccessLink(person=person, **dict(zip(_LINK, values[:first], strict=True))),
        chosen=dict(zip(_CHOICE, values[second : second + len(_CHOICE)], strict=True)),
        sight=sight_by(person, memberships or ()),
        district=district or "",
        task_rows=tasks or (),
        day_rows=days or (),
        row=rows[0],
    )


def meeting_rows(source: Source, *, at: dt.datetime) -> list[Row]:
    """As the database gives them, for `meetings`. One query; none for who sees nothing."""
    if source.sight.person_id is None:
        return []
    query = _of_a_sight(source.sight)
    inside = {f"body{place}": body for place, body in enumerate(sorted(source.sight.inside))}
    cancelled = at - _KEEP_CANCELLED
    return query.fetch(person=source.person.pk, ended=at - _KEEP_PAST, cancelled=cancelled, **inside)


def meetings(source: Source, rows: Sequence[Row]) -> list[Meeting]:
    """Of the person's own bodies, and those a guest is asked to; for the Fachstelle of all. No query.

    What was cancelled before it was told is left out. Each comes with `my_…` of the person's row, where they are
    asked, and `entry_…` of their invitation; `entry_state` is what became of the last mail about it.
    """
    return [_meeting(values) for values in _of_a_sight(source.sight).read(rows)] if rows else []


def _meeting(values: Row) -> Meeting:
    """As `select_related` would: the meeting, its alliance and its venue, and then what `_OWN` names."""
    of_meeting, of_alliance, of_venue = (_columns(model) for model in (Meeting, Alliance, Venue))
    first, second = len(of_meeting), len(of_meeting) + len(of_alliance)
    third = second + len(of_venue)
    meeting = Meeting.from_db(connection.alias, of_meeting, values[:first])
    meeting.alliance = Alliance.from_db(connection.alias, of_alliance, values[first:second])
    venue = Venue.from_db(connection.alias, of_venue, values[second:third])
    meeting.venue = venue if meeting.venue_id is not None else None
    for name, value in zip(_OWN, values[third:], strict=True):
        setattr(meeting, name, value)
    return meeting


@lru_cache(maxsize=2)
def _of_a_link(owner: str) -> Prepared:
    """The first query: a link with its person, and what hangs on them. `owner`: the way from the link to the person."""

    def make(number: int, day: dt.date) -> QuerySet[AccessLink, Any]:
        memberships = Membership.objects.filter(person=OuterRef(owner)).active_on(day)
        changes = Change.objects.filter(subject_type=ActionItem._meta.model_name, subject_id=OuterRef("pk"))
        tasks = ActionItem.objects.open().filter(owner=OuterRef(owner))
        changed = Subquery(changes.order_by("-at").values("at")[:1])
        columns = ("pk", "version", "task", "due_on", "alliance__name", "meeting__start", changed)
        links = AccessLink.objects.filter(pk=number).annotate(
            feed_district=Subquery(Installation.objects.filter(pk=1).values("district")[:1]),
            feed_memberships=_rows(memberships, *OF_SIGHT),
            feed_tasks=_rows(tasks, *columns),
            feed_days=_rows(CalendarEntry.objects.filter(kind__in=_FREE_DAYS), "kind", "name", "first", "last"),
        )
        of_person = [f"{owner}__{name}" for name in _PERSON]
        of_choice = [f"{owner}__feed_choice__{name}" for name in _CHOICE]
        return links.values_list(*_LINK, *of_person, *of_choice, *_AROUND)

    return Prepared(make, number=int, day=dt.date)


def _of_a_sight(sight: Sight) -> Prepared:
    """The second query: the meetings of who sees everything, is inside so many bodies, or is asked to one alone."""
    return _of_a_kind(everything=sight.everything, overview=sight.overview, bodies=len(sight.inside))


@lru_cache(maxsize=64)
def _of_a_kind(*, everything: bool, overview: bool, bodies: int) -> Prepared:
    names = [f"body{place}" for place in range(bodies)]

    def make(person: int, ended: dt.datetime, cancelled: dt.datetime, **inside: int) -> QuerySet[Meeting, Any]:
        sight = Sight(person, everything=everything, all_bodies=overview, inside=frozenset(inside.values()))
        rows = Attendance.objects.filter(meeting=OuterRef("pk"))
        standing = ~Q(state=MeetingState.CANCELLED)
        just_cancelled = Q(Exists(rows), state=MeetingState.CANCELLED, changed_at__gt=cancelled)
        seen = Meeting.objects.visible_to(sight, at=ended)
        if not everything:
            seen = seen.filter(Q(alliance__in=sight.inside) | Exists(rows.filter(person=person, is_asked=True)))
        found = seen.filter(standing | just_cancelled, end__gt=ended).exclude(state=MeetingState.PLANNED)
        related = [f"alliance__{name}" for name in _columns(Alliance)] + [f"venue__{name}" for name in _columns(Venue)]
        return _with_own(found, person).values_list(*_columns(Meeting), *related, *_OWN)

    moments = {"ended": dt.datetime, "cancelled": dt.datetime}
    return Prepared(make, person=int, **moments, **dict.fromkeys(names, int))


@cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in _NEEDED[model])


def chosen(person: Person) -> FeedChoice:
    """What the person chose, or what holds until they do."""
    found: FeedChoice | None = getattr(person, "feed_choice", None)
    return found or _usual(person)


def _usual(person: Person) -> FeedChoice:
    """Meetings alone; for the Fachstelle with all deadlines."""
    return FeedChoice(person=person, with_deadlines=person.office == Office.FACHSTELLE)


def _with_own(rows: MeetingQuerySet, person: int) -> QuerySet[Meeting]:
    # Whoever sent a deputy is not expected. Declined: still asked, so the link to take part stays.
    own = Q(attendance__person=person, attendance__is_asked=True)
    deputies = Attendance.objects.filter(stands_in_for__meeting=OuterRef("pk"), stands_in_for__person=person)
    mails = told.telling().filter(meeting_id=OuterRef("pk"), person=person)
    return rows.annotate(
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
        entry_start=F("entry__last_start"),
        entry_end=F("entry__last_end"),
        entry_state=Subquery(mails.values("state")[:1]),
    )


def one(meeting: Meeting, person: Person) -> Meeting:
    """A meeting that may be shown to this person, as `meetings` gives it. One query."""
    rows = Meeting.objects.filter(pk=meeting.pk).select_related("alliance", "venue")
    return _with_own(rows, person.pk).get()


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
