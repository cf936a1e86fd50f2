"""The best dates of one quarter for all alliances together. Pure: figures in, a choice out.

Choosing one alliance after the other runs into corners: the first takes the day that was the second's only one.
So all choices are weighed together. Places stand in a row (the order in which alliances usually meet); a cost
between two places counts for each pair. For up to three places the result is the least cost there is, found by
dynamic programming over the last two places; beyond that, pairs further apart in the row, which hardly ever
touch, are weighed in a second pass that improves place by place until nothing gets better. The effort grows
linearly with the number of places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import add

#: Cost of choosing candidate `c` at place `i` together with candidate `d` at place `j`, for `i < j`.
Between = Callable[[int, int, int, int], int]


def choose(costs: Sequence[Sequence[int]], between: Between) -> list[int]:
    """For each place the number of its candidate, so that the sum of all costs is small; the least up to three places.

    `costs[i][c]` is the cost of candidate `c` at place `i`; each place has a candidate at least. Of equal sums the
    earlier candidates win, so the same figures give the same choice.
    """
    if not costs:
        return []
    chosen = _along_the_row(costs, between)
    return chosen if len(costs) <= _EXACT else _improved(chosen, costs, between)


def total(chosen: Sequence[int], costs: Sequence[Sequence[int]], between: Between) -> int:
    """The cost of a choice: every candidate, and every pair."""
    alone = sum(costs[place][candidate] for place, candidate in enumerate(chosen))
    pairs = (
        between(first, chosen[first], second, chosen[second])
        for second in range(len(chosen))
        for first in range(second)
    )
    return alone + sum(pairs)


_EXACT = 3


def _along_the_row(costs: Sequence[Sequence[int]], between: Between) -> list[int]:
    """Least cost where each place is weighed against the two before it.

    `best[b][c]`: the least cost of the row up to here with candidate `b` at the last but one place and `c` at the
    last. `steps` remembers which candidate before `b` led there.
    """
    if len(costs) == 1:
        return [_least(costs[0])]
    tables = [_table(costs, between, 0, 1)]
    best = [[costs[0][b] + tables[0][b][c] + costs[1][c] for c in range(len(costs[1]))] for b in range(len(costs[0]))]
    steps: list[list[list[int]]] = []
    for place in range(2, len(costs)):
        near = _table(costs, between, place - 1, place)
        far = list(zip(*_table(costs, between, place - 2, place), strict=True))  # far[d][b]
        following: list[list[int]] = []
        step: list[list[int]] = []
        for c, column in enumerate(zip(*best, strict=True)):  # column[b]: over the candidates before c
            row: list[int] = []
            origin: list[int] = []
            for d, alone in enumerate(costs[place]):
                sums = list(map(add, column, far[d]))
                least = min(sums)
                origin.append(sums.index(least))
                row.append(least + near[c][d] + alone)
            following.append(row)
            step.append(origin)
        best = following
        steps.append(step)
    last_two = min((cost, b, c) for b, row in enumerate(best) for c, cost in enumerate(row))[1:]
    chosen = list(last_two)
    for step in reversed(steps):
        chosen.insert(0, step[chosen[0]][chosen[1]])
    return chosen


def _improved(chosen: list[int], costs: Sequence[Sequence[int]], between: Between) -> list[int]:
    """Change one place at a time as long as the whole gets cheaper."""
    chosen = list(chosen)
    while True:
        before = list(chosen)
        for place in range(len(costs)):
            chosen[place] = _least(_alone_and_with_others(place, chosen, costs, between))
        if chosen == before:
            return chosen


def _alone_and_with_others(
    place: int, chosen: Sequence[int], costs: Sequence[Sequence[int]], between: Between
) -> list[int]:
    """What each candidate of a place costs as long as all others stay; the one that stands first among equals."""
    stands = chosen[place]
    found = []
    for candidate, alone in enumerate(costs[place]):
        before = sum(between(other, chosen[other], place, candidate) for other in range(place))
        after = sum(between(place, candidate, other, chosen[other]) for other in range(place + 1, len(costs)))
        # Twice the cost, less one for staying: of equals the standing one wins, so that this ends.
        found.append(2 * (alone + before + after) - (candidate == stands))
    return found


def _table(costs: Sequence[Sequence[int]], between: Between, first: int, second: int) -> list[list[int]]:
    return [[between(first, b, second, c) for c in range(len(costs[second]))] for b in range(len(costs[first]))]


def _least(costs: Sequence[int]) -> int:
    return min(range(len(costs)), key=costs.__getitem__)
