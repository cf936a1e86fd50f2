"""Order and numbers: whatever is pressed, positions stay 1 … n and the frame stays where it is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from buendnisse.models import Change
from meetings.domain import agenda_order, cancellation, planning, standing
from meetings.enums import Happened
from meetings.models import AgendaItem, Meeting
from tests import world
from tests.factories.buendnisse import PersonFactory
from tests.factories.meetings import AgendaItemFactory, MeetingFactory, StandingItemFactory
from tests.world import AT, World

FRAME = (("opening", -2), ("relays", -1), ("units", 1), ("closing", 2))


def meeting_with(topics: int, cast: World | None = None) -> Meeting:
    meeting = MeetingFactory(alliance=cast.arbeit) if cast else MeetingFactory()
    for code, position in FRAME:
        StandingItemFactory(alliance=meeting.alliance, code=code, position=position)
    standing.ensure_standing_items(meeting)
    for number in range(topics):
        agenda_order.place(
            AgendaItemFactory(meeting=meeting, alliance=meeting.alliance, position=0, title=f"Thema {number}")
        )
    return meeting


def on_agenda(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.agenda_items.on_agenda().filter(position__gt=0))


STEPS = st.lists(
    st.tuples(st.sampled_from(["up", "down", "to"]), st.integers(0, 3), st.integers(-3, 12)), min_size=1, max_size=8
)


class TestAnySequence(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(steps=STEPS)
    def test_of_moves_keeps_a_permutation(self, steps: list[tuple[str, int, int]]) -> None:
        meeting = meeting_with(4)
        by = PersonFactory()
        topics = [item.pk for item in on_agenda(meeting) if not item.standing_code]
        everything = {item.pk for item in on_agenda(meeting)}

        for step, which, where in steps:
            item = AgendaItem.objects.get(pk=topics[which])
            try:
                if step == "to":
                    agenda_order.move_to(item, where, by=by, at=AT)
                else:
                    {"up": agenda_order.move_up, "down": agenda_order.move_down}[step](item, by=by, at=AT)
            except agenda_order.CannotMove:
                pass

        found = on_agenda(meeting)
        assert [item.position for item in found] == list(range(1, 9))
        assert {item.pk for item in found} == everything
        assert [item.standing_code for item in found if item.standing_code] == ["opening", "relays", "units", "closing"]
        assert [found[0].standing_code, found[1].standing_code] == ["opening", "relays"]


pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


def test_move_up_at_the_first_place_is_refused(cast: World) -> None:
    meeting = meeting_with(2, cast)
    first = on_agenda(meeting)[2]

    with pytest.raises(agenda_order.CannotMove, match="Der Punkt steht schon an erster Stelle der Themen"):
        agenda_order.move_up(first, by=cast.imke, at=AT)

    assert Change.objects.count() == 0


def test_move_of_a_standing_item_is_refused(cast: World) -> None:
    meeting = meeting_with(2, cast)

    with pytest.raises(agenda_order.CannotMove):
        agenda_order.move_down(on_agenda(meeting)[0], by=cast.imke, at=AT)


def test_move_of_a_topic_in_the_themenspeicher_is_refused(cast: World) -> None:
    item = AgendaItemFactory(meeting=None, alliance=cast.arbeit, state="backlog", position=0)

    with pytest.raises(agenda_order.CannotMove):
        agenda_order.move_to(item, 3, by=cast.imke, at=AT)


def test_move_to_writes_one_change_with_the_place(cast: World) -> None:
    meeting = meeting_with(3, cast)
    last = on_agenda(meeting)[4]

    agenda_order.move_to(last, 3, by=cast.imke, at=AT)

    change = Change.objects.get()
    assert (change.verb, change.data) == (Happened.ITEM_ORDERED, {"meeting": meeting.pk, "position": 3})


def test_numbered_gives_numbers_times_and_the_sum(cast: World) -> None:
    meeting = meeting_with(2, cast)

    found = agenda_order.numbered(meeting, reader=cast.imke, at=AT)

    assert [entry.number for entry in found.entries] == [1, 2, 3, 4, 5, 6]
    assert found.entries[2].begins == dt.datetime(2026, 12, 3, 9, 10, tzinfo=dt.UTC)
    assert found.entries[2].ends == found.entries[3].begins
    assert (found.minutes, found.capacity, found.free, found.is_too_long) == (50, 120, 70, False)


def test_numbered_leaves_confidential_items_out_and_keeps_the_numbers(cast: World) -> None:
    meeting = meeting_with(2, cast)
    secret = on_agenda(meeting)[2]
    secret.confidential_to.add(cast.birgit.organisation)

    seen = agenda_order.numbered(meeting, reader=cast.susanne, at=AT)
    inside = agenda_order.numbered(meeting, reader=cast.birgit, at=AT)

    assert [entry.number for entry in seen.entries] == [1, 2, 4, 5, 6]
    assert [entry.number for entry in inside.entries] == [1, 2, 3, 4, 5, 6]
    assert seen.minutes == inside.minutes


def test_standing_items_come_once_and_name_the_last_minutes(cast: World) -> None:
    StandingItemFactory(
        alliance=cast.arbeit, code="opening", title="Begrüßung und Protokoll der letzten Sitzung", position=-1
    )
    MeetingFactory(alliance=cast.arbeit)
    later = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
    )

    assert [standing.ensure_standing_items(later), standing.ensure_standing_items(later)] == [1, 0]
    assert [item.title for item in on_agenda(later)] == ["Begrüßung und Protokoll der Sitzung vom 03.12.2026"]


def test_agenda_names_the_minutes_of_the_meeting_that_takes_place(cast: World) -> None:
    StandingItemFactory(
        alliance=cast.arbeit, code="opening", title="Begrüßung und Protokoll der letzten Sitzung", position=-1
    )
    september, december, march = (
        MeetingFactory(alliance=cast.arbeit, quarter=quarter, start=start, end=start + dt.timedelta(hours=2))
        for quarter, start in (
            ("2026-Q3", dt.datetime(2026, 9, 17, 8, 0, tzinfo=dt.UTC)),
            ("2026-Q4", dt.datetime(2026, 12, 3, 9, 0, tzinfo=dt.UTC)),
            ("2027-Q1", dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC)),
        )
    )
    Meeting.objects.filter(pk=september.pk).update(state="held")
    standing.ensure_standing_items(march)
    titles = [on_agenda(march)[0].title]

    planning.cancel(december, reason="Glatteis.", by=cast.imke, at=AT)
    titles.append(on_agenda(march)[0].title)
    cancellation.restore(december, by=cast.imke, at=AT)
    titles.append(on_agenda(march)[0].title)
    AgendaItem.objects.filter(meeting=march).update(title="Begrüßung, dann Kaffee")
    december.refresh_from_db()
    planning.cancel(december, reason="Glatteis.", by=cast.imke, at=AT)

    assert titles == [
        f"Begrüßung und Protokoll der Sitzung vom {day}" for day in ("03.12.2026", "17.09.2026", "03.12.2026")
    ]
    assert on_agenda(march)[0].title == "Begrüßung, dann Kaffee"


def test_agenda_that_has_left_keeps_its_words(cast: World) -> None:
    StandingItemFactory(alliance=cast.arbeit, code="opening", title="Protokoll der letzten Sitzung", position=-1)
    december = MeetingFactory(alliance=cast.arbeit)
    start = dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC)
    march = MeetingFactory(alliance=cast.arbeit, quarter="2027-Q1", start=start, end=start + dt.timedelta(hours=2))
    standing.ensure_standing_items(march)
    Meeting.objects.filter(pk=march.pk).update(agenda_sent_at=AT)

    planning.cancel(december, reason="Glatteis.", by=cast.imke, at=AT)

    assert on_agenda(march)[0].title == "Protokoll der Sitzung vom 03.12.2026"
