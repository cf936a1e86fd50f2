"""The choice of dates against an exhaustive search, and what it must never do."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from meetings.domain import best_dates

ALONE = st.integers(0, 300)
PAIR = st.integers(0, 1_000)


@st.composite
def rows(draw: st.DrawFn, *, places: int) -> tuple[list[list[int]], dict[tuple[int, int, int, int], int]]:
    """Costs of up to five candidates a place, and of every pair."""
    costs = [draw(st.lists(ALONE, min_size=1, max_size=5)) for _place in range(places)]
    pairs = {
        (first, c, second, d): draw(PAIR)
        for first, second in itertools.combinations(range(places), 2)
        for c in range(len(costs[first]))
        for d in range(len(costs[second]))
    }
    return costs, pairs


def least(costs: Sequence[Sequence[int]], pairs: dict[tuple[int, int, int, int], int]) -> int:
    """The least cost of all choices there are."""
    choices = itertools.product(*(range(len(candidates)) for candidates in costs))
    return min(
        sum(costs[place][c] for place, c in enumerate(choice))
        + sum(pairs[i, choice[i], j, choice[j]] for i, j in itertools.combinations(range(len(choice)), 2))
        for choice in choices
    )


@given(st.integers(1, 3).flatmap(lambda places: rows(places=places)))
def test_up_to_three_places_nothing_cheaper_exists(
    figures: tuple[list[list[int]], dict[tuple[int, int, int, int], int]],
) -> None:
    costs, pairs = figures

    chosen = best_dates.choose(costs, lambda *pair: pairs[pair])

    assert best_dates.total(chosen, costs, lambda *pair: pairs[pair]) == least(costs, pairs)


@given(st.integers(4, 5).flatmap(lambda places: rows(places=places)))
def test_beyond_three_places_nothing_cheaper_exists_where_distant_ones_do_not_touch(
    figures: tuple[list[list[int]], dict[tuple[int, int, int, int], int]],
) -> None:
    costs = figures[0]
    pairs = {key: cost if key[2] - key[0] <= 2 else 0 for key, cost in figures[1].items()}

    chosen = best_dates.choose(costs, lambda *pair: pairs[pair])

    assert best_dates.total(chosen, costs, lambda *pair: pairs[pair]) == least(costs, pairs)


@given(st.integers(4, 5).flatmap(lambda places: rows(places=places)))
def test_beyond_three_places_no_single_change_is_cheaper(
    figures: tuple[list[list[int]], dict[tuple[int, int, int, int], int]],
) -> None:
    costs, pairs = figures

    def between(*pair: int) -> int:
        return pairs[pair]  # type: ignore[index] # four numbers

    chosen = best_dates.choose(costs, between)

    found = best_dates.total(chosen, costs, between)
    others = [
        best_dates.total([*chosen[:place], other, *chosen[place + 1 :]], costs, between)
        for place in range(len(costs))
        for other in range(len(costs[place]))
    ]
    assert found == min(others)


def test_first_come_first_served_would_run_into_a_corner() -> None:
    """The first place likes day 0 best, but day 0 is the only one the second can take."""
    costs = [[0, 5], [0]]

    assert best_dates.choose(costs, lambda _i, c, _j, d: 100 if c == d else 0) == [1, 0]


def test_same_figures_give_the_same_choice_and_the_earlier_day() -> None:
    assert best_dates.choose([[3, 3], [2, 2, 2]], lambda *_pair: 0) == [0, 0]


def test_nothing_to_choose() -> None:
    assert best_dates.choose([], lambda *_pair: 0) == []
