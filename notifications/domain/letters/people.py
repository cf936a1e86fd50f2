"""Letters to who joins and who leaves. The welcome tells what a new member must know, and what the law asks us to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import at_local, local_date
from buendnisse.domain import addresses
from buendnisse.domain import installation as facts_of
from buendnisse.enums import ASKED_ROLES, BodyKind, LinkPurpose, Role
from buendnisse.models import Alliance, Installation, Membership, Person
from meetings.domain import missed, succession, task_list
from meetings.domain.missed import Missed
from meetings.models import ActionItem, AgendaItem, Attendance, Meeting
from notifications.domain import told, urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import naming
from notifications.domain.letters.tasks import DueTask
from notifications.enums import MailKind
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class Seat:
    """One body somebody joined: since when and as what, its coming dates, and what it agreed lately."""

    membership: Membership
    news: Missed | None
    dates: Sequence[dict[str, Any]]
    url: str

    @property
    def tells(self) -> bool:
        """Whether there is more to say than that it is so."""
        return bool(self.dates or self.url or (self.news and self.news.decisions))

    @property
    def sentence(self) -> str:
        """ "Arbeitsbündnis Arbeit, ab 1. Januar 2027: Mitglied (BBS Emsfurt)." """
        row = self.membership
        return _("%(body)s, ab %(day)s: %(role)s (%(organisation)s).") % {
            "body": row.body.name,
            "day": german.day(row.since),
            "role": row.get_role_display(),
            "organisation": row.organisation.name,
        }


def welcome(message: OutboxMessage, at: dt.datetime) -> Letter:
    """To who joined, or who takes over from somebody. Over where the seats are gone again and nothing was passed on."""
    person = message.person
    rows = Membership.objects.filter(pk__in=message.data["memberships"], person=person)
    seats = [_seat(row, person, at) for row in rows.select_related("body", "organisation").order_by("body_id")]
    tasks = _tasks(message, at)
    seen = AgendaItem.objects.visible_to(person, at=at)  # a confidential point is told to who may read it alone
    items = list(seen.filter(pk__in=message.data.get("items", []), presenter=person).order_by("pk"))
    if not seats and not tasks and not items:
        raise NothingToSay
    follows = Person.objects.filter(pk=message.data.get("follows") or 0).first()
    bodies = [seat.membership.body for seat in seats]
    row = Installation.objects.filter(pk=1).first() or Installation()
    context = {
        "seats": seats,
        "is_one": len(seats) == 1,
        "body": bodies[0] if len(bodies) == 1 else None,
        "words": german.listing([body.word for body in bodies]),
        "follows": follows,
        "tasks": tasks,
        "items": items,
        "shares": addresses.sharing(person.email, besides=person).exists(),
        "facts_of_operator": facts_of.texts(row),
        "is_asked": any(seat.membership.role in ASKED_ROLES for seat in seats),
    }
    dates = [one["meeting"] for seat in seats for one in seat.dates]
    return Letter("welcome", context, on_frozen=lambda _id: _note(message, dates))


def farewell(message: OutboxMessage, at: dt.datetime) -> Letter:
    """Thanks, the last day, who follows, and what becomes of the data. Over where nothing ends any more."""
    rows = Membership.objects.filter(pk__in=message.data["memberships"], person=message.person, until__isnull=False)
    ended = list(rows.select_related("body").order_by("body_id"))
    if not ended:
        raise NothingToSay
    bodies = list({row.body_id: row.body for row in ended}.values())
    kept = succession.legacy(message.person, at=at)
    context = {
        "ended": ended,
        "last_day": max(row.until for row in ended if row.until is not None),
        "body": bodies[0] if len(bodies) == 1 else None,
        "words": german.listing([body.word for body in bodies]),
        "inside": naming.inside(bodies),
        "successor": Person.objects.filter(pk=message.data.get("successor") or 0).first(),
        "passed_on": message.data.get("passed_on", 0),
        "keeps_tasks": bool(kept.tasks),
        "keeps_items": bool(kept.items),
        "is_over": all(row.until is not None and row.until < local_date(at) for row in ended),
    }
    return Letter("farewell", context)


def _seat(row: Membership, person: Person, at: dt.datetime) -> Seat:
    alliance = Alliance.objects.filter(pk=row.body_id).first() if row.body.kind == BodyKind.ALLIANCE else None
    if alliance is None or row.role == Role.GUEST:
        return Seat(row, None, [], "")
    then = max(at, at_local(row.since, dt.time(0, 0)))  # what they may see from their first day on
    news = missed.of(alliance, person, at=then)
    url = ""
    if row.since <= local_date(at):  # its page is for members, and until then there is none
        url = urls_for.personal(person, purpose=LinkPurpose.MISSED, subject=alliance, at=at)
    return Seat(row, news, _dates(row, person, at), url)


def _dates(row: Membership, person: Person, at: dt.datetime) -> list[dict[str, Any]]:
    """Coming meetings that invite this person, the next first."""
    rows = Attendance.objects.filter(person=person, is_asked=True, meeting__alliance=row.body_id, meeting__start__gt=at)
    related = rows.select_related("meeting__venue", "meeting__alliance").order_by("meeting__start")
    found = []
    for one in related:
        meeting = one.meeting
        place = told.location(meeting)
        found.append({"meeting": meeting, "when": german.when(meeting.start, meeting.end), "place": place})
    return found


def _note(message: OutboxMessage, meetings: Sequence[Meeting]) -> None:
    """These dates are known now, where no invitation of their own tells them."""
    waiting = OutboxMessage.objects.filter(person=message.person_id, kind=MailKind.INVITATION)
    own = set(waiting.filter(meeting_id__in=[one.pk for one in meetings]).values_list("meeting_id", flat=True))
    told.keep(message, {one.pk: told.as_it_stands(one) for one in meetings if one.pk not in own})


def _tasks(message: OutboxMessage, at: dt.datetime) -> list[DueTask]:
    rows = ActionItem.objects.open().filter(pk__in=message.data.get("tasks", []), owner=message.person_id)
    today = local_date(at)
    return [
        DueTask(
            action,
            urls_for.personal(message.person, purpose=LinkPurpose.TASK, subject=action, at=at),
            is_late=action.due_on < today,
        )
        for action in task_list.shown(rows, reader=message.person, at=at).order_by("due_on", "pk")
    ]


COMPOSERS: dict[str, Composer] = {MailKind.WELCOME: welcome, MailKind.FAREWELL: farewell}
