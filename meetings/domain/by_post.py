"""Per Post oder Telefon: whom no mail reaches, and what they should hear now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Q

from buendnisse.clock import local_date
from buendnisse.enums import MailFormat, Role
from buendnisse.models import Membership, Person
from buendnisse.models.person import PersonQuerySet
from meetings.domain import answers
from meetings.enums import Answer
from meetings.models import ActionItem, Attendance


@dataclass
class Unreached:
    """One person: coming meetings with the answer so far, open tasks. `comes_back`: there is an address, and it fails."""

    person: Person
    meetings: list[Attendance] = field(default_factory=list)
    tasks: list[ActionItem] = field(default_factory=list)

    @property
    def comes_back(self) -> bool:
        return self.person.mail_comes_back

    @property
    def has_mail(self) -> bool:
        """Whether mail reaches them all the same: then somebody asked for a letter beside it."""
        return not (self.comes_back or not self.person.email or self.person.mail_format == MailFormat.NONE)

    @property
    def seats(self) -> Sequence[Membership]:
        """Bodies of today, loaded along."""
        return self.person.seats_today  # type: ignore[attr-defined, no-any-return]

    @property
    def waits(self) -> int:
        """How many coming meetings wait for an answer."""
        return sum(row.answer == Answer.PENDING or row.answer_is_for_earlier_date for row in self.meetings)


def unreached(*, at: dt.datetime) -> list[Unreached]:
    """Everybody in a body today whom no mail reaches, by name. Four queries whatever their number."""
    return _filled(_people(at), at)


def one(pk: int, *, at: dt.datetime) -> Unreached | None:
    """The same for one person, whether mail reaches them or not: somebody may ask for a letter."""
    rows = Person.objects.filter(pk=pk, merged_into=None, forgotten_at=None)
    return next(iter(_filled(rows, at)), None)


def _people(at: dt.datetime) -> PersonQuerySet:
    day = local_date(at)
    members = Membership.objects.active_on(day).values("person")
    silent = Q(email="") | Q(mail_format=MailFormat.NONE) | Q(email=F("failed_address"))
    rows: PersonQuerySet = Person.objects.active_on(day).filter(silent, pk__in=members, merged_into=None)
    return rows


def _filled(rows: PersonQuerySet, at: dt.datetime) -> list[Unreached]:
    seats = Membership.objects.active_on(local_date(at)).select_related("body").order_by("body_id")
    people = rows.select_related("organisation").prefetch_related(Prefetch("memberships", seats, to_attr="seats_today"))
    found = [Unreached(person) for person in people.order_by("last_name", "first_name", "pk")]
    numbers = [one.person.pk for one in found]
    meetings: dict[int, list[Attendance]] = defaultdict(list)
    coming = Attendance.objects.filter(
        person__in=numbers, is_asked=True, deputy__isnull=True, meeting__start__gt=at
    ).filter(meeting__state__in=answers.ANSWERABLE)
    for row in coming.select_related("meeting__alliance", "meeting__venue").order_by("meeting__start", "pk"):
        meetings[row.person_id].append(row)
    tasks: dict[int, list[ActionItem]] = defaultdict(list)
    for action in ActionItem.objects.open().filter(owner__in=numbers).select_related("alliance").order_by("due_on"):
        tasks[action.owner_id].append(action)
    for one in found:
        one.meetings, one.tasks = meetings[one.person.pk], tasks[one.person.pk]
    return found


def is_new(person: Unreached, *, at: dt.datetime) -> bool:
    """Whether every seat is younger than a month: then the letter says what a welcome would say."""
    month_ago = local_date(at) - dt.timedelta(days=30)
    return bool(person.seats) and all(row.since >= month_ago and row.role != Role.GUEST for row in person.seats)
