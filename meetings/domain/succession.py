"""Somebody goes, somebody follows: what passes on, all at once, and taken back while nobody has heard of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import end_of, local_date
from buendnisse.domain import journal, memberships
from buendnisse.enums import Role, Via
from buendnisse.models import Change, Membership, Person
from meetings.domain import action_items, agenda_journal, answers, deputy_requests, joining
from meetings.enums import AgendaItemState, Happened, MeetingState
from meetings.models import ActionItem, AgendaItem, Attendance, Meeting

_AHEAD = (
    MeetingState.PLANNED,
    MeetingState.CONFIRMED,
    MeetingState.CALL_OPEN,
    MeetingState.AGENDA_CLOSED,
    MeetingState.INVITED,
)
_ON_THE_WAY = (AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED, AgendaItemState.BACKLOG)


class SuccessionRefused(Exception):
    """It cannot be settled, or not be taken back, like this; `str()` is a German sentence."""


@dataclass(frozen=True)
class Legacy:
    """What somebody leaves behind: seats, open tasks, points on coming agendas."""

    memberships: Sequence[Membership]
    tasks: Sequence[ActionItem]
    items: Sequence[AgendaItem]


@dataclass(frozen=True)
class Wish:
    """What is to pass on. `successor` None: nobody yet, what is open stays where it is until somebody takes it.

    `leaves`: the person belongs to nothing any more from the day after.
    """

    successor: Person | None
    last_day: dt.date
    memberships: Sequence[Membership]
    tasks: Sequence[ActionItem] = ()
    items: Sequence[AgendaItem] = ()
    leaves: bool = False
    letters: bool = True


@dataclass
class _Undo:
    """Ids and codes that undo it; the journal's `data`."""

    ended: list[list[Any]] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)
    tasks: list[list[Any]] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    led: list[int] = field(default_factory=list)
    left: list[list[Any]] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    stood_in: list[list[Any]] = field(default_factory=list)


def legacy(person: Person, *, at: dt.datetime) -> Legacy:
    """What could pass on as of `at`. Three queries."""
    today = local_date(at)
    seats = Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=today), person=person)
    tasks = ActionItem.objects.open().filter(owner=person).select_related("alliance", "meeting", "organisation")
    items = AgendaItem.objects.filter(presenter=person, state__in=_ON_THE_WAY, standing_code="")
    items = items.filter(Q(meeting__isnull=True) | Q(meeting__state__in=_AHEAD, meeting__start__gt=at))
    return Legacy(
        list(seats.select_related("body", "organisation").order_by("body_id", "pk")),
        list(tasks.order_by("due_on", "pk")),
        list(items.select_related("alliance", "meeting").order_by("meeting__start", "pk")),
    )


def settle(person: Person, *, wish: Wish, by: Person, at: dt.datetime) -> Change:
    """End the seats, give them and what else is chosen to the successor, and have both told; the change that says so.

    Coming meetings: the one's entry is taken out, the other is invited. Raises SuccessionRefused, MembershipRefused,
    StaleMembership, Stale.
    """
    heir = wish.successor
    _require_sense(person, wish)
    undo, first = _Undo(), journal.newest()
    with transaction.atomic():
        joining.hold([row.body_id for row in wish.memberships], at=at)
        if wish.leaves:
            _require_no_other_seat(person, wish)
        begun = []
        for row in wish.memberships:
            if heir is not None and row.role == Role.DEPUTY:
                _stand_in(heir, row, wish.last_day, undo, by=by, at=at)
            _end(row, wish.last_day, undo, heir=heir, by=by, at=at)
            if heir is not None and (seat := _take_seat(heir, row, wish.last_day, undo, by=by, at=at)) is not None:
                begun.append(seat)
        if heir is not None:
            _pass_on(person, heir, wish, undo, by=by, at=at)
        if wish.leaves:
            Person.objects.filter(pk=person.pk).update(active_until=wish.last_day, version=F("version") + 1)
        if wish.letters:
            _have_told(person, wish, begun, by=by, at=at)
        data = {
            **undo.__dict__,
            "successor": heir.pk if heir else None,
            "last_day": wish.last_day.isoformat(),
            "active_until": person.active_until.isoformat() if person.active_until else None,
            "leaves": wish.leaves,
            "after": first,
        }
        return journal.record(Happened.PERSON_SUCCEEDED, person, at=at, by=by, data=data)


