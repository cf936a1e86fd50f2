"""Proposing the dates of a year: all alliances of a quarter weighed together, each with its reasons.

What has a meeting already stays; everything else is chosen around it. Quarters follow one another, since two
quarters touch only where an alliance would meet again too soon.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import BERLIN, at_local
from buendnisse.models import Alliance, Host, Venue
from meetings.domain import best_dates, conflicts, date_costs, quarter, rule_days, schedule, surroundings
from meetings.domain.conflicts import Conflict
from meetings.domain.date_costs import Candidate
from meetings.domain.quarter import Quarter
from meetings.domain.surroundings import Appointment, Surroundings
from meetings.enums import DeadlineKind, MeetingMode, MeetingState
from meetings.models import Meeting

_LOOK_BACK = dt.timedelta(days=60)
_LOOK_AHEAD = dt.timedelta(days=190)  # into the second quarter after: where answers come home
_OPTIONS = 5  # other days offered for a slot


@dataclass(frozen=True)
class Option:
    """A day for a slot, with what speaks against it when all others stay."""

    day: dt.date
    start: dt.datetime
    end: dt.datetime
    remarks: tuple[Conflict, ...]
    cost: int


@dataclass
class Slot:
    """One alliance in one quarter. `meeting` is what stands there already, otherwise `appointment` is proposed.

    Both None: the alliance does not exist then, or every day is blocked (`reasons` says which).
    """

    alliance: Alliance
    quarter: Quarter
    meeting: Meeting | None = None
    appointment: Appointment | None = None
    venue: Venue | None = None
    mode: str = MeetingMode.ON_SITE
    reasons: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    called_off: list[Meeting] = field(default_factory=list)
    chosen: Candidate | None = None
    candidates: list[Candidate] = field(default_factory=list, repr=False)

    @property
    def is_free(self) -> bool:
        """Nothing is stored yet."""
        return self.meeting is None

    @property
    def is_draft(self) -> bool:
        """Can still be exchanged without anybody hearing of it."""
        return self.meeting is None or self.meeting.state == MeetingState.PLANNED

    @property
    def key(self) -> str:
        """2027-q2-bildung"""
        return key_of(self.alliance, str(self.quarter))


@dataclass
class Proposal:
    """A year: its slots by quarter, each quarter in the order of the alliances."""

    year: int
    alliances: list[Alliance]
    slots: list[Slot]
    around: Surroundings
    at: dt.datetime

    @property
    def known_until(self) -> dt.date:
        return self.around.calendar.known_until()

    def of_quarter(self, quarter: Quarter) -> list[Slot]:
        return [slot for slot in self.slots if slot.quarter == quarter]

    def slot(self, alliance_id: int, quarter: Quarter) -> Slot | None:
        return next((one for one in self.slots if (one.alliance.pk, one.quarter) == (alliance_id, quarter)), None)

    def schedule(self, slot: Slot) -> dict[DeadlineKind, dt.date]:
        """The deadlines of a slot; empty where it has no date or its rules leave no order."""
        if slot.meeting is not None:
            try:
                return {entry.kind: entry.date for entry in schedule.schedule(slot.meeting, days=self.around.calendar)}
            except schedule.OrderLost:
                return {}
        return (self.around.dates(slot.alliance, slot.appointment.day) if slot.appointment else None) or {}

    def options(self, slot: Slot) -> list[Option]:
        """The best other days for a slot as long as all others stay, the best first."""
        others = [one for one in self.of_quarter(slot.quarter) if one is not slot and one.chosen is not None]
        ranked = sorted(slot.candidates, key=lambda one: (self._cost(one, slot, others), one.day))
        taken = slot.appointment.day if slot.appointment else None
        return [
            self._option(one, slot, self._cost(one, slot, others))
            for one in [candidate for candidate in ranked if candidate.day != taken][:_OPTIONS]
        ]

    def _cost(self, one: Candidate, slot: Slot, others: Iterable[Slot]) -> int:
        order = self._order
        cost = one.cost
        for other in others:
            if other.chosen is None:
                continue
            both, at_once = _shared(slot, other, self)
            first = order[slot.alliance.pk, slot.quarter] < order[other.alliance.pk, slot.quarter]
            pair = (one, other.chosen) if first else (other.chosen, one)
            cost += date_costs.between(*pair, both=both, at_once=at_once)
        return cost

    def _option(self, one: Candidate, slot: Slot, cost: int) -> Option:
        remarks = conflicts.ordered(
            [*one.conflicts, *conflicts.of_others(one.appointment, self.others(slot), self.around)]
        )
        return Option(one.day, one.appointment.start, one.appointment.end, tuple(remarks), cost)

    def others(self, slot: Slot) -> list[Appointment]:
        """Everything else that meets: what is stored, and what is proposed."""
        own = slot.meeting.pk if slot.meeting else None
        stored = [one for one in self.around.appointments if own is None or one.meeting_id != own]
        proposed = [one.appointment for one in self.slots if one.is_free and one is not slot and one.appointment]
        return [*stored, *proposed]

    @cached_property
    def _order(self) -> dict[tuple[int, Quarter], int]:
        found: dict[tuple[int, Quarter], int] = {}
        for one in {slot.quarter for slot in self.slots}:
            for number, slot in enumerate(_in_turn(self.of_quarter(one))):
                found[slot.alliance.pk, one] = number
        return found


def key_of(alliance: Alliance, quarter: str) -> str:
    """What a slot is called in addresses: 2027-q2-bildung."""
    return f"{quarter}-{alliance.slug}".lower()


def propose(year: int, *, at: dt.datetime) -> Proposal:
    """What stands in a year, and the best dates for what is missing. Seven queries, however many alliances."""
    quarters = quarter.of_year(year)
    first, last = quarters[0].first, quarters[-1].last
    alliances = list(
        Alliance.objects.valid_between(first, last).select_related("usual_venue", "coming_rule__venue").in_order()
    )
    around = Surroundings(at_local(first, dt.time()) - _LOOK_BACK, at_local(last, dt.time()) + _LOOK_AHEAD)
    meetings: dict[tuple[int, str], Meeting] = {}
    called_off: dict[tuple[int, str], list[Meeting]] = {}
    for meeting in (
        Meeting.objects.filter(quarter__startswith=f"{year}-").select_related("venue", "alliance").order_by("start")
    ):
        if meeting.state == MeetingState.CANCELLED:
            called_off.setdefault((meeting.alliance_id, meeting.quarter), []).append(meeting)
        else:
            meetings[meeting.alliance_id, meeting.quarter] = meeting
    hosts, modes = _hosts(), _modes()
    found = Proposal(year, alliances, [], around, at)
    for one in quarters:
        slots = [
            Slot(
                rule_days.as_of(alliance, one),
                one,
                meeting=meetings.get((alliance.pk, str(one))),
                venue=_host(alliance, one, hosts.get(alliance.pk, [])),
                mode=modes.get(alliance.pk, MeetingMode.ON_SITE),
                called_off=called_off.get((alliance.pk, str(one)), []),
            )
            for alliance in alliances
        ]
        found.slots.extend(slots)
        _fill(slots, found)
    for slot in found.slots:
        _explain(slot, found)
    return found


def _host(alliance: Alliance, one: Quarter, hosts: Sequence[Host]) -> Venue | None:
    return rule_days.host(rule_days.as_of(alliance, one), one, rule_days.turns(alliance, one, hosts))


def _hosts() -> Mapping[int, list[Host]]:
    found: dict[int, list[Host]] = {}
    for turn in Host.objects.select_related("venue").order_by("alliance", "position"):
        found.setdefault(turn.alliance_id, []).append(turn)
    return found


def _modes() -> Mapping[int, str]:
    """How each alliance met last."""
    rows = Meeting.objects.exclude(state=MeetingState.CANCELLED).order_by("start").values_list("alliance", "mode")
    return dict(rows)


def _fill(slots: Sequence[Slot], proposal: Proposal) -> None:
    """Choose the dates of one quarter."""
    for slot in slots:
        _look_for_candidates(slot, proposal)
    row = _in_turn([slot for slot in slots if slot.candidates])
    choices = [_own(slot) or slot.candidates for slot in row]
    shared = [[_shared(one, other, proposal) for other in row] for one in row]

    def between(first: int, c: int, second: int, d: int) -> int:
        both, at_once = shared[first][second]
        return date_costs.between(choices[first][c], choices[second][d], both=both, at_once=at_once)

    costs = [[candidate.cost for candidate in candidates] for candidates in choices]
    for slot, candidates, number in zip(row, choices, best_dates.choose(costs, between), strict=True):
        slot.chosen = candidates[number]
        slot.appointment = slot.chosen.appointment


def _shared(one: Slot, other: Slot, proposal: Proposal) -> tuple[int, int]:
    """How many are asked to both, and how many would have to sit at both tables."""
    pair = (one.alliance, other.alliance, one.quarter.first)
    return len(proposal.around.in_both(*pair)), len(proposal.around.at_both(*pair))


def _in_turn(slots: Iterable[Slot]) -> list[Slot]:
    """In the order in which the rules let them meet."""
    return sorted(slots, key=lambda slot: (rule_days.anchor(slot.alliance, slot.quarter), slot.alliance.pk))


def _own(slot: Slot) -> list[Candidate]:
    """What stands is not chosen anew."""
    if slot.meeting is None:
        return []
    return [one for one in slot.candidates if one.appointment.meeting_id == slot.meeting.pk]


def _look_for_candidates(slot: Slot, proposal: Proposal) -> None:
    """Days this alliance could meet on, outside weekends, holidays and school holidays if there are any."""
    calendar, elsewhere = proposal.around.calendar, _elsewhere(slot, proposal)
    if slot.is_draft:
        days = [day for day in slot.quarter.days() if slot.alliance.exists_between(day, day)]
        free = [day for day in days if calendar.is_school_day(day)]
        days = free or [day for day in days if calendar.is_working_day(day)]
        slot.candidates = [_weighed(_usual(slot, day), slot, elsewhere, proposal) for day in days]
    if slot.meeting is not None:
        standing = surroundings.of(slot.meeting)
        slot.candidates = [one for one in slot.candidates if one.day != standing.day]
        slot.candidates.append(_weighed(standing, slot, elsewhere, proposal))


def _elsewhere(slot: Slot, proposal: Proposal) -> list[Appointment]:
    """What meets in other quarters, or for bodies that are not planned here. Slots of a quarter are weighed together."""
    here = {one.meeting.pk for one in proposal.of_quarter(slot.quarter) if one.meeting is not None}
    stored = [one for one in proposal.around.appointments if one.meeting_id not in here]
    earlier = [one.appointment for one in proposal.slots if one.quarter < slot.quarter and one.is_free]
    first, last = slot.quarter.first - conflicts.FURTHEST, slot.quarter.last + conflicts.FURTHEST
    return [one for one in [*stored, *earlier] if one is not None and first <= one.day <= last]


def _usual(slot: Slot, day: dt.date) -> Appointment:
    """The alliance on this day at its usual hours, where its turn is."""
    begin, end = rule_days.hours(slot.alliance)
    return Appointment(
        slot.alliance,
        dt.datetime.combine(day, begin, tzinfo=BERLIN),
        dt.datetime.combine(day, end, tzinfo=BERLIN),
        slot.venue.pk if slot.venue and slot.mode != MeetingMode.ONLINE else None,
    )


def _weighed(wanted: Appointment, slot: Slot, elsewhere: Sequence[Appointment], proposal: Proposal) -> Candidate:
    found = (
        *conflicts.of_day(wanted, proposal.around, at=proposal.at),
        *conflicts.of_called_off(wanted, slot.called_off),
        *conflicts.of_others(wanted, elsewhere, proposal.around),
    )
    anchor = rule_days.anchor(slot.alliance, slot.quarter)
    return date_costs.candidate(wanted, found, anchor=anchor, around=proposal.around)


def _explain(slot: Slot, proposal: Proposal) -> None:
    """Why the date is where it is, and what still speaks against it."""
    if slot.appointment is None:
        slot.reasons = [_why_not(slot, proposal)]
        return
    others = proposal.others(slot)
    chosen = slot.chosen.conflicts if slot.chosen else ()
    known = {conflict.kind for conflict in chosen}
    slot.conflicts = conflicts.ordered(
        [
            *chosen,
            *(one for one in conflicts.of_others(slot.appointment, others, proposal.around) if one.kind not in known),
        ]
    )
    off = [_("Abgesagt: %s.") % german.day(meeting.start) for meeting in slot.called_off]
    slot.reasons = [_reason(slot, proposal, others), *off]


def _reason(slot: Slot, proposal: Proposal, others: Sequence[Appointment]) -> str:
    by_rule = rule_days.day_by_rule(slot.alliance, slot.quarter)
    day = slot.appointment.day if slot.appointment else None
    if by_rule is None:
        weekday = german.WEEKDAYS[rule_days.weekday(slot.alliance)]
        return _("Ihre Regel ergibt in diesem Quartal keinen Tag: Der Monat hat keinen fünften %s.") % weekday
    if day == by_rule:
        return _("Wie Ihre Regel.")
    against = _short_against(slot, by_rule, proposal, others)
    usual = _("Ihre Regel ergäbe den %s") % german.date_in_list(by_rule)
    if not slot.is_draft:
        return usual
    if slot.meeting is not None and not against:
        return _("Von Ihnen gewählt. %s") % usual
    why = against or _("so passt es besser zu den anderen Terminen")
    return _("Verschoben: %(why)s. %(usual)s") % {"why": why.removesuffix("."), "usual": usual}


def _short_against(slot: Slot, day: dt.date, proposal: Proposal, others: Sequence[Appointment]) -> str:
    """The weightiest thing against the rule's own day, in a few words."""
    usual = _usual(slot, day)
    found = conflicts.ordered(
        [
            *conflicts.of_day(usual, proposal.around, at=proposal.at),
            *conflicts.of_called_off(usual, slot.called_off),
            *conflicts.of_others(usual, others, proposal.around),
        ]
    )
    heavy = [one for one in found if one.kind != "horizon" and one.short]
    return heavy[0].short if heavy else ""


def _why_not(slot: Slot, proposal: Proposal) -> str:
    if not slot.alliance.exists_between(slot.quarter.first, slot.quarter.last):
        return _("%s besteht in diesem Quartal nicht.") % slot.alliance.name
    return _("Kein Tag ist frei: Alle Tage sind Feiertage oder Wochenenden. Bitte tragen Sie selbst einen ein.")
