"""The picture on the wall, for any number of bodies and relays: no box covers another, every relay is an arrow."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from buendnisse.enums import BodyKind
from buendnisse.models import Alliance, Body, Unit
from meetings.adapters import overview_picture
from meetings.adapters.overview_shapes import Box
from meetings.domain.overview import AllianceNode, Flow, Overview, UnitNode


def network(alliances: int, units: int, outside: int, pairs: list[tuple[int, int, int, int]]) -> Overview:
    """Bodies that are stored nowhere; `pairs` name two of them, and how many relays there are and are open."""
    nodes = [
        AllianceNode(Alliance(pk=pk, slug=f"a-{pk}", kind=BodyKind.ALLIANCE, name=f"Bündnis {pk}", prefix="BGA"[pk % 3]), 9, 2)
        for pk in range(alliances)
    ]  # fmt: skip
    desks = [
        UnitNode(Unit(pk=100 + pk, slug=f"u-{pk}", kind=BodyKind.UNIT, name="Stelle", short_name=f"Stelle {pk}",
                      programme="Bildung für alle, die neu sind " * pk, funder="Land"), [node.body for node in nodes][:2], None)
        for pk in range(units)
    ]  # fmt: skip
    rest = [
        Body(
            pk=200 + pk,
            slug=f"x-{pk}",
            kind=BodyKind.EXTERNAL,
            name=f"Kreistag – Ausschuss {pk}",
            short_name="Ausschuss",
        )
        for pk in range(outside)
    ]
    bodies: list[Any] = [*(node.body for node in nodes), *(node.body for node in desks), *rest]
    flows: dict[tuple[int, int], Flow] = {}
    for first, second, total, is_open in pairs:
        source, target = bodies[first % len(bodies)], bodies[second % len(bodies)]
        if source is not target:
            flows[source.pk, target.pk] = Flow(source, target, total, min(total, is_open), 0)
    return Overview(2026, [2026], nodes, desks, desks, rest, list(flows.values()))


def covers(one: Box, other: Box) -> bool:
    aside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not (aside or one.y + one.height <= other.y or other.y + other.height <= one.y)


PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 40), st.integers(0, 40)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 6), st.integers(0, 7), st.integers(1, 8), PAIRS)
def test_boxes_stand_apart_and_every_pair_is_an_arrow(
    alliances: int, units: int, outside: int, pairs: list[tuple[int, int, int, int]]
) -> None:
    found = network(alliances, units, outside, pairs)
    picture = overview_picture.draw(found)

    assert not [(one, other) for one, other in combinations(picture.boxes, 2) if covers(one, other)]
    assert len(picture.boxes) == alliances + units + outside
    assert [arrow.flow for arrow in picture.arrows] == list(found.flows)
    assert max(box.y + box.height for box in picture.boxes) < picture.height
    assert max(box.x + box.width for box in picture.boxes) < picture.width
    for arrow in picture.arrows:
        heights = [int(y) for y in re.findall(r"-?\d+ (-?\d+)", arrow.d)]
        assert all(0 <= y <= picture.height for y in heights)


def test_arrow_is_as_wide_as_its_number_and_says_it() -> None:
    picture = overview_picture.draw(network(3, 1, 1, [(0, 1, 1, 0), (1, 0, 5, 2), (2, 4, 40, 40)]))

    assert [(arrow.width, arrow.label, arrow.is_open) for arrow in picture.arrows] == [
        ("3.6", "1", False),
        ("10.0", "5, 2 offen", True),
        ("16.0", "40 offen", True),
    ]
    assert picture.arrows[1].words == "5, 2 offen: Weiterleitungen von Bündnis 1 an Bündnis 0"
    assert picture.words.count("46\xa0Weiterleitungen, davon 42 offen") == 1


def test_three_alliances_see_each_other_and_badges_have_their_shapes() -> None:
    picture = overview_picture.draw(network(3, 1, 1, []))
    first, second, third = (box for box in picture.boxes if box.kind == "alliance")

    assert first.x == third.x > second.x
    assert [box.badges[0].d.count("A") for box in (first, second, third)] == [0, 2, 1]
