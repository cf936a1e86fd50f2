"""Somebody joins a body or leaves it, and with that the meetings to come: invited to them, or no longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal, memberships
from buendnisse.enums import ASKED_ROLES, Role, Via
from buendnisse.models import Body, Change, Membership, Organisation, Person
from meetings.domain import answers, deputy_requests
from meetings.enums import Answer, Happened
from meetings.models import Attendance, DeputyRequest, Meeting

#: Later than that a seat or a succession is history, whether or not a mail has left.
TAKEN_BACK_WITHIN = dt.timedelta(days=1)


class JoinRefused(Exception):
    """It cannot be taken back; `str()` is a German sentence."""


@dataclass(frozen=True)
class Left:
    """An invitation that somebody's leaving took away, who stood in for them there, and the open request to stand in."""

    row: Attendance
    deputy: Attendance | None
    deputy_answer: str
    request: DeputyRequest | None


@dataclass(frozen=True)
class Seat:
    """A body and the part somebody takes in it."""

    body: Body
    role: Role


def join(
    person: Person,
    *,
    seats: Sequence[Seat],
    organisation: Organisation,
    since: dt.date,
    welcome: bool,
    by: Person,
    at: dt.datetime,
) -> list[Membership]:
    """Take a seat in each of these bodies; coming meetings invite, and one letter welcomes.

    A seat that was taken just so, from the same day on, is taken: a second tap does nothing. Raises MembershipRefused.
    """
    with transaction.atomic():
        hold([seat.body.pk for seat in seats], at=at)
        if (taken := _taken(person, seats, organisation, since)) is not None:
            return taken
        after, left_on = journal.newest(), person.active_until
        rows = [
            memberships.begin(
                person, body=seat.body, organisation=organisation, role=seat.role, since=since, by=by, at=at
            )
            for seat in seats
        ]
        invited = [one.pk for row in rows for one in invite(row, by=by, at=at)]
        numbers = [row.pk for row in rows]
        if welcome:
            journal.record(Happened.PERSON_WELCOMED, person, at=at, by=by, data={"memberships": numbers})
        data = {
            "memberships": numbers,
            "joined": invited,
            "active_until": left_on.isoformat() if left_on else None,
            "after": after,
        }
        journal.record(Happened.PERSON_JOINED, person, at=at, by=by, data=data)
    return rows


