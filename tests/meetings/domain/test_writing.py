"""One writer at the desk: who comes first, take-over, the end of the lease."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change, Person
from meetings.domain import drafting, open_minutes, session, writing
from meetings.domain.moves import MoveRefused
from meetings.domain.versions import Stale
from meetings.models import AgendaItem, ItemDraft, Meeting, SessionDesk
from tests.factories.buendnisse import PersonFactory
from tests.meetings import held
from tests.meetings.held import AT

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)


def jonas() -> Person:
    return PersonFactory(first_name="Jonas", last_name="Reiter", office="fachstelle")


def writer() -> Person | None:
    return SessionDesk.objects.get().writer


def test_first_who_comes_writes_and_stays() -> None:
    now = held.running()

    writing.claim(now.meeting, by=now.world.imke, at=AT, window="a", item=now.bus)
    writing.claim(now.meeting, by=now.world.imke, at=AT + 60 * SECOND, window="a")

    desk = SessionDesk.objects.get()
    assert (desk.writer, desk.since, desk.item) == (now.world.imke, AT, now.bus)
    assert desk.held_until == AT + 60 * SECOND + writing.LEASE


@pytest.mark.parametrize("window", ["b", ""])
def test_another_window_is_told_since_when(window: str) -> None:
    now = held.running()
    writing.claim(now.meeting, by=now.world.imke, at=AT, window="a")

    with pytest.raises(writing.SomebodyWrites, match=r"^Sie schreiben seit 10:05 Uhr in einem anderen Fenster\."):
        writing.claim(now.meeting, by=now.world.imke, at=AT, window=window)
    with pytest.raises(writing.SomebodyWrites, match=r"schreibt seit 10:05 Uhr\. Mit „Übernehmen“"):
        writing.claim(now.meeting, by=jonas(), at=AT, window=window)


def test_take_over_is_in_the_journal_and_goes_back_the_same_way() -> None:
    now, other = held.running(), jonas()
    writing.claim(now.meeting, by=now.world.imke, at=AT, window="a")

    writing.claim(now.meeting, by=other, at=AT, window="b", take_over=True)

    assert writer() == other
    with pytest.raises(writing.SomebodyWrites):
        writing.may_write(now.meeting, by=now.world.imke, at=AT, window="a")
    changes = Change.objects.filter(verb="meeting.writer_changed")
    assert [(change.by, change.data) for change in changes] == [(other, {})]


def test_silent_desk_is_free_after_the_lease() -> None:
    now, other = held.running(), jonas()
    writing.claim(now.meeting, by=now.world.imke, at=AT, window="a")

    with pytest.raises(writing.SomebodyWrites):
        writing.claim(now.meeting, by=other, at=AT + writing.LEASE - SECOND, window="b")
    writing.claim(now.meeting, by=other, at=AT + writing.LEASE, window="b")

    assert writer() == other


def test_closed_window_frees_the_desk_but_not_that_of_another() -> None:
    now, other = held.running(), jonas()
    writing.claim(now.meeting, by=now.world.imke, at=AT, window="a")

    writing.leave(now.meeting, by=other, at=AT, window="a")
    writing.leave(now.meeting, by=now.world.imke, at=AT, window="b")
    with pytest.raises(writing.SomebodyWrites):
        writing.claim(now.meeting, by=other, at=AT + writing.PARTING, window="b")

    writing.leave(now.meeting, by=now.world.imke, at=AT, window="a")
    writing.claim(now.meeting, by=other, at=AT + writing.PARTING, window="b")
    assert writer() == other


def test_next_page_of_the_same_window_keeps_its_hour() -> None:
    now = held.running()
    writing.claim(now.meeting, by=now.world.imke, at=AT, window="a")
    writing.leave(now.meeting, by=now.world.imke, at=AT + SECOND, window="a")

    writing.claim(now.meeting, by=now.world.imke, at=AT + 2 * SECOND, window="a")

    assert SessionDesk.objects.get().since == AT


def test_only_a_running_meeting_has_a_writer() -> None:
    now = held.over()

    with pytest.raises(open_minutes.NotInSession):
        writing.claim(now.meeting, by=now.world.imke, at=AT)
    writing.may_write(now.meeting, by=now.world.imke, at=AT)


def test_second_desk_that_ends_the_meeting_reads_who_was_first() -> None:
    now = held.running()
    second = Meeting.objects.get(pk=now.meeting.pk)
    writing.claim(now.meeting, by=now.world.imke, at=AT)
    session.finish(now.meeting, by=now.world.imke, at=AT)

    with pytest.raises(MoveRefused, match=rf"{now.world.imke.full_name} hat sie um 10:05 Uhr geschlossen"):
        session.finish(second, by=jonas(), at=AT)

    assert writer() is None


def test_cancelled_meeting_cannot_begin() -> None:
    now = held.running()
    Meeting.objects.update(state="cancelled")
    meeting = Meeting.objects.get(pk=now.meeting.pk)

    with pytest.raises(MoveRefused, match="Diese Sitzung ist abgesagt"):
        session.start(meeting, by=now.world.imke, at=AT)
    with pytest.raises(open_minutes.NotInSession, match="abgesagt"):
        session.record_result(now.bus, result="Text", version=1, by=now.world.imke, at=AT)


def test_draft_is_kept_once_and_a_stale_one_refused() -> None:
    now = held.running()
    drafting.keep(now.bus, version=1, proposal="Wir bitten um einen Bus.\r\n", note="")
    drafting.keep(now.bus, version=1, proposal="Wir bitten um einen Bus.", note="")
    assert ItemDraft.objects.get().version == 2

    with pytest.raises(Stale):
        drafting.keep(now.bus, version=1, proposal="Anders", note="")

    drafting.decided(now.bus)
    assert (ItemDraft.objects.get().proposal, ItemDraft.objects.get().version) == ("", 3)


def test_draft_leaves_the_release_of_the_chair_and_ends_with_the_circulation() -> None:
    now = held.circulated()

    with pytest.raises(open_minutes.MinutesFrozen):
        drafting.keep(now.bus, version=1, proposal="", note="Zu spät")


def test_what_the_desk_keeps_by_itself_is_one_line_of_the_journal() -> None:
    now = held.running()
    for second, text in enumerate(("Der", "Der Bus", "Der Bus fährt")):
        version = AgendaItem.objects.get(pk=now.bus.pk).version
        at = AT + second * SECOND
        session.record_result(now.bus, result=text, version=version, by=now.world.imke, at=at, by_itself=True)
    later = AT + session.ONE_SPELL + 5 * SECOND
    session.record_result(now.bus, result="Doch nicht", version=4, by=now.world.imke, at=later, by_itself=True)

    assert Change.objects.of(now.bus).filter(verb="item.recorded").count() == 2
    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Doch nicht"
