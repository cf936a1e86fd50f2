"""A year kept as a draft, exchanged, confirmed once for everybody, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from buendnisse.clock import at_local, local_date
from buendnisse.models import Change
from meetings.domain import planning, proposing, year_plan
from meetings.domain.planning import PlanRefused
from meetings.domain.quarter import Quarter
from meetings.enums import Happened, MeetingState
from meetings.models import Attendance, CalendarEntry, Meeting, YearPlan
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.meetings import district
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MAY = Quarter(2027, 2)


@pytest.fixture
def cast() -> World:
    return district.build()


def days(year: int = 2027) -> dict[str, dt.date]:
    return {
        meeting.slug: local_date(meeting.start) for meeting in Meeting.objects.filter(quarter__startswith=f"{year}-")
    }


def take(cast: World, day: dt.date, *, seen: dt.date | None = dt.date(2027, 5, 12)) -> Meeting:
    return year_plan.take(cast.bildung, MAY, day=day, seen=seen, by=cast.imke, at=AT)


def confirm(cast: World, **facts: str) -> list[Meeting]:
    seen = year_plan.signature(proposing.propose(2027, at=AT))
    return year_plan.confirm(2027, seen=seen, by=cast.imke, at=AT, **facts)


def test_looking_stores_nothing(cast: World) -> None:
    proposing.propose(2027, at=AT)

    assert Meeting.objects.count() == 0


def test_first_exchange_keeps_all_other_dates_where_they_were(cast: World) -> None:
    before = {slot.key: slot.appointment.day for slot in proposing.propose(2027, at=AT).slots if slot.appointment}

    take(cast, dt.date(2027, 5, 5))

    assert days() == before | {"2027-q2-bildung": dt.date(2027, 5, 5)}
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.PLANNED}
    assert Attendance.objects.count() == 0


def test_exchange_keeps_the_hours_and_counts_the_version(cast: World) -> None:
    meeting = take(cast, dt.date(2027, 5, 5))
    Meeting.objects.filter(pk=meeting.pk).update(end=meeting.start + dt.timedelta(hours=3))

    again = take(cast, dt.date(2027, 5, 19), seen=dt.date(2027, 5, 5))

    assert (again.end - again.start, again.version) == (dt.timedelta(hours=3), meeting.version + 1)


def test_same_exchange_twice_is_one(cast: World) -> None:
    first = take(cast, dt.date(2027, 5, 5))

    again = take(cast, dt.date(2027, 5, 5))  # the page was not loaded anew

    assert (again.pk, again.version) == (first.pk, first.version)


def test_exchange_over_somebody_elses_is_refused_with_what_stands(cast: World) -> None:
    take(cast, dt.date(2027, 5, 5))

    with pytest.raises(year_plan.PlanChanged) as refused:
        take(cast, dt.date(2027, 5, 19))

    assert str(refused.value).replace("\xa0", " ") == (
        "Inzwischen hat jemand anderes Bildung auf den 5. Mai 2027 gelegt. Bitte vergleichen Sie."
    )
    assert days()["2027-q2-bildung"] == dt.date(2027, 5, 5)


def test_day_of_another_quarter_is_refused(cast: World) -> None:
    with pytest.raises(PlanRefused, match="liegt nicht in diesem Quartal"):
        take(cast, dt.date(2027, 7, 1))

    assert Meeting.objects.count() == 0


def test_confirmed_meeting_is_not_exchanged(cast: World) -> None:
    confirm(cast)

    with pytest.raises(year_plan.PlanChanged):
        take(cast, dt.date(2027, 5, 5))


def test_dates_gone_by_are_not_kept(cast: World) -> None:
    july = dt.datetime(2027, 7, 1, 8, tzinfo=dt.UTC)

    kept = year_plan.keep(2027, by=cast.imke, at=july)

    assert (kept, sorted({slug[5:7] for slug in days()})) == (6, ["q3", "q4"])


def test_day_for_a_slot_without_any_free_day_can_be_typed(cast: World) -> None:
    CalendarEntry.objects.create(
        kind="public_holiday", name="Frei", first=dt.date(2027, 4, 1), last=dt.date(2027, 6, 30)
    )

    meeting = year_plan.slot_to_type(cast.bildung, MAY, by=cast.imke, at=AT)

    assert (meeting.slug, local_date(meeting.start)) == ("2027-q2-bildung", dt.date(2027, 5, 12))
    assert Meeting.objects.filter(quarter="2027-Q2").count() == 1


def test_typed_day_for_an_empty_slot_is_at_the_host_whose_turn_it_is(cast: World) -> None:
    district.take_turns(cast.bildung, "Kreishaus", "Volkshochschule")
    first, last = dt.date(2027, 4, 1), dt.date(2027, 6, 30)
    CalendarEntry.objects.create(first=first, last=last, name="Gesperrt", kind="public_holiday")

    meeting = year_plan.slot_to_type(cast.bildung, MAY, by=cast.imke, at=AT)

    assert meeting.venue is not None
    assert meeting.venue.name == "Volkshochschule"


def test_confirming_tells_once_for_all_dates(cast: World) -> None:
    meetings = confirm(cast, introduction="Schön, dass Sie dabei sind.")

    told = Change.objects.get(verb=Happened.YEAR_CONFIRMED)
    assert told.data == {"year": 2027, "meetings": [meeting.pk for meeting in meetings]}
    assert YearPlan.objects.get().introduction == "Schön, dass Sie dabei sind."
    assert Change.objects.filter(verb=Happened.MEETING_CONFIRMED, data__plan=2027).count() == 12
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.CONFIRMED}
    # Birgit, Susanne and Corinna in Arbeit, Susanne in Bildung, Hedwig and Birgit in Gesellschaft
    assert Attendance.objects.count() == 4 * (3 + 1 + 2)


def test_confirming_what_was_not_looked_at_is_refused(cast: World) -> None:
    seen = year_plan.signature(proposing.propose(2027, at=AT))
    take(cast, dt.date(2027, 5, 5))

    with pytest.raises(year_plan.PlanChanged, match="hat sich inzwischen geändert"):
        year_plan.confirm(2027, seen=seen, by=cast.imke, at=AT)

    assert Attendance.objects.count() == 0


def test_confirming_twice_finds_nothing_left(cast: World) -> None:
    confirm(cast)

    with pytest.raises(PlanRefused, match="Für 2027 gibt es keinen Termin, der noch festzulegen wäre"):
        year_plan.confirm(2027, seen=None, by=cast.imke, at=AT)

    assert Change.objects.filter(verb=Happened.YEAR_CONFIRMED).count() == 1


def test_date_without_a_place_is_left_out_and_says_why(cast: World) -> None:
    cast.arbeit.usual_venue = None
    cast.arbeit.save()
    proposal = proposing.propose(2027, at=AT)

    confirm(cast)

    obstacles = {year_plan.obstacle(slot, proposal) for slot in proposal.slots}
    assert obstacles == {"", "Noch ist kein Ort eingetragen."}
    assert Meeting.objects.filter(alliance=cast.arbeit).count() == 0


def test_hard_date_needs_the_reason_somebody_gave(cast: World) -> None:
    meeting = take(cast, dt.date(2027, 5, 5))
    CalendarEntry.objects.create(
        kind="public_holiday", name="Frei", first=dt.date(2027, 5, 5), last=dt.date(2027, 5, 5)
    )

    confirm(cast)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED

    Meeting.objects.filter(pk=meeting.pk).update(conflict_reason="Nur da ist der Saal frei.")
    confirm(cast)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CONFIRMED


def test_taken_back_dates_are_drafts_again(cast: World) -> None:
    meetings = confirm(cast)

    year_plan.reopen(meetings, year=2027, by=cast.imke, at=AT)

    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.PLANNED}
    assert Attendance.objects.count() == 0
    assert confirm(cast)[0].pk == meetings[0].pk


def test_date_that_went_on_cannot_be_taken_back(cast: World) -> None:
    meetings = confirm(cast)
    Meeting.objects.filter(pk=meetings[0].pk).update(state=MeetingState.CALL_OPEN)

    with pytest.raises(PlanRefused):
        year_plan.reopen(meetings, year=2027, by=cast.imke, at=AT)

    assert Meeting.objects.filter(state=MeetingState.CONFIRMED).count() == 11


def test_draft_thrown_away_leaves_what_stands_and_what_has_topics(cast: World) -> None:
    year_plan.keep(2027, by=cast.imke, at=AT)
    AgendaItemFactory(meeting=Meeting.objects.get(slug="2027-q2-bildung"))
    MeetingFactory(alliance=cast.bildung, quarter="2026-Q4", slug="steht", state="confirmed")

    gone = year_plan.drop(2027, by=cast.imke, at=AT)

    assert (gone, sorted(Meeting.objects.values_list("slug", flat=True))) == (11, ["2027-q2-bildung", "steht"])


def test_command_keeps_the_words_that_were_written_before(cast: World) -> None:
    meetings = confirm(cast, introduction="Guten Tag.")
    year_plan.reopen(meetings, year=2027, by=cast.imke, at=AT)

    year_plan.confirm(2027, seen=None, by=None, at=AT)

    assert year_plan.introduction_of(2027) == "Guten Tag."


def test_chosen_deadline_survives_taking_back(cast: World) -> None:
    chosen = {"minutes_due": "2027-06-01"}
    meeting = take(cast, dt.date(2027, 5, 5))
    Meeting.objects.filter(pk=meeting.pk).update(deadline_overrides=chosen)

    year_plan.reopen(confirm(cast), year=2027, by=cast.imke, at=AT)

    meeting.refresh_from_db()
    assert meeting.deadline_overrides == chosen


class Meanwhile:
    """Does something once, in between: what another person's request does while ours is at work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, place: object, name: str, do: Callable[[], object]) -> None:
        self.left, self.do = [do], getattr(place, name)
        monkeypatch.setattr(place, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.left:
            self.left.pop()()
        return self.do(*args, **kwargs)


def other(cast: World, day: dt.date) -> Callable[[], object]:
    """A colleague lays Bildung's second quarter on `day`."""

    def do() -> None:
        meeting = Meeting.objects.select_related("alliance", "venue").get(slug="2027-q2-bildung")
        begin = at_local(day, dt.time(15))
        end = begin + dt.timedelta(hours=2)
        planning.move_date(
            meeting, start=begin, end=end, venue=meeting.venue, version=meeting.version, by=cast.theda, at=AT
        )

    return do


def test_colleague_who_is_faster_by_a_breath_is_shown(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    year_plan.keep(2027, by=cast.imke, at=AT)
    Meanwhile(monkeypatch, planning, "move_date", other(cast, dt.date(2027, 5, 19)))

    with pytest.raises(year_plan.PlanChanged, match="Inzwischen hat jemand anderes Bildung"):
        take(cast, dt.date(2027, 5, 5))

    assert days()["2027-q2-bildung"] == dt.date(2027, 5, 19)


def test_two_taps_at_once_are_one(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    year_plan.keep(2027, by=cast.imke, at=AT)
    Meanwhile(monkeypatch, planning, "move_date", other(cast, dt.date(2027, 5, 5)))

    assert local_date(take(cast, dt.date(2027, 5, 5)).start) == dt.date(2027, 5, 5)


def test_date_moved_while_it_is_confirmed_is_not_confirmed(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    year_plan.keep(2027, by=cast.imke, at=AT)
    seen = year_plan.signature(proposing.propose(2027, at=AT))
    Meanwhile(monkeypatch, year_plan, "_as_proposed", other(cast, dt.date(2027, 5, 19)))

    with pytest.raises(year_plan.PlanChanged):
        year_plan.confirm(2027, seen=seen, by=cast.imke, at=AT)

    assert Attendance.objects.count() == 0


def test_date_confirmed_while_the_draft_is_thrown_away_stays(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    year_plan.keep(2027, by=cast.imke, at=AT)
    meeting = Meeting.objects.get(slug="2027-q2-bildung")
    Meanwhile(monkeypatch, year_plan, "_locked", lambda: planning.confirm(meeting, by=cast.theda, at=AT))

    assert year_plan.drop(2027, by=cast.imke, at=AT) == 11
    assert days() == {"2027-q2-bildung": dt.date(2027, 5, 12)}


def called_off(cast: World) -> Meeting:
    meeting = take(cast, dt.date(2027, 5, 12))
    planning.confirm(meeting, by=cast.imke, at=AT)
    planning.cancel(meeting, reason="Der Saal fehlt.", by=cast.imke, at=AT)
    return meeting


def test_cancelled_date_is_not_proposed_again_nor_confirmed_by_itself(cast: World) -> None:
    called_off(cast)

    slot = proposing.propose(2027, at=AT).slot(cast.bildung.pk, MAY)
    confirm(cast)

    assert slot is not None
    assert slot.appointment is not None
    assert slot.appointment.day != dt.date(2027, 5, 12)
    assert [text.replace("\xa0", " ") for text in slot.reasons][1:] == ["Abgesagt: 12. Mai 2027."]
    assert Meeting.objects.filter(alliance=cast.bildung, quarter="2027-Q2").exclude(state="cancelled").count() == 0


def test_new_day_for_a_cancelled_date_is_somebodys_choice(cast: World) -> None:
    called_off(cast)

    meeting = year_plan.take(cast.bildung, MAY, day=dt.date(2027, 5, 5), seen=None, by=cast.imke, at=AT)
    confirm(cast)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.slug) == (MeetingState.CONFIRMED, "2027-q2-bildung-2")
