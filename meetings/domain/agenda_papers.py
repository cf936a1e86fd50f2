"""The papers of an agenda's items as plain lines, each in its newest version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
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
    late_on: dt.date | None = None

    @property
    def ending(self) -> str:
        """What people call the format: PDF, DOCX."""
        return (self.file_name or "").rpartition(".")[2].upper()

    @property
    def is_revised(self) -> bool:
        """There were versions before this one."""
        return (self.number or 0) > 1

    @property
    def late_words(self) -> str:
        """ "nachgereicht am 23.11.2026"; without a day where it is not known; nothing where it came in time."""
        if self.late_on is not None:
            return _("nachgereicht am %s") % german.short_day(self.late_on)
        return _("nachgereicht") if self.is_late else ""

    @property
    def standing(self) -> str:
        """ "Stand 20.11.2026, nachgereicht am 23.11.2026" """
        day = (self.is_revised and self.version_dated) or self.dated
        return ", ".join(filter(None, [_("Stand %s") % german.short_day(day), self.late_words]))


def of_items(items: Iterable[int], *, sight: Sight) -> dict[int, tuple[PaperLine, ...]]:
    """By the item's id, what may be read in this sight; one query."""
    rows = (
        paper_shelf.in_sight(sight)
        .filter(item_papers__agendaitem__in=items)
        .values_list(
            "item_papers__agendaitem",
            "pk",
            "slug",
            "title",
            "dated",
            "is_late",
            "versions__number",
            "versions__dated",
            "versions__file_name",
            "versions__size",
            "item_papers__late_on",
        )
    )
    newest: dict[int, dict[int, PaperLine]] = {}
    for row in sorted(rows, key=lambda row: (row[1], row[6] or 0)):
        newest.setdefault(row[0], {})[row[1]] = PaperLine(*row[2:])  # the last version wins
    return {item: tuple(papers.values()) for item, papers in newest.items()}
