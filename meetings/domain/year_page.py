"""The page of a year: its slots as a table, the way of a decision, the year as a picture, whom a date meets several times."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Alliance, Venue
from meetings.domain import decision_way, mail_burden, proposing, quarter, rule_days, year_picture, year_plan
from meetings.domain.calendar_days import Period
from meetings.domain.conflicts import Conflict
from meetings.domain.decision_way import Way
from meetings.domain.mail_burden import Burden
from meetings.domain.proposing import Option, Proposal, Slot
from meetings.domain.quarter import Quarter
from meetings.domain.year_picture import Picture
from meetings.enums import ConflictWeight, DeadlineKind
from meetings.models import YearPlan

#: The deadlines of a slot, in the order of its schedule.
_SHOWN = frozenset(
    {
        DeadlineKind.CALL_FOR_ITEMS,
        DeadlineKind.REMINDER,
        DeadlineKind.EDITORIAL_DEADLINE,
        DeadlineKind.INVITATION,
        DeadlineKind.LATE_PAPERS,
        DeadlineKind.MINUTES_DUE,
        DeadlineKind.OBJECTION_UNTIL,
    }
)
_DAYS_OF_A_WEEK = 7
_SAID_ONCE = "horizon"  # said above the table instead of in every cell


@dataclass(frozen=True)
class Remark:
    """What speaks against a date, and by name whom it hits."""

    text: str
    weight: ConflictWeight
    names: list[str]


@dataclass(frozen=True)
class Offer:
    """Another day for a slot, in words."""

    option: Option
    words: list[str]


@dataclass(frozen=True)
class Look:
    """A slot that needs a look: its address on the page, and in words."""

    key: str
    words: str


@dataclass(frozen=True)
class Cell:
    slot: Slot
    start: dt.datetime | None
    end: dt.datetime | None
    venue: Venue | None
    reason: str
    remarks: list[Remark]
    offers: list[Offer]
    obstacle: str
    is_over: bool
    is_known: bool
    deadlines: list[tuple[str, dt.date]]

    @property
    def day(self) -> dt.date | None:
        return self.slot.appointment.day if self.slot.appointment else None


@dataclass(frozen=True)
class Row:
    quarter: Quarter
    months: str
    holidays: list[Period]
    cells: list[Cell]


@dataclass(frozen=True)
class HeapLine:
    """Mails that would reach the same people within a week, in words."""

    when: str
    what: str
    names: list[str]


@dataclass
class YearPage:
    year: int
    alliances: list[Alliance]
    rules: list[tuple[Alliance, str]]
    rows: list[Row]
    known_until: dt.date
    is_known: bool
    plan: YearPlan | None
    standing: int
    drafts: int
    proposed: int
    confirmable: int
    looks: list[Look]
    way_of: Quarter
    ways: list[Way]
    picture: Picture
    burden: Burden
    several: list[str]
    heaps: list[HeapLine] = field(default_factory=list)

    @property
    def before(self) -> int | None:
        return self.year - 1 if quarter.can_be_planned(self.year - 1) else None

    @property
    def after(self) -> int | None:
        return self.year + 1 if quarter.can_be_planned(self.year + 1) else None

    @property
    def quarters(self) -> list[Quarter]:
        return [row.quarter for row in self.rows]


def of(year: int, *, way_of: int = 0, at: dt.datetime) -> YearPage:
    """Everything the page shows; nine queries, however many alliances and meetings. `way_of`: the quarter to show ways of."""
    proposal = proposing.propose(year, at=at)
    burden = mail_burden.of(proposal)
    hit = {person for slot in proposal.slots for found in slot.conflicts for person in found.people}
    names = mail_burden.names(burden.named() | hit)
    quarters = quarter.of_year(year)
    chosen = Quarter(year, way_of) if way_of in quarter.QUARTERS else _next_open(proposal)
    slots = proposal.slots
    return YearPage(
        year=year,
        alliances=proposal.alliances,
        rules=[(alliance, rule_days.all_words(alliance)) for alliance in proposal.alliances],
        rows=[_row(one, proposal, names) for one in quarters],
        known_until=proposal.known_until,
        is_known=proposal.known_until >= dt.date(year, 12, 1),
        plan=YearPlan.objects.filter(year=year).first(),
        standing=sum(not slot.is_draft for slot in slots),
        drafts=sum(slot.is_draft and not slot.is_free for slot in slots),
        proposed=sum(slot.is_free and slot.appointment is not None for slot in slots),
        confirmable=len(year_plan.confirmable(proposal)),
        looks=looks(proposal),
        way_of=chosen,
        ways=decision_way.ways(proposal, chosen),
        picture=year_picture.of(proposal),
        burden=burden,
        several=[name for person, name in names.items() if person in burden.several],
        heaps=[_heap(heap, names) for heap in burden.heaps],
    )


def _row(one: Quarter, proposal: Proposal, names: dict[int, str]) -> Row:
    months = [german.MONTHS[one.month(number).month - 1] for number in (1, 3)]
    return Row(
        one,
        _("%(first)s bis %(last)s") % {"first": months[0], "last": months[1]},
        _holidays(one, proposal),
        [_cell(slot, proposal, names) for slot in proposal.of_quarter(one)],
    )


def _cell(slot: Slot, proposal: Proposal, names: dict[int, str]) -> Cell:
    appointment, meeting = slot.appointment, slot.meeting
    is_ahead = appointment is None or appointment.start > proposal.at
    return Cell(
        slot=slot,
        start=appointment.start if appointment else None,
        end=appointment.end if appointment else None,
        venue=meeting.venue if meeting else slot.venue,
        reason=slot.reasons[0] if slot.is_draft and slot.reasons else "",
        remarks=[_remark(found, names) for found in slot.conflicts if is_ahead and found.kind != _SAID_ONCE],
        offers=[_offer(option, slot) for option in proposal.options(slot)] if slot.is_draft else [],
        obstacle=year_plan.obstacle(slot, proposal) if slot.is_draft and appointment else "",
        is_over=slot.is_free and slot.quarter.last < local_date(proposal.at),
        is_known=all(found.kind != _SAID_ONCE for found in slot.conflicts),
        deadlines=[(str(kind.label), day) for kind, day in proposal.schedule(slot).items() if kind in _SHOWN],
    )


def _remark(found: Conflict, names: dict[int, str]) -> Remark:
    return Remark(found.text, found.weight, [name for person, name in names.items() if person in found.people])


def _offer(option: Option, slot: Slot) -> Offer:
    against = [found.text for found in option.remarks if found.kind != _SAID_ONCE]
    return Offer(option, [_compared(option.day, slot), *(against or [_("Kein Konflikt.")])])


def _compared(day: dt.date, slot: Slot) -> str:
    """How a day stands to the rule: "Eine Woche früher als üblich."."""
    if day.weekday() != rule_days.weekday(slot.alliance):
        return _("Anderer Wochentag.")
    weeks = (day - rule_days.anchor(slot.alliance, slot.quarter)).days // _DAYS_OF_A_WEEK
    if weeks == 0:
        return _("Wie Ihre Regel.")
    number = german.in_words(abs(weeks)).capitalize()
    word = _("Woche") if abs(weeks) == 1 else _("Wochen")
    return f"{number} {word} {_('später') if weeks > 0 else _('früher')} {_('als üblich')}."


def _holidays(one: Quarter, proposal: Proposal) -> list[Period]:
    """School holidays of more than a day or two that touch the quarter, cut to it."""
    found: list[Period] = []
    for day in one.days():
        period = proposal.around.calendar.school_period(day)
        if period and period.first != period.last and (not found or found[-1].last < day):
            found.append(Period(period.name, max(period.first, one.first), min(period.last, one.last)))
    return found


def looks(proposal: Proposal) -> list[Look]:
    """Drafts against which something speaks, or for which nothing was found; not those of quarters gone by."""
    return [
        Look(slot.key, _look(slot))
        for slot in proposal.slots
        if slot.is_draft and slot.quarter.last >= local_date(proposal.at) and _wants_a_look(slot)
    ]


def _wants_a_look(slot: Slot) -> bool:
    return slot.appointment is None or any(found.kind != _SAID_ONCE for found in slot.conflicts)


def _look(slot: Slot) -> str:
    if slot.appointment is None:
        return _("%(body)s im %(number)s. Quartal") % {"body": slot.alliance.word, "number": slot.quarter.number}
    day = german.date_in_list(slot.appointment.day)
    return _("%(body)s am %(day)s") % {"body": slot.alliance.word, "day": day}


def _next_open(proposal: Proposal) -> Quarter:
    """The first quarter with a draft, or the first of the year."""
    return next((slot.quarter for slot in proposal.slots if slot.is_draft), Quarter(proposal.year, 1))


def _heap(heap: mail_burden.Heap, names: dict[int, str]) -> HeapLine:
    return HeapLine(
        when=_("%(first)s bis %(last)s")
        % {"first": german.date_in_list(heap.first), "last": german.date_in_list(heap.last)},
        what=german.listing(
            [
                f"{one.kind.label} {german.listing([body.word for body in one.alliances])} ({german.date_in_list(one.day)})"
                for one in heap.mailings
            ]
        ),
        names=[name for person, name in names.items() if person in heap.people],
    )
