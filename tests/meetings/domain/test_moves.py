"""Every pair of states of every thing: what the table allows goes, everything else is refused."""

import datetime as dt

import pytest
from django.db import models

from meetings.domain import moves
from meetings.enums import MeetingState
from meetings.models import Meeting
from tests.factories.meetings import MeetingFactory

PAIRS = [(thing, before, after) for thing, table in moves.TABLES.items() for before in table for after in table]


@pytest.mark.parametrize("thing", moves.TABLES, ids=lambda thing: thing.__name__)
def test_table_names_every_state(thing: type[models.Model]) -> None:
    states = {value for value, _label in thing._meta.get_field("state").flatchoices}

    assert set(moves.TABLES[thing]) == states


@pytest.mark.parametrize(("thing", "before", "after"), PAIRS)
def test_pair_is_allowed_exactly_when_the_table_says_so(thing: type[models.Model], before: str, after: str) -> None:
    one = thing(state=before)

    assert moves.may_move(one, to=after) == (after in moves.TABLES[thing][before])


@pytest.mark.django_db
def test_move_sets_the_state_and_the_fields() -> None:
    meeting = MeetingFactory()
    moment = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)

    moves.move(meeting, to=MeetingState.CONFIRMED, changed_at=moment)

    stored = Meeting.objects.get()
    assert (stored.state, stored.changed_at, meeting.state) == (MeetingState.CONFIRMED, moment, MeetingState.CONFIRMED)


@pytest.mark.django_db
def test_move_that_stands_in_no_table_is_refused_in_words() -> None:
    meeting = MeetingFactory()

    with pytest.raises(moves.MoveRefused) as refused:
        moves.move(meeting, to=MeetingState.CLOSED)

    assert (
        str(refused.value)
        == "Das geht nicht mehr. Der Stand ist „geplant“, und von dort führt kein Weg zu „abgeschlossen“."
    )
    assert Meeting.objects.get().state == MeetingState.PLANNED


@pytest.mark.django_db
def test_slower_of_two_writers_is_refused() -> None:
    first = MeetingFactory()
    second = Meeting.objects.get()
    moves.move(first, to=MeetingState.CONFIRMED)

    with pytest.raises(moves.MoveRefused) as refused:
        moves.move(second, to=MeetingState.CANCELLED)

    assert str(refused.value) == "Jemand anderes war schneller. Bitte laden Sie die Seite neu."
    assert Meeting.objects.get().state == MeetingState.CONFIRMED
