"""What the wall shows a whole room, and what it keeps to itself."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from buendnisse.clock import BERLIN
from meetings.domain import decisions, drafting, projector, session, session_board, writing
from meetings.models import AgendaItem, Meeting
from tests.meetings import held
from tests.meetings.held import AT

pytestmark = pytest.mark.django_db


def wall(now: held.Held, at: dt.datetime = AT) -> projector.Wall:
    return projector.wall(Meeting.objects.select_related("alliance", "desk").get(pk=now.meeting.pk), at=at)


def open_at(now: held.Held, item: AgendaItem) -> None:
    writing.claim(now.meeting, by=now.world.imke, at=AT, item=item)


def come(now: held.Held, *names: str) -> None:
    for name in names:
        session.record_presence(now.row(name), presence="present", by=now.world.imke, at=AT)


def test_wall_shows_what_the_writer_has_open() -> None:
    now = held.running()
    come(now, "susanne")
    open_at(now, now.bus)
    drafting.keep(now.bus, version=1, proposal="Wir bitten um einen Bus.", note="Nur für uns")

    shown = wall(now)

    assert (shown.now, shown.next) == (
        projector.Line(2, "Rufbus am Abend", is_secret=False),
        projector.Line(3, "Verschiedenes", is_secret=False),
    )
    assert (shown.proposal, shown.presenter, shown.left) == (
        "Wir bitten um einen Bus.",
        "Susanne Overhage, BBS",
        15,  # opened ten minutes ahead: no more than was planned for it
    )
    assert (shown.organisations, shown.quorum.present) == (["BBS"], 1)
    assert "Nur für uns" not in repr(shown)


def test_confidential_item_is_a_number_unless_all_in_the_room_belong_to_it() -> None:
    now = held.running()
    now.bus.confidential_to.add(now.world.susanne.organisation)
    open_at(now, now.bus)
    drafting.keep(now.bus, version=1, proposal="Geheim.", note="")
    secret = projector.Line(2, "Vertraulicher Punkt", is_secret=True)

    assert wall(now).now == secret  # nobody knows yet who sits there
    come(now, "susanne", "birgit")
    shown = wall(now)
    assert (shown.now, shown.proposal, shown.presenter, shown.decisions) == (secret, "", "", [])

    session.record_presence(
        now.row("birgit"), presence="present", present_until=dt.time(10, 4), by=now.world.imke, at=AT
    )
    assert (wall(now).now, wall(now).proposal) == (projector.Line(2, "Rufbus am Abend", is_secret=False), "Geheim.")


def test_next_item_hides_as_well() -> None:
    now = held.running()
    now.bus.confidential_to.add(now.world.susanne.organisation)
    come(now, "birgit")
    open_at(now, now.opening)

    assert wall(now).next == projector.Line(2, "Vertraulicher Punkt", is_secret=True)


def test_decision_typed_by_mistake_leaves_the_wall() -> None:
    now = held.running()
    open_at(now, now.bus)
    slip = decisions.adopt(now.bus, text="Falsch.", kind="consensus", by=now.world.imke, at=AT)
    assert wall(now).decisions == [slip]

    decisions.take_back(slip, by=now.world.imke, at=AT)

    assert wall(now).decisions == []


def test_stamp_moves_with_everything_the_wall_shows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    now = held.running()
    seen = [stamp()]
    steps = [
        lambda: open_at(now, now.bus),
        lambda: come(now, "susanne"),
        lambda: drafting.keep(now.bus, version=1, proposal="Wir bitten.", note=""),
        lambda: decisions.adopt(now.bus, text="Wir bitten.", kind="consensus", by=now.world.imke, at=AT),
        lambda: session.record_result(now.bus, result="Gut.", version=1, by=now.world.imke, at=AT),
        lambda: now.closing.confidential_to.add(now.world.susanne.organisation),
        lambda: session.finish(now.meeting, by=now.world.imke, at=AT),
    ]
    for step in steps:
        step()
        seen.append(stamp())

    assert len(set(seen)) == len(steps) + 1
    with django_assert_num_queries(1):
        assert stamp() == seen[-1]
    assert stamp(AT + dt.timedelta(minutes=1)) != seen[-1]
    assert projector.stamp(Meeting.objects.all(), slug="anders", at=AT) is None


def stamp(at: dt.datetime = AT) -> str | None:
    return projector.stamp(Meeting.objects.all(), slug="2026-q4-arbeit", at=at)


@pytest.mark.parametrize(
    ("start", "at"),
    [
        (dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)),  # back
        (dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC), dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)),  # forward
    ],
)
def test_time_left_is_real_minutes_when_the_clocks_change(start: dt.datetime, at: dt.datetime) -> None:
    now = held.running()
    Meeting.objects.filter(pk=now.meeting.pk).update(start=start, end=start + dt.timedelta(hours=4))
    AgendaItem.objects.filter(pk=now.opening.pk).update(duration_minutes=90)
    meeting = Meeting.objects.get(pk=now.meeting.pk)
    meeting.start = meeting.start.astimezone(BERLIN)

    for moment in (at, at.astimezone(BERLIN)):
        assert session_board.minutes_left(session_board.board(meeting, at=moment), at=moment) == 30
