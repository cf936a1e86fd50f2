"""Where a matter goes on when somebody objects to a vote by mail, and what the journal keeps of it."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change
from meetings.domain import circular_end
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import voting
from tests.support.voting import HOUR, answer
from tests.world import AT, World

pytestmark = pytest.mark.django_db

OVER = dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC)  # 24:00 in Berlin


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.mark.parametrize("state", ["proposed", "backlog"])
def test_topic_not_taken_up_yet_goes_onto_the_next_agenda(cast: World, state: str) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, state="call_open", start=OVER + 30 * HOUR, end=OVER + 32 * HOUR)
    item = AgendaItemFactory(meeting=None, position=0, alliance=cast.arbeit, state=state, proposer=cast.hedwig)
    vote = voting.begin(cast, agenda_item=item)
    answer(vote, cast.susanne, objects=True)

    circular_end.close(vote, unreached=(), at=OVER)

    item.refresh_from_db()
    change = Change.objects.of(item).get()
    assert (vote.next_item, item.meeting, item.state) == (item, meeting, "accepted")
    assert item.position > 0
    assert (change.verb, change.by) == ("item.accepted", None)
    assert change.data == {"meeting": meeting.pk, "was": state, "circular": vote.pk}


@pytest.mark.parametrize("is_unreached", [True, False])
def test_whatever_did_not_come_about_goes_onto_the_next_agenda(cast: World, *, is_unreached: bool) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, state="call_open", start=OVER + 30 * HOUR, end=OVER + 32 * HOUR)
    vote = voting.begin(cast)
    if is_unreached:
        answer(vote, cast.susanne, "yes")

    circular_end.close(vote, unreached={cast.birgit.organisation_id} if is_unreached else (), at=OVER)

    assert vote.next_item is not None
    assert (vote.state, vote.next_item.meeting, vote.next_item.state) == ("lapsed", meeting, "accepted")
    assert circular_end.place_words(vote).replace("\xa0", " ") == "in der Sitzung am 2. Dezember 2026"


def test_proposal_without_a_meeting_ahead_waits_in_the_themenspeicher(cast: World) -> None:
    item = AgendaItemFactory(meeting=None, position=0, alliance=cast.arbeit, state="proposed")
    vote = voting.begin(cast, agenda_item=item)
    answer(vote, cast.susanne, objects=True)

    circular_end.close(vote, unreached=(), at=OVER)

    item.refresh_from_db()
    assert (vote.next_item, item.state, Change.objects.of(item).get().verb) == (item, "backlog", "item.backlogged")


def test_new_item_is_in_the_journal_whoever_proposed_the_matter(cast: World) -> None:
    past = MeetingFactory(alliance=cast.arbeit, state="held", start=AT - 30 * HOUR, end=AT - 28 * HOUR)
    held = AgendaItemFactory(meeting=past, state="discussed", proposer=cast.hedwig)
    vote = voting.begin(cast, agenda_item=held)
    answer(vote, cast.susanne, objects=True)

    circular_end.close(vote, unreached=(), at=OVER)

    assert vote.next_item is not None
    change = Change.objects.of(vote.next_item).get()
    assert (change.verb, change.data) == ("item.backlogged", {"meeting": None, "circular": vote.pk})
