"""Which papers a person may read: those of the ground, and those that go with an item of a meeting.

A paper of an item is for whoever reads that item from inside: the alliance of the meeting (so papers travel with
a relay), the guests of the meeting, and who stands in for somebody there. A paper of a confidential item is for
its organisations only, wherever else it lies; papers that stand on their own are not made secret by an item.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max, Prefetch, Q
from django.db.models.functions import Coalesce

from buendnisse.enums import Role
from buendnisse.models import Body, Paper, PaperVersion, Sight, Topic, sight_of
from buendnisse.models.paper import PaperQuerySet
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Attendance, Meeting, PaperText
from meetings.models.agenda_item import ON_AGENDA, closed_to


def readable(person: object, *, at: dt.datetime) -> PaperQuerySet:
    """Every paper this person may read and download, with nothing loaded along. One query to know who asks."""
    return in_sight(sight_of(person, at=at))


def in_sight(sight: Sight) -> PaperQuerySet:
    """The same for somebody whose sight is known already."""
    if sight.everything:
        return Paper.objects.all()
    if sight.person_id is None:
        return Paper.objects.none()
    invited = Attendance.objects.filter(person=sight.person_id, is_asked=True).filter(
        Q(role=Role.GUEST) | Q(stands_in_for__isnull=False)
    )
    inside = Q(meeting__in=invited.values("meeting"))
    inside |= Q(meeting__isnull=False) if sight.all_bodies else Q(alliance__in=sight.inside)
    secret = closed_to(sight.organisations)
    items = AgendaItem.objects.filter(inside, state__in=ON_AGENDA).exclude(meeting__state=MeetingState.PLANNED)
    opened = Q(confidential_to__isnull=True) | Q(confidential_to__in=sight.organisations)
    with_items = Paper.objects.filter(opened, agenda_items__in=items.exclude(pk__in=secret).values("pk"))
    found = Q(pk__in=Paper.objects.in_sight(sight).values("pk")) | Q(pk__in=with_items.values("pk"))
    hidden = Paper.objects.filter(is_standing=False, agenda_items__in=secret)
    return Paper.objects.filter(found).exclude(pk__in=hidden.values("pk"))


def among(papers: Collection[Paper], *, sight: Sight) -> set[int]:
    """The ids of those this person may read; no query where there are none, or all."""
    ids = {paper.pk for paper in papers}
    if sight.everything or not ids:
        return ids
    return set(in_sight(sight).filter(pk__in=ids).values_list("pk", flat=True))


def listed(
    person: object,
    *,
    words: str = "",
    body: Body | None = None,
    is_standing: bool | None = None,
    is_ended: bool = False,
    at: dt.datetime,
) -> PaperQuerySet:
    """The readable papers that were looked for, the newest first. Every word must occur in the title.

    What holds no longer is listed by itself.
    """
    rows = readable(person, at=at).filter(ended_on__isnull=not is_ended)
    for word in words.split():
        rows = rows.filter(title__icontains=word)
    if body is not None:
        rows = rows.filter(bodies=body.pk)
    if is_standing is not None:
        rows = rows.filter(is_standing=is_standing)
    meetings = Meeting.objects.visible_to(person, at=at)
    items = AgendaItem.objects.filter(meeting__in=meetings.values("pk")).select_related("meeting__alliance")
    return (
        rows.select_related("organisation")
        .prefetch_related("bodies", "versions", Prefetch("agenda_items", queryset=items.order_by("meeting__start")))
        .annotate(newest_on=Coalesce(Max("versions__dated"), "dated"))
        .order_by("-newest_on", "title", "pk")
    )


@dataclass(frozen=True)
class Look:
    """One paper with everything that is told of it. `picture`: the number of the version whose first page can be shown."""

    paper: Paper
    versions: list[PaperVersion]
    items: list[AgendaItem]
    topics: list[Topic]
    picture: int | None


def look(person: object, *, slug: str, at: dt.datetime) -> Look | None:
    """The page of a paper this person may read; nothing where there is none for them."""
    meetings = Meeting.objects.visible_to(person, at=at)
    items = AgendaItem.objects.visible_to(person, at=at).filter(meeting__in=meetings.values("pk"), state__in=ON_AGENDA)
    paper = (
        readable(person, at=at)
        .filter(slug=slug)
        .select_related("organisation")
        .prefetch_related(
            Prefetch("bodies", Body.objects.order_by("kind", "pk")),
            Prefetch("versions", PaperVersion.objects.select_related("read_text")),
            Prefetch("topics", Topic.objects.order_by("pk")),
            Prefetch("agenda_items", items.select_related("meeting__alliance").order_by("-meeting__start")),
        )
        .first()
    )
    if paper is None:
        return None
    newest = paper.newest
    read = getattr(newest, "read_text", None)
    picture = newest.number if newest and read and read.first_page else None
    return Look(paper, paper.newest_first, list(paper.agenda_items.all()), list(paper.topics.all()), picture)


def first_page(person: object, *, slug: str, number: int, at: dt.datetime) -> str | None:
    """The name in the storage of the picture of a version this person may have."""
    found = version(person, slug=slug, number=number, at=at)
    read = PaperText.objects.filter(version=found).exclude(first_page="").first() if found else None
    return read.first_page if read else None


def version(person: object, *, slug: str, number: int | None, at: dt.datetime) -> PaperVersion | None:
    """One version this person may have (None: the newest), with a file; nothing where there is none for them."""
    return _version(readable(person, at=at).filter(slug=slug), number)


def version_in(
    meeting_id: int, person: object, *, slug: str, number: int | None, at: dt.datetime
) -> PaperVersion | None:
    """The same behind the link of a meeting, which opens that meeting's papers and no others."""
    papers = readable(person, at=at).filter(slug=slug, agenda_items__meeting=meeting_id)
    return _version(papers, number)


def _version(papers: PaperQuerySet, number: int | None) -> PaperVersion | None:
    rows = PaperVersion.objects.filter(paper__in=papers.values("pk")).exclude(file_name="")
    if number is not None:
        rows = rows.filter(number=number)
    return rows.order_by("-number").first()
