"""Which of the things that are news each of many readers may see, by the rule of `visible_to` and without asking it for everybody.

Nearly everything in a week may be seen by every member. That is asked once. What is left (confidential, or of the
Themenspeicher) is asked once for each kind of reader: two people who differ in nothing that matters to it are one.
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
class _Kept:
    """Rows of one kind that not everybody sees, and what tells their readers apart."""

    rows: set[int]
    bodies: set[int] = field(default_factory=set)
    organisations: set[int] = field(default_factory=set)
    authors: set[int] = field(default_factory=set)
    known: dict[Sight, set[int]] = field(default_factory=dict)


class Seen:
    """Made once for the news of a window; `of` then costs a query only where something is not for everybody."""

    def __init__(self, ids: Mapping[Any, Iterable[int]], *, at: dt.datetime) -> None:
        self.at = at
        self._open: dict[Any, set[int]] = defaultdict(set)
        self._kept: dict[Any, _Kept] = {}
        for model, wanted in ids.items():
            self._sort(model, set(wanted))

    def of(self, model: Any, ids: Iterable[int], sight: Sight) -> set[int]:
        """Those of these rows (all of them given at the beginning) that this reader may see."""
        wanted = set(ids)
        if not wanted or sight.everything:
            return wanted
        if not sight.overview:
            return wanted & self._ask(model, wanted, sight)
        seen = wanted & self._open[model]
        kept = self._kept.get(model)
        return seen if kept is None or not wanted & kept.rows else seen | (wanted & self._of_kept(model, kept, sight))

    def _sort(self, model: Any, wanted: set[int]) -> None:
        if not wanted:
            return
        self._open[model] = self._ask(model, wanted, _ANYBODY)
        left = wanted - self._open[model]
        if left and model in _DEPENDS_ON:
            self._kept[model] = self._facts(model, left)

    def _facts(self, model: Any, left: set[int]) -> _Kept:
        names = _DEPENDS_ON[model]
        kept = _Kept(left)
        for row in model._base_manager.filter(pk__in=left).values_list(*names):
            for name, value in zip(names, row, strict=True):
                group = kept.bodies if name == "alliance" else kept.authors
                group = kept.organisations if name.endswith("confidential_to") else group
                group.add(value or 0)
        return kept

    def _of_kept(self, model: Any, kept: _Kept, sight: Sight) -> set[int]:
        """What tells nothing apart is left out of the sight, so that many readers share an answer."""
        reader = replace(
            sight,
            person_id=sight.person_id if sight.person_id in kept.authors else 0,
            inside=(sight.inside & kept.bodies) or _ANYBODY.inside,
            chairs=sight.chairs & kept.bodies,
            organisations=sight.organisations & kept.organisations,
        )
        if reader not in kept.known:
            kept.known[reader] = self._ask(model, kept.rows, reader)
        return kept.known[reader]

    def _ask(self, model: Any, wanted: set[int], sight: Sight) -> set[int]:
        visible = model._default_manager.visible_to(sight, at=self.at).filter(pk__in=wanted)
        return set(visible.values_list("pk", flat=True))
