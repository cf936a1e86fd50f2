"""The year's plan: proposed, kept as a draft, exchanged date by date, confirmed at once, taken back.

The draft is the year's meetings in state `planned`. Until somebody changes something nothing is stored: the
proposal comes out the same each time. The first change keeps all of it, so that the other dates stay where they were.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import BERLIN, local, local_date
from buendnisse.domain import alliance_rules, journal
from buendnisse.enums import Via
from buendnisse.models import Alliance, Person
from meetings.domain import planning, proposing, rule_days
from meetings.domain.moves import MoveRefused, move
from meetings.domain.planning import PlanRefused
from meetings.domain.proposing import Proposal, Slot
from meetings.domain.quarter import Quarter
from meetings.enums import ConflictWeight, DeadlineKind, Happened, MeetingMode, MeetingState
from meetings.models import Attendance, Meeting, YearPlan

INTRODUCTION_LENGTH = 2000


class PlanChanged(PlanRefused):
    """Somebody else changed the plan since it was looked at. `meeting` is what stands in the slot now, if it is one slot."""

    def __init__(self, sentence: str, *, meeting: Meeting | None = None) -> None:
        super().__init__(sentence)
        self.meeting = meeting


def signature(proposal: Proposal) -> str:
    """Changes with every date, hour and place that would be confirmed."""
    lines = [
        f"{slot.key} {slot.appointment.start.isoformat()} {slot.appointment.end.isoformat()} {_venue_id(slot)}"
        for slot in confirmable(proposal)
        if slot.appointment
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:20]


def confirmable(proposal: Proposal) -> list[Slot]:
    """Drafts that can be told: a date to come, a place, and nothing hard against it that nobody gave a reason for."""
    return [slot for slot in proposal.slots if slot.is_draft and slot.appointment and not obstacle(slot, proposal)]


def obstacle(slot: Slot, proposal: Proposal) -> str:
    """Why this draft cannot be confirmed as it is, as a German sentence; empty where it can."""
    if slot.appointment is None:
        return slot.reasons[0] if slot.reasons else ""
    if slot.appointment.start <= proposal.at:
        return _("Dieser Termin ist schon vorbei.")
    if slot.is_free and slot.called_off:
        return _("Hier wurde ein Termin abgesagt. Bitte wählen Sie selbst einen neuen Tag.")
    hard = [one for one in slot.conflicts if one.weight == ConflictWeight.HARD]
    if hard and not (slot.meeting and slot.meeting.conflict_reason):
        return hard[0].text
    mode = slot.meeting.mode if slot.meeting else slot.mode
    if mode != MeetingMode.ONLINE and _venue_id(slot) is None:
        return _("Noch ist kein Ort eingetragen.")
    return ""


def introduction_of(year: int) -> str:
    """What was written above the dates before; a plan taken back keeps its words."""
    return YearPlan.objects.filter(year=year).values_list("introduction", flat=True).first() or ""


def keep(year: int, *, by: Person | None, at: dt.datetime, via: str = Via.WEB) -> int:
    """Store every proposed date of a year as a draft; how many."""
    return keep_proposal(proposing.propose(year, at=at), by=by, at=at, via=via)


def keep_proposal(proposal: Proposal, *, by: Person | None, at: dt.datetime, via: str = Via.WEB) -> int:
    """Store what was proposed as drafts; how many. What somebody else stored meanwhile stays. Dates gone by are left."""
    with transaction.atomic():
        YearPlan.objects.get_or_create(year=proposal.year)
        return sum(_keep(slot, by=by, at=at, via=via) for slot in proposal.slots if _is_worth_keeping(slot, at))


def take(
    alliance: Alliance, quarter: Quarter, *, day: dt.date, seen: dt.date | None, by: Person | None, at: dt.datetime
) -> Meeting:
    """Another day for one slot; all others stay as they were proposed. `seen`: the day it had on the reader's page.

    Raises PlanChanged where the slot has another day by now, PlanRefused where the day cannot be.
    """
    if Quarter.of(day) != quarter:
        raise PlanRefused(_("Der %s liegt nicht in diesem Quartal.") % german.day(day))
    keep(quarter.year, by=by, at=at)
    rows = Meeting.objects.select_related("alliance", "venue").exclude(state=MeetingState.CANCELLED)
    meeting = rows.filter(alliance=alliance, quarter=str(quarter)).first()
    if meeting is None:
        return _first(alliance, quarter, day, by=by, at=at)
    if local_date(meeting.start) not in {seen, day} or meeting.state != MeetingState.PLANNED:
        raise _changed(meeting)
    start, end = _at(day, local(meeting.start).time(), local(meeting.end).time())
    try:
        planning.move_date(meeting, start=start, end=end, venue=meeting.venue, version=meeting.version, by=by, at=at)
    except planning.StaleVersion as stale:
        if local_date(stale.current.start) != day:
            raise _changed(stale.current) from stale
        return stale.current  # a finger that tapped twice
    return meeting


def slot_to_type(alliance: Alliance, quarter: Quarter, *, by: Person | None, at: dt.datetime) -> Meeting:
    """Keep the draft and answer the slot's meeting, so that its day, hours and place can be typed. Raises PlanRefused."""
    keep(quarter.year, by=by, at=at)
    rows = Meeting.objects.exclude(state=MeetingState.CANCELLED)
    meeting = rows.filter(alliance=alliance, quarter=str(quarter)).first()
    if meeting is not None:
        return meeting
    day = rule_days.anchor(rule_days.as_of(alliance, quarter), quarter)
    return _first(alliance, quarter, day if day > local_date(at) else quarter.last, by=by, at=at)


