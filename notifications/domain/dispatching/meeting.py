"""Dates of meetings, answers and deputies: who is told what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Prefetch, Q

from buendnisse.enums import Role
from buendnisse.models import Change, FurtherAddress
from meetings.domain import asking
from meetings.enums import Answer, Happened, MeetingState
from meetings.models import Attendance, Meeting
from meetings.models.attendance import AttendanceQuerySet
from notifications.domain import invitations, proposed_times, told
from notifications.domain.dispatching import deputies
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind, OutboxState
from notifications.models import Invitation, OutboxMessage

_JUST_INVITED = dt.timedelta(days=1)  # who was asked yesterday needs no reminder today


def asked(meeting_id: int) -> AttendanceQuerySet:
    """Everybody who should come: asked, and nobody stands in for them. With person and further addresses."""
    return with_addresses(Attendance.objects.filter(meeting_id=meeting_id, is_asked=True, deputy__isnull=True))


def with_addresses(rows: AttendanceQuerySet) -> AttendanceQuerySet:
    """With the person and the further addresses that get copies; two queries."""
    copies = Prefetch("person__further_addresses", FurtherAddress.objects.filter(gets_copy=True))
    return rows.select_related("person").prefetch_related(copies).order_by("pk")


def drafts(
    kind: MailKind, row: Attendance, *, data: dict[str, object] | None = None, falls_away: bool = False
) -> Iterator[Draft]:
    """The letter to one person, and the plain notice to each further address that gets a copy."""
    matter = invitations.matter(row.meeting_id)
    yield Draft(kind, row.person, matter=matter, meeting_id=row.meeting_id, data=data or {}, falls_away=falls_away)
    for address in row.person.further_addresses.all():
        yield Draft(
            MailKind.COPY,
            row.person,
            matter=f"copy:{matter}",
            meeting_id=row.meeting_id,
            data={**(data or {}), "of": str(kind)},
            copy_to=address,
            falls_away=falls_away,
        )


def confirmed(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The date stands: everybody who is asked is invited. Dates fixed with the year's are told by one mail for all."""
    if "plan" in change.data:
        return
    for row in asked(change.subject_id):
        yield from drafts(MailKind.INVITATION, row)


def moved(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Another day, hour or place. A date that was only noted is moved without a word.

    Whoever had proposed the new time has been heard.
    """
    proposed_times.take(change)
    if change.data.get("state") != MeetingState.PLANNED:
        yield from _news(MailKind.MOVED, change)


def edited(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Told where it stands in people's calendars: a new link, another way to take part."""
    if change.data.get("told") and change.data.get("state") != MeetingState.PLANNED:
        yield from _news(MailKind.MOVED, change, data={"fields": change.data["fields"]})


def cancelled(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The composer drops it for everybody who never heard of the date."""
    if change.data.get("state") != MeetingState.PLANNED:
        yield from _news(MailKind.CANCELLED, change)


def restored(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The cancellation was taken back before it left: what it had replaced in the outbox is written again.

    And whoever was told nothing meanwhile is told now: the year's dates may have left without this one. The composer
    drops what the person knows already.
    """
    if change.data["state"] == MeetingState.PLANNED:
        return
    matter = invitations.matter(change.subject_id)
    for row in asked(change.subject_id):
        yield Draft(MailKind.INVITATION, row.person, matter, change.subject_id)
    yield from _replaced(change, matter)  # later, so that it counts
    yield from deputies.asked_again(change.subject_id)


def deputy_named(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The deputy is invited; the member's entry is taken out of the calendar."""
    yield from _both(change, member=MailKind.UNINVITED, deputy=MailKind.INVITATION)


def deputy_withdrawn(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The other way round."""
    yield from _both(change, member=MailKind.INVITATION, deputy=MailKind.UNINVITED)


def answers_reminded(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Those who heard of the meeting and have not answered."""
    heard = Invitation.objects.filter(
        meeting_id=change.subject_id, last_method="REQUEST", last_frozen_at__lt=change.at - _JUST_INVITED
    )
    unanswered = Q(answer=Answer.PENDING) | Q(answer_is_for_earlier_date=True)
    for row in asked(change.subject_id).filter(unanswered, person__in=heard.values("person")):
        matter = f"reminder:{change.subject_id}"
        yield Draft(
            MailKind.ANSWER_REMINDER,
            row.person,
            matter=matter,
            meeting_id=change.subject_id,
            data={"about": change.data["start"]},
        )


def _news(kind: MailKind, change: Change, *, data: dict[str, object] | None = None) -> Iterator[Draft]:
    """To everybody who should come. For guests who have heard nothing yet it falls away, and the outbox shows none waiting."""
    rows = list(asked(change.subject_id))
    unaware = _unaware_guests(
        change.subject_id, [row.person_id for row in rows if row.role == Role.GUEST and row.stands_in_for_id is None]
    )
    for row in rows:
        yield from drafts(kind, row, data=data, falls_away=row.person_id in unaware)


def _unaware_guests(meeting_id: int, guests: Sequence[int]) -> set[int]:
    """Those of these guests who hear of the date by its invitation only; no query where there are no guests."""
    if not guests or not asking.comes_later(Meeting.objects.get(pk=meeting_id)):
        return set()
    heard = {person for (person, _meeting), said in told.last(guests, [meeting_id]).items() if said is not None}
    entered = Invitation.objects.filter(meeting=meeting_id, person__in=guests).exclude(last_method="")
    return set(guests) - heard - set(entered.values_list("person", flat=True))


def _both(change: Change, *, member: MailKind, deputy: MailKind) -> Iterator[Draft]:
    kinds = {change.data["person"]: member, change.data["deputy"]: deputy}
    rows = Attendance.objects.filter(meeting_id=change.data["meeting"], person__in=kinds)
    for row in with_addresses(rows):
        yield from drafts(kinds[row.person_id], row)


def _replaced(change: Change, matter: str) -> Iterator[Draft]:
    rows = OutboxMessage.objects.filter(meeting_id=change.subject_id, matter__in=[matter, f"copy:{matter}"])
    cancelled = {f"{kind}:{change.data['cancelled']}" for kind in (MailKind.CANCELLED, MailKind.COPY)}
    before: dict[tuple[int, int | None], OutboxMessage] = {}
    replaced: list[OutboxMessage] = []
    for row in rows.select_related("person", "copy_to").order_by("pk"):
        key = (row.person_id, row.copy_to_id)
        if row.occasion in cancelled and key in before and before[key].state == OutboxState.SUPERSEDED:
            replaced.append(before[key])
        before[key] = row
    for row in replaced:
        data = {name: value for name, value in row.data.items() if name != "told"}
        yield Draft(MailKind(row.kind), row.person, row.matter, row.meeting_id, data, row.copy_to)


HANDLERS: dict[str, Handler] = {
    Happened.MEETING_CONFIRMED: confirmed,
    Happened.MEETING_MOVED: moved,
    Happened.MEETING_EDITED: edited,
    Happened.MEETING_CANCELLED: cancelled,
    Happened.MEETING_RESTORED: restored,
    Happened.MEETING_ANSWERS_REMINDED: answers_reminded,
    Happened.ATTENDANCE_DEPUTY_NAMED: deputy_named,
    Happened.ATTENDANCE_DEPUTY_WITHDRAWN: deputy_withdrawn,
}