def latest(person: Person, *, at: dt.datetime) -> Change | None:
    """The last succession of this person, unless it was taken back or is older than a day."""
    verbs = (Happened.PERSON_SUCCEEDED, Happened.PERSON_SUCCESSION_TAKEN_BACK)
    last = Change.objects.of(person).filter(verb__in=verbs).order_by("-pk").first()
    is_fresh = last is not None and at - last.at < joining.TAKEN_BACK_WITHIN
    return last if last is not None and is_fresh and last.verb == Happened.PERSON_SUCCEEDED else None


def take_back(person: Person, *, by: Person, at: dt.datetime) -> None:
    """As it was before, within a day. What somebody did with it meanwhile stays theirs: then it is refused.

    A point or a chair that went on to a third person stays there. Raises SuccessionRefused.
    """
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # a second tap waits, and finds nothing
        succession = latest(person, at=at)
        if succession is None:
            raise SuccessionRefused(
                _("Für diese Person ist gerade keine Nachfolge geregelt, die sich noch zurücknehmen lässt.")
            )
        data = succession.data
        bodies = Membership.objects.filter(pk__in=[row[0] for row in data["ended"]]).values_list("body", flat=True)
        joining.hold(list(bodies), at=at)
        _require_untouched(data)
        joining.drop(data["joined"])
        Membership.objects.filter(pk__in=data["begun"]).delete()
        for number, until, successor, is_voting in data["ended"]:
            Membership.objects.filter(pk=number).update(
                until=until, successor=successor, is_voting=is_voting, version=F("version") + 1
            )
        for number, organisation, before, before_on in data["tasks"]:
            ActionItem.objects.filter(pk=number).update(
                owner=person,
                organisation=organisation,
                handed_over_from=before,
                handed_over_on=before_on,
                version=F("version") + 1,
            )
        items = AgendaItem.objects.filter(pk__in=data["items"], presenter=data["successor"])
        items.update(presenter=person, version=F("version") + 1)
        led = Meeting.objects.filter(pk__in=data["led"], chair=data["successor"])
        led.update(chair=person, version=F("version") + 1)
        again: list[int] = []
        for number, deputy, said, *asked in data["left"]:
            row = Attendance.objects.select_related("meeting__alliance").get(pk=number)
            stood_in = Attendance.objects.filter(pk=deputy or 0).first()
            joining.put_back(row, deputy=stood_in, deputy_answer=said, by=by, at=at)
            again += [number for number in asked if number and deputy_requests.ask_again(number)]
        for number, before, said in data["stood_in"]:
            member = Attendance.objects.select_related("meeting__alliance").get(pk=number)
            named = answers.name_deputy(member, person=Person.objects.get(pk=before), via=Via.WEB, by=by, at=at)
            Attendance.objects.filter(pk=named.pk).update(answer=said)
        if data["leaves"]:
            Person.objects.filter(pk=person.pk).update(active_until=data["active_until"], version=F("version") + 1)
        told = {"succession": succession.pk, "asked_again": again}
        journal.record(Happened.PERSON_SUCCESSION_TAKEN_BACK, person, at=at, by=by, data=told)


def _end(row: Membership, last_day: dt.date, undo: _Undo, *, heir: Person | None, by: Person, at: dt.datetime) -> None:
    undo.ended.append([row.pk, row.until.isoformat() if row.until else None, row.successor_id, row.is_voting])
    memberships.end(row, until=last_day, version=row.version, successor=heir, by=by, at=at)
    for left in joining.uninvite(row, by=by, at=at):
        asked = left.request.pk if left.request else None
        undo.left.append([left.row.pk, left.deputy.pk if left.deputy else None, left.deputy_answer, asked])


def _stand_in(heir: Person, row: Membership, last_day: dt.date, undo: _Undo, *, by: Person, at: dt.datetime) -> None:
    """Whoever was to be stood in for after the last day is represented by the successor, who is asked."""
    rows = Attendance.objects.filter(
        person=row.person_id, is_asked=True, stands_in_for__isnull=False, meeting__alliance=row.body_id
    ).filter(meeting__start__gte=end_of(last_day), meeting__start__gt=at)
    related = ("stands_in_for__meeting__alliance", "meeting")
    for deputy in rows.select_related(*related).order_by("meeting_id"):
        member = deputy.stands_in_for
        if member is None or not answers.is_open(deputy.meeting, at):
            continue
        try:
            answers.name_deputy(member, person=heir, via=Via.WEB, by=by, at=at)
        except answers.AnswerRefused:
            continue  # comes anyway: then the member is asked again
        undo.stood_in.append([member.pk, deputy.person_id, deputy.answer])


