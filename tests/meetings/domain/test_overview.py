"""Who works with whom in a year: counted as the reader may see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buendnisse.enums import BodyKind
from buendnisse.models import Body, Unit
from meetings.domain import overview
from meetings.enums import RelayKind, RelayState
from meetings.models import Relay
from tests.factories.buendnisse import MembershipFactory, UnitFactory
from tests.support.relay_scene import Scene, hand_over, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def flows(found: overview.Overview) -> list[tuple[str, str, int, int, int]]:
    return [(flow.source.slug, flow.target.slug, flow.total, flow.open, flow.overdue) for flow in found.flows]


def test_relays_are_counted_by_pair_open_and_overdue(scene: Scene) -> None:
    first = hand_over(scene)
    Relay.objects.filter(pk=first.pk).update(state=RelayState.CLOSED)
    second = hand_over(scene)
    Relay.objects.filter(pk=second.pk).update(due_on=dt.date(2026, 11, 20))
    hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)

    found = overview.overview(scene.cast.hedwig, year=2026, at=AT)

    assert flows(found) == [("bildung", "arbeit", 2, 1, 1), ("bildung", "jugendhilfeausschuss", 1, 1, 0)]
    assert (found.total, found.open, found.years) == (3, 2, [2026])
    assert [(node.body.slug, node.people, node.decisions) for node in found.alliances] == [
        ("bildung", 1, 0),  # its minutes are not out, so its decision is not hers to see
        ("gesellschaft", 1, 0),
        ("arbeit", 2, 0),
    ]


def test_drafts_do_not_count_and_confidential_ones_are_for_the_fachstelle(scene: Scene) -> None:
    hand_over(scene, as_draft=True)
    hand_over(scene)
    scene.topic.confidential_to.add(scene.cast.susanne.organisation)

    assert flows(overview.overview(scene.cast.susanne, year=2026, at=AT)) == []
    assert flows(overview.overview(scene.cast.imke, year=2026, at=AT)) == [("bildung", "arbeit", 1, 1, 0)]


def test_another_year_is_empty_and_this_one_is_always_offered(scene: Scene) -> None:
    hand_over(scene)
    found = overview.overview(scene.cast.imke, year=2027, at=AT + dt.timedelta(days=60))

    assert (found.total, found.years) == (0, [2027, 2026])


def test_ended_units_stay_in_the_table_and_leave_the_picture(scene: Scene) -> None:
    Body.objects.filter(kind=BodyKind.UNIT).delete()
    lasting: Unit = UnitFactory(name="Netwin", short_name="Netwin", valid_from=dt.date(2015, 1, 1))
    past = UnitFactory(name="GIEBEL", valid_from=dt.date(2016, 1, 1), valid_until=dt.date(2025, 12, 31))
    MembershipFactory(body=scene.cast.arbeit, organisation=lasting.organisation)

    found = overview.overview(scene.cast.imke, year=2026, at=AT)

    assert [(node.body.pk, node.ended) for node in found.units] == [(lasting.pk, None), (past.pk, past.valid_until)]
    assert [node.body.pk for node in found.units_then] == [lasting.pk]
    assert found.units[0].bodies == [scene.cast.arbeit]
    assert [body.slug for body in found.outside] == ["jugendhilfeausschuss"]


@pytest.mark.parametrize("number", [1, 3])
def test_costs_the_same_however_many_relays_there_are(scene: Scene, number: int) -> None:
    for _one in range(number):
        hand_over(scene)
        hand_over(scene, to=scene.cast.gesellschaft)

    with CaptureQueriesContext(connection) as asked:
        overview.overview(scene.cast.hedwig, year=2026, at=AT)

    assert len(asked) == 9
