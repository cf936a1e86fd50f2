"""An agenda as data: what a sent version freezes, and what the chair released.

Plain JSON: ids, texts, minutes. Wording for readers is made from it where it is shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, cast

from django.utils.translation import gettext as _

from buendnisse.models import Sight
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, Meeting


class PaperContent(TypedDict):
    slug: str
    title: str
    number: int


class ItemContent(TypedDict):
    """`only_for`: ids of the organisations that may read it; empty for everybody. `is_deferred`: it keeps its number, but waits for another meeting."""

    id: int
    number: int
    title: str
    description: str
    kind: str
    minutes: int
    presenter: str
    papers: list[PaperContent]
    only_for: list[int]
    is_deferred: bool


class AgendaContent(TypedDict):
    items: list[ItemContent]


def content(meeting: Meeting) -> AgendaContent:
    """The agenda as it stands, all of it. What reports tell by themselves is no part of it."""
    return contents([meeting.pk])[meeting.pk]


def contents(meetings: Iterable[int]) -> dict[int, AgendaContent]:
    """The same for several, by the meeting's id; the number of queries does not depend on how many."""
    found: dict[int, list[AgendaItem]] = {number: [] for number in meetings}
    rows = AgendaItem.objects.filter(meeting__in=list(found), position__gt=0).on_agenda()
    for item in rows.select_related("presenter__organisation").prefetch_related("confidential_to", "papers__versions"):
        found[item.meeting_id or 0].append(item)
    return {
        key: {"items": [_item(number, item) for number, item in enumerate(items, start=1)]}
        for key, items in found.items()
    }


def as_content(stored: Any) -> AgendaContent:
    """What a row of JSON holds."""
    return cast(AgendaContent, stored)


def fingerprint(found: AgendaContent) -> str:
    """The same for the same order, words, minutes and people. Papers may follow without another release."""
    words = [{**item, "papers": []} for item in found["items"]]
    return hashlib.sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def may_read(item: Mapping[str, Any], sight: Sight) -> bool:
    """Confidential items are for their organisations and the Fachstelle."""
    return sight.everything or not item["only_for"] or bool(sight.organisations.intersection(item["only_for"]))


def hidden(found: AgendaContent, sight: Sight) -> list[str]:
    """The TOP numbers this reader may not look at, as words: "TOP 4"."""
    return [_("TOP %d") % item["number"] for item in found["items"] if not may_read(item, sight)]


def _item(number: int, item: AgendaItem) -> ItemContent:
    presenter = item.presenter
    papers: list[PaperContent] = []
    for paper in sorted(item.papers.all(), key=lambda one: one.pk):
        newest = paper.newest
        papers.append({"slug": paper.slug, "title": paper.title, "number": newest.number if newest else 0})
    return {
        "id": item.pk,
        "number": number,
        "title": item.title,
        "description": item.description,
        "kind": item.kind,
        "minutes": item.duration_minutes,
        "presenter": f"{presenter.full_name} ({presenter.organisation.short_name})" if presenter else "",
        "papers": papers,
        "only_for": sorted(one.pk for one in item.confidential_to.all()),
        "is_deferred": item.state == AgendaItemState.DEFERRED,
    }
