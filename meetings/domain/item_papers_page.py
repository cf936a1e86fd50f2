"""The papers of an item as the Fachstelle looks after them: every version with who added it, and what was taken off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from buendnisse.domain.papers import ADDED, VERSION_ADDED
from buendnisse.models import Change, Paper, PaperVersion, Sight
from meetings.domain import item_papers
from meetings.domain.agenda_papers import PaperLine, of_items
from meetings.domain.agenda_rules import window
from meetings.models import AgendaItem


@dataclass(frozen=True)
class Version:
    """One version, with who added it and when; both are unknown of what was taken over."""

    version: PaperVersion
    by: str
    at: dt.datetime | None


@dataclass(frozen=True)
class Lying:
    """A paper with its versions, the newest first."""

    line: PaperLine
    is_standing: bool
    versions: Sequence[Version]


@dataclass(frozen=True)
class Page:
    """`late_until`: the last day for late papers where that is over; adding one is possible all the same."""

    papers: Sequence[Lying]
    taken_off: Sequence[Paper]
    comes_late: bool
    late_until: dt.date | None


def of(item: AgendaItem, *, at: dt.datetime) -> Page:
    """Five queries and two for the dates, however many papers there are."""
    lines = of_items([item.pk], sight=Sight(everything=True)).get(item.pk, ())
    papers = {one.slug: one for one in item.papers.prefetch_related("versions")}
    added = _added([one.pk for one in papers.values()])
    return Page(
        papers=[_lying(line, papers[line.slug], added) for line in lines],
        taken_off=item_papers.taken_off(item),
        comes_late=item_papers.comes_late(item),
        late_until=late_until(item, at=at),
    )


def _lying(line: PaperLine, paper: Paper, added: dict[tuple[int, int], Change]) -> Lying:
    rows = [(version, added.get((paper.pk, version.number))) for version in paper.newest_first]
    versions = [
        Version(version, change.by.full_name if change and change.by else "", change.at if change else None)
        for version, change in rows
    ]
    return Lying(line, paper.is_standing, versions)


def _added(papers: list[int]) -> dict[tuple[int, int], Change]:
    rows = Change.objects.filter(subject_type="paper", subject_id__in=papers, verb__in=[ADDED, VERSION_ADDED])
    return {(row.subject_id, row.data.get("version", 1)): row for row in rows.select_related("by").order_by("pk")}


def late_until(item: AgendaItem, *, at: dt.datetime) -> dt.date | None:
    """The last day for late papers of this item's meeting, once that is over and the meeting is still ahead."""
    if item.meeting is None or item.meeting.start <= at:
        return None
    found = window(item.meeting, at=at)
    return found.late_until if found.is_over else None
