"""How alike two titles are, for people who ask whether something was on the agenda before.

German forms one word from several ("Kinderbetreuung", "Betreuung für Kinder") and one office has two forms
("Elternlotsen", "Elternlotsinnen"). So words are stemmed (Snowball's German stemmer), a stem may lie inside a
longer one, and what is left is compared by three signs at a time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import sqrt

from meetings.domain.stemming import COMMON
from meetings.domain.stemming import stem as stem_of

#: From here on two titles are worth a question; tried on pairs in the tests.
ALIKE = 0.6
_LONGEST = 250  # signs looked at
_MOST_WORDS = 20
_SHORTEST_PART = 4  # signs; shorter stems lie in too many words by chance
_NEAR = 0.55  # Dice's coefficient of two stems that are one word
_WORD = re.compile(r"[a-zäöüß]{3,}|\d{2,}")
#: In a title these say nothing; whoever searches may well mean them.
_WEAK = frozenset(("thema", "bericht", "stand", "neue", "neuer", "neues", "aktuelle", "erfahrungen", "landkreis"))


def likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same words in any form and order); the order of the two is all one."""
    mine, theirs = stems(one), stems(other)
    if not mine or not theirs:
        return 0.0
    return sqrt(_covered(mine, theirs) * _covered(theirs, mine))


class Titles:
    """Many titles by number, to be asked for one title after the other; only those that share a word are weighed."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        self._titles = titles
        self._having: dict[str, set[int]] = {}
        self._by_three: dict[str, list[str]] = {}
        for number, title in titles.items():
            for stem in stems(title):
                self._having.setdefault(stem, set()).add(number)
        for stem in self._having:
            for three in _threes(stem):
                self._by_three.setdefault(three, []).append(stem)

    def alike(self, title: str) -> list[int]:
        """The numbers of the titles that are like this one, the most alike first."""
        near = {number for stem in stems(title) for other in self._related(stem) for number in self._having[other]}
        found = [(likeness(title, self._titles[number]), number) for number in near]
        return [number for score, number in sorted(found, reverse=True) if score >= ALIKE]

    def _related(self, stem: str) -> Iterator[str]:
        """The stems that count for `_found`: all of them share three signs."""
        mine = _threes(stem)
        shared = Counter(other for three in mine for other in self._by_three.get(three, ()))
        for other, count in shared.items():
            is_part = (len(stem) >= _SHORTEST_PART and stem in other) or (
                len(other) >= _SHORTEST_PART and other in stem
            )
            if stem == other or is_part or 2 * count / (len(mine) + len(_threes(other))) >= _NEAR:
                yield other


@lru_cache(maxsize=4096)
def stems(title: str) -> frozenset[str]:
    """The stems of the words that carry meaning, at most twenty."""
    words = [word for word in _WORD.findall(title[:_LONGEST].lower()) if word not in COMMON and word not in _WEAK]
    return frozenset(stem_of(word) for word in words[:_MOST_WORDS])


def _covered(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Which part of `mine`, by signs, is found in `theirs`."""
    return sum(_found(stem, theirs) * len(stem) for stem in mine) / sum(map(len, mine))


def _found(stem: str, theirs: frozenset[str]) -> float:
    if stem in theirs or any(len(stem) >= _SHORTEST_PART and stem in other for other in theirs):
        return 1.0
    parts = sum(len(other) for other in theirs if len(other) >= _SHORTEST_PART and other in stem)
    near = max(_dice(stem, other) for other in theirs)
    return max(min(1.0, parts / len(stem)), near if near >= _NEAR else 0.0)


def _dice(one: str, other: str) -> float:
    """Dice's coefficient of the groups of three signs."""
    mine, theirs = _threes(one), _threes(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


@lru_cache(maxsize=4096)
def _threes(stem: str) -> frozenset[str]:
    padded = f" {stem} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))