def drop(year: int, *, by: Person | None, at: dt.datetime) -> int:
    """Throw the draft away; how many dates. Nobody has heard of it. A date with topics on its agenda stays."""
    drafts = Meeting.objects.filter(quarter__startswith=f"{year}-", state=MeetingState.PLANNED)
    with transaction.atomic():
        plan = _locked(year)
        empty = list(drafts.filter(agenda_items__isnull=True).values_list("pk", flat=True))
        # Locked and asked again: what was confirmed in the meantime stays.
        gone = list(Meeting.objects.select_for_update().filter(pk__in=empty, state=MeetingState.PLANNED))
        for meeting in gone:
            meeting.delete()
        journal.record(Happened.YEAR_DROPPED, plan, at=at, by=by, data={"meetings": len(gone)})
    return len(gone)


def confirm(
    year: int,
    *,
    seen: str | None,
    introduction: str | None = None,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.WEB,
) -> list[Meeting]:
    """All drafts stand, and everybody is told once. `seen` is the signature of what was looked at; None: whatever it is.

    `introduction` None: the words that were kept before stand.

    Raises PlanChanged where it is another plan by now, PlanRefused where there is nothing to confirm.
    """
    with transaction.atomic():
        plan = _locked(year)  # of two who confirm at once the second finds nothing left
        proposal = proposing.propose(year, at=at)
        if seen is not None and signature(proposal) != seen:
            raise PlanChanged(_("Der Plan hat sich inzwischen geändert. Bitte sehen Sie ihn noch einmal durch."))
        slots = confirmable(proposal)
        if not slots:
            raise PlanRefused(_("Für %s gibt es keinen Termin, der noch festzulegen wäre.") % year)
        meetings = []
        for slot in slots:
            if slot.is_free:
                _keep(slot, by=by, at=at, via=via)
            meeting = _as_proposed(slot)
            planning.confirm(meeting, by=by, at=at, via=via, year=year)
            meetings.append(meeting)
        if introduction is not None:
            plan.introduction = introduction[:INTRODUCTION_LENGTH]
            plan.save(update_fields=["introduction"])
        data = {"year": year, "meetings": [meeting.pk for meeting in meetings]}
        journal.record(Happened.YEAR_CONFIRMED, plan, at=at, by=by, via=via, data=data)
    return meetings


