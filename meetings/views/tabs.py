"""Tabs above a list of all sorts of things: one for each kind of which there is something, with how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from buendnisse import permissions
from buendnisse.models import Person
from meetings.domain.search import Found
from meetings.enums import SearchKind

#: What members call it, where the Fachstelle has a word of its trade.
_PLAIN: Mapping[str, Any] = {SearchKind.RELAY: _("Bitten und Antworten")}


@dataclass(frozen=True)
class Tab:
    """One kind to choose, with how many there are."""

    kind: str
    label: Any
    number: int
    is_current: bool


def tabs(found: Found, kinds: Iterable[str], labels: Mapping[str, Any], *, kind: str, reader: Person) -> list[Tab]:
    """All kinds of which something was found, and the chosen one; "" is all of them."""
    words = labels if permissions.is_fachstelle(reader) else {**labels, **_PLAIN}
    numbers = {"": found.total} | {one: found.counts[one] for one in kinds}
    return [
        Tab(one, words[one], number, is_current=one == kind)
        for one, number in numbers.items()
        if number or one in {"", kind}
    ]