def _taken(
    person: Person, seats: Sequence[Seat], organisation: Organisation, since: dt.date
) -> list[Membership] | None:
    """All of these seats, where each is there already, of the same day and role."""
    numbers = [seat.body.pk for seat in seats]
    list(Body.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk", flat=True))
    rows = Membership.objects.filter(person=person, organisation=organisation, since=since, until=None)
    found = {(row.body_id, row.role): row for row in rows.filter(body__in=numbers)}
    wanted = [(seat.body.pk, str(seat.role)) for seat in seats]
    return [found[one] for one in wanted] if wanted and all(one in found for one in wanted) else None


def latest(person: Person, *, at: dt.datetime) -> Change | None:
    """The last time this person took seats, unless it was taken back or is older than a day."""
    verbs = (Happened.PERSON_JOINED, Happened.PERSON_JOIN_TAKEN_BACK)
    last = Change.objects.of(person).filter(verb__in=verbs).order_by("-pk").first()
    is_fresh = last is not None and at - last.at < TAKEN_BACK_WITHIN
    return last if last is not None and is_fresh and last.verb == Happened.PERSON_JOINED else None


def take_back(person: Person, *, by: Person, at: dt.datetime) -> None:
    """The seats were never taken. The person stays on record. Refused once somebody has done something with it.

    Raises JoinRefused.
    """
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # a second tap waits, and finds nothing
        change = latest(person, at=at)
        if change is None:
            raise JoinRefused(_("Hier gibt es gerade keine Aufnahme, die sich noch zurücknehmen lässt."))
        seats = Membership.objects.filter(pk__in=change.data["memberships"])
        hold(list(seats.values_list("body", flat=True)), at=at)
        answered = Attendance.objects.filter(pk__in=change.data["joined"]).exclude(answered_at=None)
        if seats.filter(version__gt=1).exists() or seats.count() < len(change.data["memberships"]) or answered.exists():
            raise JoinRefused(
                _("Inzwischen hat jemand etwas davon geändert. Bitte beenden Sie die Mitgliedschaften einzeln.")
            )
        drop(change.data["joined"])
        seats.delete()
        Person.objects.filter(pk=person.pk).update(active_until=change.data["active_until"], version=F("version") + 1)
        journal.record(Happened.PERSON_JOIN_TAKEN_BACK, person, at=at, by=by, data={"join": change.pk})
    person.refresh_from_db()


def drop(numbers: Sequence[int]) -> None:
    """These invitations were never made, and nobody is told; who had a row before keeps it, not asked."""
    rows = Attendance.objects.filter(pk__in=numbers)
    rows.filter(version__gt=1).update(is_asked=False, version=F("version") + 1)
    rows.filter(version=1).delete()


def leave(
    membership: Membership, *, until: dt.date | None, version: int, farewell: bool, by: Person, at: dt.datetime
) -> bool:
    """The last day, or none again: meetings after it invite no longer, those before it do. False where it stands already.

    Raises MembershipRefused, StaleMembership.
    """
    with transaction.atomic():
        hold([membership.body_id], at=at)
        if not memberships.end(membership, until=until, version=version, by=by, at=at):
            return False
        uninvite(membership, by=by, at=at)
        invite(membership, by=by, at=at)
        if farewell and until is not None:
            data = {"memberships": [membership.pk]}
            journal.record(Happened.PERSON_FAREWELLED, membership.person, at=at, by=by, data=data)
    return True


def hold(bodies: Sequence[int], *, at: dt.datetime) -> None:
    """Nobody answers for a coming meeting of these bodies until the transaction ends."""
    list(_coming(bodies, at).select_for_update().values_list("pk", flat=True))


def hold_all(*, at: dt.datetime) -> None:
    """The same for all bodies, where it is not known before which they are."""
    list(_all_coming(at).select_for_update().values_list("pk", flat=True))


def invite(membership: Membership, *, by: Person, at: dt.datetime) -> list[Attendance]:
    """Give this member a row at each coming meeting within the membership that has asked people; the new ones."""
    if membership.role not in ASKED_ROLES:
        return []
    found = []
    for meeting in _coming([membership.body_id], at).select_related("alliance"):
        if not membership.is_active_on(local_date(meeting.start)):
            continue
        row = Attendance.objects.filter(meeting=meeting, person=membership.person_id).first()
        if row is not None and row.is_asked:
            continue
        row = row or Attendance(meeting=meeting, person_id=membership.person_id)
        row.organisation_id, row.role, row.is_asked = membership.organisation_id, membership.role, True
        row.version += row.pk is not None
        row.save()
        record(Happened.ATTENDANCE_JOINED, row, meeting, by=by, at=at)
        found.append(row)
    return found


def uninvite(membership: Membership, *, by: Person, at: dt.datetime) -> list[Left]:
    """Take this member out of the coming meetings outside the membership, with whoever stands in for them there."""
    found = []
    for meeting in _coming([membership.body_id], at).select_related("alliance"):
        if membership.is_active_on(local_date(meeting.start)):
            continue
        rows = Attendance.objects.select_related("meeting__alliance", "stands_in_for__meeting__alliance")
        row = rows.filter(meeting=meeting, person=membership.person_id, is_asked=True).first()
        if row is None:
            continue
        if row.stands_in_for is not None:
            answers.withdraw_deputy(row.stands_in_for, via=Via.WEB, by=by, at=at)  # the member is asked again
            continue
        found.append(take_out(row, by=by, at=at))
    return found


def put_back(left: Attendance, *, deputy: Attendance | None, deputy_answer: str, by: Person, at: dt.datetime) -> None:
    """The invitation holds after all, and whoever stood in does again; the answer was kept."""
    Attendance.objects.filter(pk=left.pk).update(is_asked=True, version=F("version") + 1)
    if deputy is not None:
        Attendance.objects.filter(pk=deputy.pk, is_asked=False).update(
            is_asked=True, stands_in_for=left, answer=deputy_answer, version=F("version") + 1
        )
    record(Happened.ATTENDANCE_JOINED, left, left.meeting, by=by, at=at)


def take_out(row: Attendance, *, by: Person, at: dt.datetime) -> Left:
    """No longer invited, with whoever stands in for them there."""
    request = deputy_requests.open_of(row)
    deputy_requests.withdraw_open(row, via=Via.WEB, by=by, at=at)
    deputy = answers.deputy_of(row)
    said = deputy.answer if deputy is not None else Answer.PENDING
    if deputy is not None:
        answers.dismiss(deputy, row, via=Via.WEB, by=by, at=at)
    Attendance.objects.filter(pk=row.pk).update(is_asked=False, version=F("version") + 1)
    record(Happened.ATTENDANCE_LEFT, row, row.meeting, by=by, at=at)
    return Left(row, deputy, said, request)


def _coming(bodies: Sequence[int], at: dt.datetime) -> QuerySet[Meeting]:
    """Meetings to come whose date stands, in the order everybody locks them."""
    return _all_coming(at).filter(alliance__in=bodies)


def _all_coming(at: dt.datetime) -> QuerySet[Meeting]:
    return Meeting.objects.filter(state__in=answers.ANSWERABLE, start__gt=at).order_by("pk")


def record(verb: Happened, row: Attendance, meeting: Meeting, *, by: Person, at: dt.datetime) -> None:
    """This person is invited to the meeting, or no longer."""
    data = {"meeting": meeting.pk, "person": row.person_id}
    journal.record(verb, row, at=at, by=by, body=meeting.alliance, data=data)
