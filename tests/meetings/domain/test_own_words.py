"""Own words that go along with what is done: kept beside the journal, where forgetting reaches them."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change
from meetings.domain import minutes, own_words, planning
from meetings.domain.forgetting import Mask
from meetings.enums import Happened
from meetings.models import Attendance, OwnWords
from tests import world as worlds
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.world import AT, World

pytestmark = pytest.mark.django_db

WORDS = "Susanne Overhage hat darum gebeten."


@pytest.fixture
def world() -> World:
    return worlds.build()


def journalled(verb: str) -> Change:
    return Change.objects.get(verb=verb)


def kept(change: Change) -> tuple[str, bool]:
    """The words that go along with a change, and whether any of them stand in the journal."""
    return own_words.given_with(change), "Overhage" in str(change.data)


def test_words_of_a_cancellation_stand_beside_the_journal(world: World) -> None:
    meeting = MeetingFactory(alliance=world.arbeit)
    planning.cancel(meeting, reason="Der Raum fehlt.", by=world.imke, at=AT, introduction=f" {WORDS} ")

    assert kept(journalled(Happened.MEETING_CANCELLED)) == (WORDS, False)


def test_words_of_a_move_stand_beside_the_journal(world: World) -> None:
    meeting = MeetingFactory(alliance=world.arbeit)
    day = dt.timedelta(days=7)
    planning.move_date(
        meeting,
        start=meeting.start + day,
        end=meeting.end + day,
        venue=meeting.venue,
        version=meeting.version,
        by=world.imke,
        at=AT,
        conflict_reason="Es geht nicht anders.",
        introduction=WORDS,
    )

    assert kept(journalled(Happened.MEETING_MOVED)) == (WORDS, False)


def test_words_of_minutes_stand_beside_the_journal() -> None:
    now = held.over()
    minutes.circulate(now.minutes, by=now.world.imke, at=held.LATER, reason="Eilt.", introduction=WORDS)

    assert kept(journalled(Happened.MINUTES_CIRCULATED)) == (WORDS, False)


def test_nothing_written_keeps_nothing(world: World) -> None:
    planning.cancel(MeetingFactory(alliance=world.arbeit), reason="Der Raum fehlt.", by=world.imke, at=AT)

    assert (kept(journalled(Happened.MEETING_CANCELLED)), OwnWords.objects.count()) == (("", False), 0)


def test_forgetting_puts_other_words_where_the_name_stood(world: World) -> None:
    meeting = MeetingFactory(alliance=world.arbeit)
    Attendance.objects.create(meeting=meeting, person=world.susanne, organisation=world.susanne.organisation)
    planning.cancel(meeting, reason="Der Raum fehlt.", by=world.imke, at=AT, introduction=WORDS)
    Mask(world.susanne).write("ein früheres Mitglied")

    assert OwnWords.objects.get().text == "Ein früheres Mitglied hat darum gebeten."