def _take_seat(
    heir: Person, row: Membership, last_day: dt.date, undo: _Undo, *, by: Person, at: dt.datetime
) -> Membership | None:
    """The successor's own seat; None where they sit there already and keep that."""
    since = last_day + dt.timedelta(days=1)
    rows = Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=since), body=row.body_id, person=heir)
    own = rows.select_related("body", "organisation", "person").first()
    if own is not None:
        if memberships.RANK.get(Role(own.role), 0) >= memberships.RANK.get(Role(row.role), 0):
            return None  # whoever has a seat of equal rank keeps it
        _end(own, last_day, undo, heir=None, by=by, at=at)
    seat = memberships.begin(
        heir, body=row.body, organisation=heir.organisation, role=Role(row.role), since=since, by=by, at=at
    )
    undo.begun.append(seat.pk)
    undo.joined += [one.pk for one in joining.invite(seat, by=by, at=at)]
    return seat


def _pass_on(person: Person, heir: Person, wish: Wish, undo: _Undo, *, by: Person, at: dt.datetime) -> None:
    for action in wish.tasks:
        before_on = action.handed_over_on.isoformat() if action.handed_over_on else None
        undo.tasks.append([action.pk, action.organisation_id, action.handed_over_from_id, before_on])
        action_items.hand_over(action, to=heir, version=action.version, by=by, at=at, reason=action_items.IN_SUCCESSION)
    for item in wish.items:
        if AgendaItem.objects.filter(pk=item.pk, presenter=person).update(presenter=heir, version=F("version") + 1):
            undo.items.append(item.pk)
            agenda_journal.record(Happened.ITEM_EDITED, item, by=by, at=at)
    chaired = [row.body_id for row in wish.memberships if row.role == Role.CHAIR]
    led = Meeting.objects.filter(alliance__in=chaired, chair=person, start__gt=end_of(wish.last_day))
    for meeting in led.filter(state__in=_AHEAD).select_related("alliance"):
        Meeting.objects.filter(pk=meeting.pk).update(chair=heir, version=F("version") + 1)
        undo.led.append(meeting.pk)
        fields = {"fields": ["chair"]}
        journal.record(Happened.MEETING_EDITED, meeting, at=at, by=by, body=meeting.alliance, data=fields)


def _have_told(person: Person, wish: Wish, begun: Sequence[Membership], *, by: Person, at: dt.datetime) -> None:
    heir = wish.successor
    if wish.memberships:
        data: dict[str, Any] = {
            "memberships": [row.pk for row in wish.memberships],
            "successor": heir.pk if heir else None,
            "passed_on": len(wish.tasks),
        }
        journal.record(Happened.PERSON_FAREWELLED, person, at=at, by=by, data=data)
    if heir is not None:
        data = {
            "memberships": [row.pk for row in begun],
            "follows": person.pk,
            "tasks": [one.pk for one in wish.tasks],
            "items": [one.pk for one in wish.items],
        }
        journal.record(Happened.PERSON_WELCOMED, heir, at=at, by=by, data=data)


def _require_sense(person: Person, wish: Wish) -> None:
    if wish.successor is not None and wish.successor.pk == person.pk:
        raise SuccessionRefused(_("Niemand folgt auf sich selbst. Bitte wählen Sie eine andere Person."))
    if not wish.memberships and not wish.tasks and not wish.items:
        raise SuccessionRefused(_("Bitte wählen Sie aus, was endet oder weitergeht."))
    if wish.successor is None and (wish.tasks or wish.items):
        raise SuccessionRefused(_("Aufgaben und Themen gehen an eine Person. Bitte wählen Sie, wer nachfolgt."))


def _require_no_other_seat(person: Person, wish: Wish) -> None:
    """Whoever belongs to nothing any more gives every seat up."""
    rows = Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=wish.last_day), person=person)
    others = rows.exclude(pk__in=[row.pk for row in wish.memberships]).select_related("body").order_by("body_id")
    if names := [row.body.name for row in others]:
        raise SuccessionRefused(
            _(
                "%(name)s gehört noch zu %(bodies)s. Bitte wählen Sie auch das aus, "
                "oder lassen Sie das Häkchen bei „gehört danach zu nichts mehr“ weg."
            )
            % {"name": person.full_name, "bodies": german.listing(names)}
        )


def _require_untouched(data: dict[str, Any]) -> None:
    refused = SuccessionRefused(
        _("Inzwischen hat jemand etwas davon geändert. Bitte sehen Sie sich beide Personen an und ändern Sie es dort.")
    )
    heir = data["successor"]
    if Membership.objects.filter(pk__in=data["begun"], version__gt=1).exists():
        raise refused
    if ActionItem.objects.filter(pk__in=[row[0] for row in data["tasks"]]).exclude(owner=heir).exists():
        raise refused
    if Attendance.objects.filter(pk__in=data["joined"]).exclude(answered_at=None).exists():
        raise refused
