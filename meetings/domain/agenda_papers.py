"""The papers of an agenda's items as plain lines, each in its newest version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from buendnisse.models import Sight
from meetings.domain import paper_shelf


@dataclass(frozen=True)
class PaperLine:
    """One paper and its newest version. `size` in octets; an empty `file_name` means there is no file yet."""

    slug: str
    title: str
    dated: dt.date
    is_late: bool
    number: int | None
    version_dated: dt.date | None
    file_name: str | None
    size: int | None

    @property
    def ending(self) -> str:
        """What people call the format: PDF, DOCX."""
        return (self.file_name or "").rpartition(".")[2].upper()

    @property
    def is_revised(self) -> bool:
        """There were versions before this one."""
        return (self.number or 0) > 1


def of_items(items: Iterable[int], *, sight: Sight) -> dict[int, tuple[PaperLine, ...]]:
    """By the item's id, what may be read in this sight; one query."""
    rows = (
        paper_shelf.in_sight(sight)
        .filter(agenda_items__in=items)
        .values_list(
            "agenda_items",
            "pk",
            "slug",
            "title",
            "dated",
            "is_late",
            "versions__number",
            "versions__dated",
            "versions__file_name",
            "versions__size",
        )
    )
    newest: dict[int, dict[int, PaperLine]] = {}
    for row in sorted(rows, key=lambda row: (row[1], row[6] or 0)):
        newest.setdefault(row[0], {})[row[1]] = PaperLine(*row[2:])  # the last version wins
    return {item: tuple(papers.values()) for item, papers in newest.items()}
