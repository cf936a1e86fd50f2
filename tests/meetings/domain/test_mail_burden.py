"""Who would get three calls or reminders within a week."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.enums import Role
from meetings.domain import mail_burden, proposing
from meetings.enums import DeadlineKind
from tests.factories.buendnisse import MembershipFactory
from tests.factories.meetings import MeetingFactory
from tests.meetings import district
from tests.world import World

pytestmark = pytest.mark.django_db

EARLY = dt.datetime(2024, 10, 1, 8, tzinfo=dt.UTC)


@pytest.fixture
def cast() -> World:
    return district.build()


def test_several_are_counted_whatever_their_part(cast: World) -> None:
    MembershipFactory(body=cast.bildung, person=cast.rolf, role=Role.DEPUTY, is_voting=False)

    burden = mail_burden.of(proposing.propose(2028, at=EARLY))

    assert burden.several == {cast.susanne.pk, cast.birgit.pk, cast.rolf.pk}
    assert burden.everyone == burden.several | {cast.hedwig.pk, cast.corinna.pk}


def test_three_within_a_week_are_one_heap_with_whom_it_hits(cast: World) -> None:
    MembershipFactory(body=cast.bildung, person=cast.birgit, is_voting=False)
    cast.gesellschaft.call_days, cast.gesellschaft.reminder_days = 70, 42  # two weeks earlier, like those of Bildung
    cast.gesellschaft.save()

    heap = mail_burden.of(proposing.propose(2028, at=EARLY)).heaps[0]

    # Easter holidays begin on the 10th: both reminders go out on the last day of school.
    assert [(one.day, one.kind, one.alliances) for one in heap.mailings] == [
        (dt.date(2028, 4, 6), DeadlineKind.CALL_FOR_ITEMS, (cast.arbeit,)),
        (dt.date(2028, 4, 7), DeadlineKind.REMINDER, (cast.bildung,)),
        (dt.date(2028, 4, 7), DeadlineKind.REMINDER, (cast.gesellschaft,)),
    ]
    assert heap.people == {cast.birgit.pk}


def test_calls_within_three_days_are_one_mail_and_reminders_are_not(cast: World) -> None:
    """Three meetings on three days in a row: one call that names all, three reminders."""
    MembershipFactory(body=cast.gesellschaft, person=cast.susanne, is_voting=False)
    for number, alliance in enumerate((cast.bildung, cast.gesellschaft, cast.arbeit)):
        start = dt.datetime(2027, 2, 16 + number, 14, tzinfo=dt.UTC)
        MeetingFactory(
            alliance=alliance, quarter="2027-Q1", start=start, end=start + dt.timedelta(hours=2), state="confirmed"
        )

    heaps = [heap for heap in mail_burden.of(proposing.propose(2027, at=EARLY)).heaps if cast.susanne.pk in heap.people]

    assert [(one.kind, len(one.alliances)) for heap in heaps for one in heap.mailings] == [
        (DeadlineKind.REMINDER, 1)
    ] * 3


def test_nobody_is_hit_three_times_by_the_usual_rules(cast: World) -> None:
    assert mail_burden.of(proposing.propose(2028, at=EARLY)).heaps == []


def test_names_are_one_query_in_the_order_of_names(cast: World) -> None:
    found = mail_burden.names(frozenset({cast.susanne.pk, cast.birgit.pk}))

    assert list(found.values()) == ["Birgit Hanneken (Jobcenter)", "Susanne Overhage (BBS)"]
