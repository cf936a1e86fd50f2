"""Holding a meeting: begin, who is there, what came out of each item, end."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.clock import local, local_date
from buendnisse.domain import journal
from buendnisse.enums import ASKED_ROLES, Role, Via
from buendnisse.models import Change, Membership, Person
from meetings.domain import attendance_end, drafting, minutes_journal, open_minutes, quorum, relay, versions
from meetings.domain.moves import MoveRefused, move
from meetings.enums import (
    AgendaItemState,
    Channel,
    Happened,
    MeetingState,
    MinutesState,
    Presence,
    RelayKind,
    RelayState,
)
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Relay, SessionDesk
from meetings.models.minutes import OUT

#: So long what the desk keeps by itself adds no further line to the journal.
ONE_SPELL = dt.timedelta(minutes=10)


class ResultOutdated(Exception):
    """Somebody else wrote into the same item. Both texts are kept: `stored` is theirs, `yours` is not saved."""

    def __init__(self, *, stored: str, yours: str, version: int) -> None:
        super().__init__(_("Jemand anderes hat diesen Punkt gerade geändert. Bitte führen Sie beide Texte zusammen."))
        self.stored = stored
        self.yours = yours
        self.version = version


class AlreadyCirculated(Exception):
    """The minutes are with the members: the meeting cannot be reopened."""


def start(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Begin: everybody who belongs to the alliance today has a row, and a draft of the minutes exists.

    Raises MoveRefused.
    """
    if meeting.state == MeetingState.CANCELLED:
        raise MoveRefused(_("Diese Sitzung ist abgesagt. Sie kann nicht beginnen."))
    with transaction.atomic():
        move(meeting, to=MeetingState.IN_SESSION, changed_at=at)
        _expect_everybody(meeting)
        minutes_journal.begin(meeting, by=by, at=at, via=via)
        journal.record(Happened.MEETING_STARTED, meeting, at=at, by=by, via=via, body=meeting.alliance)


def record_presence(
    attendance: Attendance,
    *,
    presence: str,
    by: Person,
    at: dt.datetime,
    channel: str = "",
    present_from: dt.time | None = None,
    present_until: dt.time | None = None,
    version: int | None = None,
    via: str = Via.WEB,
) -> None:
    """Note that a person is there or is not. Who casts the vote of the organisation follows from who of it is there.

    Recording what already holds writes nothing. `version` is the one the writer has read, where a page showed the row.
    Raises Stale, MinutesFrozen, NotInSession.
    """
    with transaction.atomic():
        rows = Meeting.objects.select_related("alliance").select_for_update(of=["self"])
        meeting = rows.get(pk=attendance.meeting_id)  # first: two of one organisation are recorded one after the other
        minutes = open_minutes.hold(meeting)
        if version is not None and not versions.claim(attendance, version=version, said={"presence": presence}):
            return
        attendance.refresh_from_db()
        has_channel = presence in quorum.THERE or presence == Presence.GUEST
        has_hours = has_channel or presence == Presence.SECRETARIAT
        fields = {
            "presence": presence,
            "channel": (channel or Channel.ON_SITE) if has_channel else "",
            "present_from": present_from if has_hours else None,
            "present_until": present_until if has_hours else None,
        }
        if all(getattr(attendance, name) == value for name, value in fields.items()):
            return
        open_minutes.written(minutes)
        Attendance.objects.filter(pk=attendance.pk).update(version=F("version") + 1, **fields)
        quorum.give_the_vote(meeting, attendance.organisation_id)
        attendance.refresh_from_db()
        journal.record(
            Happened.ATTENDANCE_RECORDED,
            attendance,
            at=at,
            by=by,
            via=via,
            body=meeting.alliance,
            data={"meeting": meeting.pk, "presence": str(presence)},
        )


def record_guest(
    meeting: Meeting, *, person: Person, by: Person, at: dt.datetime, channel: str = "", via: str = Via.WEB
) -> Attendance:
    """Somebody came who stood on no list. Raises MinutesFrozen, NotInSession."""
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)  # first: a double tap waits here
        attendance, _made = Attendance.objects.get_or_create(
            meeting=meeting,
            person=person,
            defaults={"organisation": person.organisation, "role": Role.GUEST, "is_asked": False},
        )
        record_presence(attendance, presence=Presence.GUEST, channel=channel, by=by, at=at, via=via)
    return attendance


def record_result(
    item: AgendaItem,
    *,
    result: str,
    version: int,
    by: Person,
    at: dt.datetime,
    via: str = Via.WEB,
    by_itself: bool = False,
) -> None:
    """Write down what came out of an item. `version` is the one the writer has read.

    Saving the same text again changes nothing, whatever the version. `by_itself`: the desk keeps it every few
    seconds; one spell of writing is one line of the journal (ONE_SPELL). Raises ResultOutdated, MinutesFrozen,
    NotInSession, MoveRefused.
    """
    with transaction.atomic():
        meeting = _meeting_of(item)
        minutes = open_minutes.hold(meeting)
        item.refresh_from_db()
        result = drafting.plain(result)
        if item.result == result and item.state == AgendaItemState.DISCUSSED:
            return
        open_minutes.written(minutes)
        kept = AgendaItem.objects.filter(pk=item.pk, version=version)
        if kept.update(result=result, version=F("version") + 1) != 1:
            raise ResultOutdated(stored=item.result, yours=result, version=item.version)
        item.refresh_from_db()
        _discuss(item)
        if by_itself and _told_lately(item, by=by, at=at):
            return
        journal.record(
            Happened.ITEM_RECORDED,
            item,
            at=at,
            by=by,
            via=via,
            body=meeting.alliance,
            data={"meeting": meeting.pk, "version": item.version},
        )