def reopen(meetings: list[Meeting], *, year: int, by: Person | None, at: dt.datetime) -> None:
    """Make confirmed dates drafts again, before anybody heard of them (whoever calls this has seen to that).

    Raises PlanRefused where one has gone on in the meantime.
    """
    with transaction.atomic():
        plan = _locked(year)
        for meeting in meetings:
            if meeting.state != MeetingState.CONFIRMED:
                raise PlanRefused(_("%s hat inzwischen einen anderen Stand.") % meeting.title)
            try:
                move(meeting, to=MeetingState.PLANNED, changed_at=at, deadline_overrides=_untold(meeting))
            except MoveRefused as refused:
                raise PlanRefused(str(refused)) from refused
            Attendance.objects.filter(meeting=meeting).delete()
            journal.record(Happened.MEETING_REOPENED, meeting, at=at, by=by, body=meeting.alliance)
        data = {"year": year, "meetings": [meeting.pk for meeting in meetings]}
        journal.record(Happened.YEAR_TAKEN_BACK, plan, at=at, by=by, data=data)


def _is_worth_keeping(slot: Slot, at: dt.datetime) -> bool:
    """A slot whose meeting was cancelled gets a new date only by somebody's choice."""
    return slot.is_free and not slot.called_off and slot.appointment is not None and slot.appointment.start > at


def _keep(slot: Slot, *, by: Person | None, at: dt.datetime, via: str) -> int:
    if slot.appointment is None:
        return 0
    try:
        with transaction.atomic():
            planning.note(
                slot.alliance,
                quarter=str(slot.quarter),
                start=slot.appointment.start,
                end=slot.appointment.end,
                mode=slot.mode,
                venue=slot.venue,
                by=by,
                at=at,
                via=via,
            )
    except IntegrityError:
        return 0  # somebody else has kept it
    return 1


def _locked(year: int) -> YearPlan:
    """The plan's row, held until the transaction ends."""
    YearPlan.objects.get_or_create(year=year)
    return YearPlan.objects.select_for_update().get(year=year)


def _as_proposed(slot: Slot) -> Meeting:
    """The stored meeting of a slot, if it is then and there. Raises PlanChanged where somebody moved it just now."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("alliance", "venue")
    meeting = rows.exclude(state=MeetingState.CANCELLED).get(alliance=slot.alliance, quarter=str(slot.quarter))
    if slot.appointment and (meeting.start, meeting.end) != (slot.appointment.start, slot.appointment.end):
        raise _changed(meeting)
    return meeting


def _changed(meeting: Meeting) -> PlanChanged:
    sentence = _("Inzwischen hat jemand anderes %(body)s auf den %(day)s gelegt. Bitte vergleichen Sie.")
    return PlanChanged(sentence % {"body": meeting.alliance.word, "day": german.day(meeting.start)}, meeting=meeting)


def _untold(meeting: Meeting) -> dict[str, str]:
    """Chosen deadlines stay; the day on which the date was told was set by confirming it."""
    return {kind: day for kind, day in meeting.deadline_overrides.items() if kind != DeadlineKind.SAVE_THE_DATE}


def _first(alliance: Alliance, quarter: Quarter, day: dt.date, *, by: Person | None, at: dt.datetime) -> Meeting:
    """A day for a slot the planner found none for. Raises PlanRefused, PlanChanged."""
    then = rule_days.as_of(alliance, quarter)
    start, end = _at(day, *rule_days.hours(then))
    if start <= at:
        raise PlanRefused(_("Der %s liegt in der Vergangenheit.") % german.day(day))
    planning.require_alliance(alliance, start)
    mode, venue = (
        MeetingMode.ON_SITE,
        rule_days.host(then, quarter, alliance_rules.hosts_of(alliance, coming=then is not alliance)),
    )
    try:
        return planning.note(alliance, quarter=str(quarter), start=start, end=end, mode=mode, venue=venue, by=by, at=at)
    except IntegrityError as error:
        rows = Meeting.objects.select_related("alliance").exclude(state=MeetingState.CANCELLED)
        there = rows.get(alliance=alliance, quarter=str(quarter))
        if local_date(there.start) != day:
            raise _changed(there) from error
        return there


def _at(day: dt.date, begin: dt.time, end: dt.time) -> tuple[dt.datetime, dt.datetime]:
    return dt.datetime.combine(day, begin, tzinfo=BERLIN), dt.datetime.combine(day, end, tzinfo=BERLIN)


def _venue_id(slot: Slot) -> int | None:
    if slot.meeting is not None:
        return slot.meeting.venue_id
    return slot.venue.pk if slot.venue else None
