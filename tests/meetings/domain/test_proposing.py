"""Proposals of whole years, checked by what `holidays` says itself, and the reasons they give."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import holidays
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buendnisse.clock import at_local, local, local_date
from meetings.domain import date_costs, proposing
from meetings.domain.proposing import Proposal, Slot
from meetings.domain.quarter import Quarter
from meetings.enums import DeadlineKind, MeetingState
from meetings.models import CalendarEntry
from tests.factories.buendnisse import AllianceFactory
from tests.factories.meetings import MeetingFactory
from tests.meetings import district
from tests.world import World

pytestmark = pytest.mark.django_db

EARLY = dt.datetime(2024, 10, 1, 8, tzinfo=dt.UTC)
YEARS = [2025, 2026, 2027, 2028, 2029]


@pytest.fixture
def cast() -> World:
    return district.build()


def days(proposal: Proposal) -> dict[str, dt.date | None]:
    return {slot.key: slot.appointment.day if slot.appointment else None for slot in proposal.slots}


def slot(proposal: Proposal, cast_body: object, quarter: int) -> Slot:
    return next(
        one for one in proposal.slots if one.alliance == cast_body and one.quarter == Quarter(proposal.year, quarter)
    )


def plain(texts: list[str]) -> list[str]:
    return [text.replace("\xa0", " ") for text in texts]


@pytest.mark.parametrize("year", YEARS)
def test_no_meeting_on_a_free_day(cast: World, year: int) -> None:
    known = {
        category: holidays.country_holidays("DE", subdiv="NI", years=year, categories=(category,))
        for category in ("public", "school")
    }

    found = list(days(proposing.propose(year, at=EARLY)).values())

    assert len(found) == 12
    assert [
        day for day in found if day is None or day.weekday() > 4 or any(day in free for free in known.values())
    ] == []


class Almanac:
    """The seven rules of deadlines, worked out from `holidays` alone."""

    def __init__(self, year: int) -> None:
        years = [year - 1, year, year + 1]
        self.public, self.school = (
            holidays.country_holidays("DE", subdiv="NI", years=years, categories=(category,))
            for category in ("public", "school")
        )

    def works(self, day: dt.date) -> bool:
        return day.weekday() < 5 and day not in self.public

    def is_school(self, day: dt.date) -> bool:
        return self.works(day) and day not in self.school

    def find(self, day: dt.date, step: int, suits: Callable[[dt.date], bool]) -> dt.date:
        return next(found for number in range(400) if suits(found := day + step * number * dt.timedelta(days=1)))

    def deadlines(self, day: dt.date) -> dict[DeadlineKind, dt.date]:
        def before(days: int) -> dt.date:
            return day - dt.timedelta(days=days)

        def ends_well(one: dt.date) -> bool:
            return self.works(one) and not ((one.month, one.day) >= (12, 23) or (one.month, one.day) <= (1, 6))

        invitation = self.find(before(14), -1, self.works)
        call = self.find(before(56), -1, self.is_school)
        editorial = self.find(before(21), 1, self.is_school)
        if editorial >= invitation:
            editorial = self.find(min(before(21), invitation - dt.timedelta(days=1)), -1, self.works)
        reminder = self.find(before(28), -1, self.is_school)
        if reminder <= call:
            reminder = self.find(before(28), 1, self.is_school)
        minutes = self.find(before(-14), 1, self.works)
        return {
            DeadlineKind.SAVE_THE_DATE: self.find(dt.date(day.year - 1, 10, 30), -1, self.works),
            DeadlineKind.CALL_FOR_ITEMS: call,
            DeadlineKind.REMINDER: min(reminder, editorial),
            DeadlineKind.EDITORIAL_DEADLINE: editorial,
            DeadlineKind.INVITATION: invitation,
            DeadlineKind.MINUTES_DUE: minutes,
            DeadlineKind.OBJECTION_UNTIL: self.find(minutes + dt.timedelta(days=14), 1, ends_well),
        }


@pytest.mark.parametrize("year", YEARS)
def test_deadlines_are_those_of_the_rules_and_in_order(cast: World, year: int) -> None:
    """Rule 6: after the summer the reminder may fall on the editorial deadline, everything else is strictly ordered."""
    proposal, almanac = proposing.propose(year, at=EARLY), Almanac(year)

    for one in proposal.slots:
        assert one.appointment is not None
        day, found = one.appointment.day, proposal.schedule(one)
        expected = almanac.deadlines(day)
        assert {kind: found[kind] for kind in expected} == expected, one.key
        told, call, reminder, editorial, invitation, minutes, objection = expected.values()
        assert told < call < reminder <= editorial < invitation < day < minutes < objection, one.key


@pytest.mark.parametrize("year", YEARS)
def test_third_quarter_begins_three_weeks_after_the_summer(cast: World, year: int) -> None:
    school = holidays.country_holidays("DE", subdiv="NI", years=year, categories=("school",), language="de")
    end = max(day for day, name in school.items() if name == "Sommerferien")

    found = [day for key, day in days(proposing.propose(year, at=EARLY)).items() if "-q3-" in key]

    assert [day for day in found if day is None or day < end + dt.timedelta(weeks=3)] == []


@pytest.mark.parametrize("year", YEARS)
def test_third_quarters_deadlines_do_not_fall_on_one_day(cast: World, year: int) -> None:
    """Moving all of them back before the summer would collapse the chain onto the last day of school."""
    proposal = proposing.propose(year, at=EARLY)
    kinds = (
        DeadlineKind.CALL_FOR_ITEMS,
        DeadlineKind.REMINDER,
        DeadlineKind.EDITORIAL_DEADLINE,
        DeadlineKind.INVITATION,
    )

    chains = [{proposal.schedule(one)[kind] for kind in kinds} for one in proposal.of_quarter(Quarter(year, 3))]

    assert [len(chain) >= 3 for chain in chains] == [True, True, True]


def test_year_with_nothing_against_it_is_as_the_rules_have_it(cast: World) -> None:
    found = days(proposing.propose(2028, at=EARLY))

    assert [found[f"2028-q2-{body}"] for body in ("bildung", "gesellschaft", "arbeit")] == [
        dt.date(2028, 5, 10),
        dt.date(2028, 5, 24),
        dt.date(2028, 6, 1),
    ]


def test_moved_date_says_why_and_where_the_rule_had_it(cast: World) -> None:
    one = slot(proposing.propose(2027, at=EARLY), cast.bildung, 3)

    assert one.reasons == ["Verschoben: Sommerferien bis 18.08. Ihre Regel ergäbe den 11.08."]


def test_date_as_the_rule_says_so(cast: World) -> None:
    one = slot(proposing.propose(2027, at=EARLY), cast.gesellschaft, 2)

    assert (one.reasons, one.conflicts) == (["Wie Ihre Regel."], [])


def test_hint_moves_a_date_by_a_week_but_not_by_two(cast: World) -> None:
    CalendarEntry.objects.create(kind="hint", name="Kreistag", first=dt.date(2027, 6, 3), last=dt.date(2027, 6, 3))
    CalendarEntry.objects.create(kind="hint", name="Messe", first=dt.date(2028, 6, 1), last=dt.date(2028, 6, 8))

    short = slot(proposing.propose(2027, at=EARLY), cast.arbeit, 2)
    long = slot(proposing.propose(2028, at=EARLY), cast.arbeit, 2)

    assert (short.appointment and short.appointment.day, short.reasons) == (
        dt.date(2027, 6, 10),
        ["Verschoben: Kreistag. Ihre Regel ergäbe den 03.06."],
    )
    assert (long.appointment and long.appointment.day, plain([one.text for one in long.conflicts])) == (
        dt.date(2028, 6, 1),
        ["Messe."],
    )


def test_meeting_that_stands_stays_and_the_others_keep_away(cast: World) -> None:
    start = at_local(dt.date(2027, 5, 26), dt.time(9))
    MeetingFactory(
        alliance=cast.bildung, quarter="2027-Q2", start=start, end=start + dt.timedelta(hours=2), state="confirmed"
    )
    MeetingFactory(alliance=cast.bildung, quarter="2027-Q4", state="cancelled")

    proposal = proposing.propose(2027, at=EARLY)

    standing, other = slot(proposal, cast.bildung, 2), slot(proposal, cast.arbeit, 2)
    assert (standing.is_draft, standing.appointment and standing.appointment.day) == (False, dt.date(2027, 5, 26))
    assert other.appointment is not None
    assert abs((other.appointment.day - dt.date(2027, 5, 26)).days) >= 8
    assert slot(proposal, cast.bildung, 4).is_free


def test_no_two_alliances_with_the_same_people_meet_within_a_week(cast: World) -> None:
    """Susanne is in Bildung and Arbeit, Birgit in Arbeit and Gesellschaft; a quarter of ten weeks has room."""
    proposal = proposing.propose(2028, at=EARLY)

    for number in (1, 2, 4):
        found = sorted(one.appointment.day for one in proposal.of_quarter(Quarter(2028, number)) if one.appointment)
        assert [(later - earlier).days >= 8 for earlier, later in itertools.pairwise(found)] == [True, True]


def test_choice_is_the_best_of_all_choices(cast: World) -> None:
    """A quarter with few days left, against every combination of them."""
    CalendarEntry.objects.create(
        kind="public_holiday", name="Frei", first=dt.date(2027, 4, 1), last=dt.date(2027, 5, 18)
    )
    CalendarEntry.objects.create(
        kind="public_holiday", name="Frei", first=dt.date(2027, 6, 4), last=dt.date(2027, 6, 30)
    )
    proposal = proposing.propose(2027, at=EARLY)
    slots = proposal.of_quarter(Quarter(2027, 2))

    def cost(chosen: tuple[date_costs.Candidate, ...]) -> int:
        alone = sum(candidate.cost for candidate in chosen)
        pairs = itertools.combinations(range(3), 2)
        return alone + sum(
            date_costs.between(chosen[i], chosen[j], both=both[i][j], at_once=at_once[i][j]) for i, j in pairs
        )

    around, first = proposal.around, Quarter(2027, 2).first
    both = [[len(around.in_both(a.alliance, b.alliance, first)) for b in slots] for a in slots]
    at_once = [[len(around.at_both(a.alliance, b.alliance, first)) for b in slots] for a in slots]
    best = min(cost(chosen) for chosen in itertools.product(*(one.candidates for one in slots)))

    assert cost(tuple(one.chosen for one in slots if one.chosen)) == best
    assert len(slots[0].candidates) == 12


def test_rule_without_a_day_in_a_quarter_says_so(cast: World) -> None:
    cast.bildung.usual_nth = 5
    cast.bildung.save()

    one = slot(proposing.propose(2027, at=EARLY), cast.bildung, 1)

    assert one.appointment is not None
    assert one.appointment.day == dt.date(2027, 2, 17)  # the fourth Wednesday is the one of Gesellschaft
    assert one.reasons == ["Ihre Regel ergibt in diesem Quartal keinen Tag: Der Monat hat keinen fünften Mittwoch."]


def test_quarter_without_a_free_day_has_no_proposal(cast: World) -> None:
    CalendarEntry.objects.create(
        kind="public_holiday", name="Frei", first=dt.date(2027, 4, 1), last=dt.date(2027, 6, 30)
    )

    proposal = proposing.propose(2027, at=EARLY)

    assert [days(proposal)[f"2027-q2-{body}"] for body in ("bildung", "gesellschaft", "arbeit")] == [None, None, None]
    assert slot(proposal, cast.bildung, 2).reasons == [
        "Kein Tag ist frei: Alle Tage sind Feiertage oder Wochenenden. Bitte tragen Sie selbst einen ein."
    ]
    assert len(proposal.slots) == 12


def test_school_holidays_all_quarter_are_taken_rather_than_nothing(cast: World) -> None:
    CalendarEntry.objects.create(
        kind="school_holidays", name="Umbau", first=dt.date(2027, 4, 1), last=dt.date(2027, 6, 30)
    )

    one = slot(proposing.propose(2027, at=EARLY), cast.bildung, 2)

    assert [conflict.kind for conflict in one.conflicts][:1] == ["school_holidays"]


def test_alliance_that_ends_has_no_date_after_its_end(cast: World) -> None:
    cast.arbeit.valid_until = dt.date(2027, 6, 30)
    cast.arbeit.save()

    proposal = proposing.propose(2027, at=EARLY)

    assert slot(proposal, cast.arbeit, 2).appointment is not None
    assert (slot(proposal, cast.arbeit, 3).appointment, slot(proposal, cast.arbeit, 3).reasons) == (
        None,
        ["Arbeitsbündnis Arbeit besteht in diesem Quartal nicht."],
    )


def test_year_beyond_the_known_holidays_says_so_and_keeps_away_from_the_likely_ones(cast: World) -> None:
    one = slot(proposing.propose(2030, at=EARLY), cast.bildung, 3)

    assert one.reasons == ["Verschoben: wahrscheinlich Sommerferien. Ihre Regel ergäbe den 14.08."]
    assert [conflict.kind for conflict in one.conflicts] == ["horizon"]


def test_hosts_take_turns(cast: World) -> None:
    district.take_turns(cast.gesellschaft, "Sitzungssaal", "Begegnungsstätte")

    proposal = proposing.propose(2027, at=EARLY)

    venues = [slot(proposal, cast.gesellschaft, number).venue for number in (1, 2, 3, 4)]
    assert [venue.name for venue in venues if venue] == ["Sitzungssaal", "Begegnungsstätte"] * 2


def test_hours_are_local_in_summer_and_winter(cast: World) -> None:
    proposal = proposing.propose(2027, at=EARLY)

    starts = [one.appointment.start for one in proposal.slots if one.alliance == cast.bildung and one.appointment]
    assert {local(start).time() for start in starts} == {dt.time(15)}
    assert len({start.utcoffset() for start in starts}) == 2


def test_other_days_are_ranked_and_say_what_speaks_against_them(cast: World) -> None:
    proposal = proposing.propose(2027, at=EARLY)
    one = slot(proposal, cast.gesellschaft, 2)

    options = proposal.options(one)

    assert [option.cost for option in options] == sorted(option.cost for option in options)
    assert one.appointment is not None
    assert one.appointment.day not in [option.day for option in options]
    assert options[0].day == dt.date(2027, 5, 19)
    assert len(options) == 5


def test_past_quarters_are_proposed_but_marked(cast: World) -> None:
    one = slot(proposing.propose(2027, at=dt.datetime(2027, 7, 1, 8, tzinfo=dt.UTC)), cast.bildung, 1)

    assert one.conflicts[0].kind == "past"


@pytest.mark.parametrize("more", [0, 3])
def test_queries_do_not_grow_with_alliances(cast: World, more: int) -> None:
    for number in range(more):
        AllianceFactory(
            slug=f"b-{number}", name=f"Arbeitsbündnis {number}", prefix=f"Z{number}", usual_venue=cast.venue
        )

    with CaptureQueriesContext(connection) as queries:
        proposal = proposing.propose(2027, at=EARLY)

    assert (len(queries), len(proposal.slots)) == (7, 12 + 4 * more)


def test_draft_keeps_its_date_and_can_be_exchanged(cast: World) -> None:
    start = at_local(dt.date(2027, 5, 19), dt.time(15))
    MeetingFactory(
        alliance=cast.bildung,
        quarter="2027-Q2",
        start=start,
        end=start + dt.timedelta(hours=2),
        state=MeetingState.PLANNED,
    )

    one = slot(proposal := proposing.propose(2027, at=EARLY), cast.bildung, 2)

    assert (one.is_draft, one.is_free, one.meeting and local_date(one.meeting.start)) == (
        True,
        False,
        dt.date(2027, 5, 19),
    )
    assert dt.date(2027, 5, 12) in [option.day for option in proposal.options(one)]
