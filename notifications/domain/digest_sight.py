"""Which of the things that are news each of many readers may see, by the rule of `visible_to` and without asking it for everybody.

Nearly everything in a week may be seen by every member. That is asked once. What is left (confidential, or of the
Themenspeicher) is asked once for each way to stand to it: inside its body or not, of a chosen organisation or not.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from buendnisse.models import Sight
from meetings.models import AgendaItem, CircularVote, Decision, Notice

#: Whoever sits in some body, and sees nothing more for it.
_ANYBODY = Sight(person_id=0, inside=frozenset({0}))
#: What the sight of a row depends on beyond that: its body, its chosen organisations, its author. Others: on nothing.
_DEPENDS_ON: Mapping[Any, tuple[str, ...]] = {
    AgendaItem: ("alliance", "confidential_to", "proposer"),
    Decision: ("alliance", "agenda_item__confidential_to"),
    CircularVote: ("alliance", "agenda_item__confidential_to"),
    Notice: ("from_person",),
}


@dataclass
class _Facts:
    """What the sight of one row depends on."""

    bodies: set[int] = field(default_factory=set)
    organisations: set[int] = field(default_factory=set)
    authors: set[int] = field(default_factory=set)


#: How a reader stands to a row: inside its body, its chair, of a chosen organisation; and who she is, if its author.
_Stand = tuple[bool, bool, bool, int]


@dataclass
class _Kept:
    """Rows of one kind that not everybody sees, and which of them somebody sees who stands to each in the same way."""

    rows: dict[int, _Facts] = field(default_factory=lambda: defaultdict(_Facts))
    known: dict[tuple[_Stand, bool], set[int]] = field(default_factory=dict)


class Seen:
    """Made once for the news of a window; `of` then costs a query only where something is not for everybody."""

    def __init__(self, ids: Mapping[Any, Iterable[int]], *, at: dt.datetime) -> None:
        self.at = at
        self._open: dict[Any, set[int]] = defaultdict(set)
        self._kept: dict[Any, _Kept] = {}
        for model, wanted in ids.items():
            self._sort(model, set(wanted))
        facts = [one for kept in self._kept.values() for one in kept.rows.values()]
        self._authors = frozenset().union(*(one.authors for one in facts))
        self._chosen = frozenset().union(*(one.organisations for one in facts))

    def of(self, model: Any, ids: Iterable[int], sight: Sight) -> set[int]:
        """Those of these rows (all of them given at the beginning) that this reader may see."""
        wanted = set(ids)
        if not wanted or sight.everything:
            return wanted
        if not sight.overview:
            return wanted & self._ask(model, wanted, sight)
        seen = wanted & self._open[model]
        if (kept := self._kept.get(model)) is not None:
            seen |= {pk for pk in wanted & kept.rows.keys() if pk in self._of_kept(model, kept, pk, sight)}
        return seen

    def alike(self, sight: Sight, body: int) -> Sight:
        """The same for all who see the same of one body's rows: without what makes no difference to any of them."""
        if sight.everything or not sight.overview:
            return sight
        person = sight.person_id if sight.person_id in self._authors else 0
        own, organisations = frozenset({body}), sight.organisations & self._chosen
        inside = sight.inside & own or _ANYBODY.inside
        return replace(sight, person_id=person, inside=inside, chairs=sight.chairs & own, organisations=organisations)

    def _sort(self, model: Any, wanted: set[int]) -> None:
        if not wanted:
            return
        self._open[model] = self._ask(model, wanted, _ANYBODY)
        left = wanted - self._open[model]
        if left and model in _DEPENDS_ON:
            self._kept[model] = self._facts(model, left)

    def _facts(self, model: Any, left: set[int]) -> _Kept:
        names = _DEPENDS_ON[model]
        kept = _Kept()
        for pk, *values in model._base_manager.filter(pk__in=left).values_list("pk", *names):
            facts = kept.rows[pk]
            for name, value in zip(names, values, strict=True):
                group = facts.bodies if name == "alliance" else facts.authors
                group = facts.organisations if name.endswith("confidential_to") else group
                group.add(value or 0)
        return kept

    def _of_kept(self, model: Any, kept: _Kept, pk: int, sight: Sight) -> set[int]:
        """All rows seen by whoever stands to each of them as this reader stands to this one."""
        facts = kept.rows[pk]
        stand = (
            bool(sight.inside & facts.bodies),
            bool(sight.chairs & facts.bodies),
            bool(sight.organisations & facts.organisations),
            sight.person_id if sight.person_id and sight.person_id in facts.authors else 0,
        )
        key = (stand, sight.all_bodies)
        if key not in kept.known:
            kept.known[key] = self._ask(model, kept.rows, _somebody(kept, stand, all_bodies=sight.all_bodies))
        return kept.known[key]

    def _ask(self, model: Any, wanted: Iterable[int], sight: Sight) -> set[int]:
        visible = model._default_manager.visible_to(sight, at=self.at).filter(pk__in=wanted)
        return set(visible.values_list("pk", flat=True))


def _somebody(kept: _Kept, stand: _Stand, *, all_bodies: bool) -> Sight:
    """A reader who stands to all of these rows in one way."""
    inside, chairs, chosen, author = stand
    bodies = frozenset().union(*(facts.bodies for facts in kept.rows.values()))
    organisations = frozenset().union(*(facts.organisations for facts in kept.rows.values()))
    return replace(
        _ANYBODY,
        person_id=author,
        all_bodies=all_bodies,
        inside=bodies if inside else _ANYBODY.inside,
        chairs=bodies if chairs else frozenset(),
        organisations=organisations if chosen else frozenset(),
    )