def finish(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """End the meeting, or note that one was held, and store the quorum as counted. Nobody writes at its desk any longer.

    Raises MoveRefused; where another desk was faster, it says whose.
    """
    with transaction.atomic():
        _refuse_if_over(meeting)
        if meeting.state != MeetingState.IN_SESSION:
            _expect_everybody(meeting)
        attendance_end.settle(meeting, by=by, at=at, via=via)
        counted = quorum.quorum(meeting)
        move(
            meeting,
            to=MeetingState.HELD,
            changed_at=at,
            voting_organisations=counted.entitled,
            quorum_reached=counted.reached if counted.is_recorded else None,
        )
        minutes_journal.begin(meeting, by=by, at=at, via=via)
        SessionDesk.objects.filter(meeting=meeting).update(writer=None, window="", since=None, held_until=None)
        _keep_unanswered(meeting, by=by, at=at)
        journal.record(
            Happened.MEETING_HELD,
            meeting,
            at=at,
            by=by,
            via=via,
            body=meeting.alliance,
            data={"organisations": counted.present, "entitled": counted.entitled},
        )


def reopen(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Go back into a meeting that was ended too early. Raises MoveRefused, AlreadyCirculated."""
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)  # whoever hands the minutes on at this moment is first
        if Minutes.objects.filter(meeting=meeting, state__in=[*OUT, MinutesState.IN_REVIEW]).exists():
            raise AlreadyCirculated(_("Das Protokoll ist schon unterwegs. Die Sitzung bleibt beendet."))
        if meeting.state != MeetingState.HELD:
            raise MoveRefused(_("Nur eine beendete Sitzung kann wieder geöffnet werden."))
        move(meeting, to=MeetingState.IN_SESSION, changed_at=at, voting_organisations=None, quorum_reached=None)
        journal.record(
            Happened.MEETING_STARTED, meeting, at=at, by=by, via=via, body=meeting.alliance, reason="reopened"
        )


def _told_lately(item: AgendaItem, *, by: Person, at: dt.datetime) -> bool:
    rows = Change.objects.filter(subject_type="agendaitem", subject_id=item.pk, verb=Happened.ITEM_RECORDED, by=by)
    return rows.filter(at__gt=at - ONE_SPELL).exists()


def _refuse_if_over(meeting: Meeting) -> None:
    """Two desks may close one meeting: the second reads who was first. Both waited for the same row."""
    stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if stored.state not in {MeetingState.HELD, MeetingState.CLOSED}:
        return
    held = Change.objects.filter(subject_type="meeting", subject_id=meeting.pk, verb=Happened.MEETING_HELD)
    last = held.select_related("by").order_by("-at", "-pk").first()
    if last is None or last.by is None:
        raise MoveRefused(_("Die Sitzung ist schon beendet."))
    raise MoveRefused(
        _("Die Sitzung ist schon beendet: %(name)s hat sie um %(hour)s Uhr geschlossen.")
        % {"name": last.by.full_name, "hour": f"{local(last.at):%H:%M}"}
    )


def _meeting_of(item: AgendaItem) -> Meeting:
    if item.meeting_id is None:
        raise open_minutes.NotInSession(_("Dieses Thema steht in keiner Sitzung."))
    return Meeting.objects.select_related("alliance").get(pk=item.meeting_id)


def _discuss(item: AgendaItem) -> None:
    """On the way to `discussed` an item that was only foreseen is put on the agenda first."""
    if item.state in {AgendaItemState.DISCUSSED, AgendaItemState.DEFERRED}:
        return  # a deferred item keeps its state: its result says why
    if item.state != AgendaItemState.SCHEDULED:
        move(item, to=AgendaItemState.SCHEDULED)
    move(item, to=AgendaItemState.DISCUSSED)


def _keep_unanswered(meeting: Meeting, *, by: Person, at: dt.datetime) -> None:
    """What another body asked was talked about, and no decision came of it yet: its answer takes longer."""
    waiting = Relay.objects.filter(
        target_item__meeting=meeting, target_item__state=AgendaItemState.DISCUSSED, state=RelayState.ON_AGENDA
    ).exclude(kind=RelayKind.FOR_INFORMATION)
    for asked in waiting.select_related("source", "target", "target_item").order_by("pk"):
        relay.discuss(asked, by=by, at=at)


def _expect_everybody(meeting: Meeting) -> None:
    """A row for everybody who belongs to the alliance on the day; nobody is there before somebody says so."""
    known = set(meeting.attendance.values_list("person_id", flat=True))
    rows = Membership.objects.filter(body=meeting.alliance_id).active_on(local_date(meeting.start))
    for membership in rows.order_by("pk"):
        if membership.person_id in known:
            continue
        known.add(membership.person_id)
        Attendance.objects.create(
            meeting=meeting,
            person_id=membership.person_id,
            organisation_id=membership.organisation_id,
            role=membership.role,
            is_asked=membership.role in ASKED_ROLES,
        )
