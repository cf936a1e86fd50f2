"""Who would get three calls or reminders within a week."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.enums import Role
from meetings.domain import mail_burden, proposing
from meetings.enums import DeadlineKind
from tests.factories.buendnisse import MembershipFactory
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
    assert [(one.day, one.kind, one.alliance) for one in heap.mailings] == [
        (dt.date(2028, 4, 6), DeadlineKind.CALL_FOR_ITEMS, cast.arbeit),
        (dt.date(2028, 4, 7), DeadlineKind.REMINDER, cast.bildung),
        (dt.date(2028, 4, 7), DeadlineKind.REMINDER, cast.gesellschaft),
    ]
    assert heap.people == {cast.birgit.pk}


def test_nobody_is_hit_three_times_by_the_usual_rules(cast: World) -> None:
    assert mail_burden.of(proposing.propose(2028, at=EARLY)).heaps == []


def test_names_are_one_query_in_the_order_of_names(cast: World) -> None:
    found = mail_burden.names(frozenset({cast.susanne.pk, cast.birgit.pk}))

    assert list(found.values()) == ["Birgit Hanneken (Jobcenter)", "Susanne Overhage (BBS)"]
