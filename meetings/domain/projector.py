"""What a whole room may read from the wall: the open item, the words under decision, the time, who is represented.

What another body asks under it, word for word. No addresses, no private notes, no names but of who presents. A confidential item shows its number only, unless every
organisation in the room belongs to it: whoever sits there reads the wall.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from buendnisse.clock import local
from meetings.domain import quorum, relay_ground, session_board
from meetings.domain.quorum import Quorum
from meetings.domain.session_board import Stop
from meetings.enums import DecisionState, MeetingState, Presence
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Relay

#: In the room, in whatever part. The Fachstelle runs the meeting and knows everything anyway.
_IN_THE_ROOM = frozenset({Presence.PRESENT, Presence.DEPUTY, Presence.GUEST})


@dataclass(frozen=True)
class Line:
    """An item as the wall names it."""

    number: int
    title: str
    is_secret: bool


@dataclass(frozen=True)
class Wall:
    """`left`: minutes until the item should be over by plan, below zero when it runs over; None before and after."""

    now: Line | None
    next: Line | None
    left: int | None
    presenter: str
    asked: Relay | None
    fallen: str
    proposal: str
    decisions: list[Decision]
    organisations: list[str]
    quorum: Quorum


def wall(meeting: Meeting, *, at: dt.datetime) -> Wall:
    """The meeting as the room may see it at `at`."""
    board = session_board.board(meeting, at=at)
    there = _organisations(board.people, at)
    ids = [stop.item.pk for stop in (board.now, board.after) if stop]
    secrets = _secret(ids, {organisation for organisation, _name in there})
    now = _line(board.now, secrets)
    open_now = now is not None and not now.is_secret and meeting.state == MeetingState.IN_SESSION
    draft = getattr(board.item, "draft", None)
    presenter = board.item.presenter if board.item and open_now else None
    asked = _asked(board.item) if board.item and open_now else None
    return Wall(
        now=now,
        next=_line(board.after, secrets),
        left=session_board.minutes_left(board, at=at),
        presenter=f"{presenter.full_name}, {presenter.organisation.short_name}" if presenter else "",
        asked=asked,
        fallen=relay_ground.fallen(asked),
        proposal=draft.proposal if draft and open_now else "",
        decisions=[row for row in board.decisions if row.state != DecisionState.MISTAKEN] if open_now else [],
        organisations=sorted({name for _pk, name in there}),
        quorum=board.quorum,
    )


def stamp(meetings: QuerySet[Meeting], *, slug: str, at: dt.datetime) -> str | None:
    """A mark that changes whenever the wall would; None for no such meeting. One query.

    The minute belongs to it, because the wall says how many are left.
    """
    mine = {"meeting": OuterRef("pk")}
    parts = {
        "_items": _sum(AgendaItem.objects.filter(**mine), F("version") + F("position") * F("pk")),
        "_drafts": _sum(AgendaItem.objects.filter(**mine), F("draft__version")),
        "_secrets": _count(AgendaItem.objects.filter(**mine, confidential_to__isnull=False)),
        "_present": _sum(Attendance.objects.filter(**mine), F("version")),
        "_decided": _sum(Decision.objects.filter(**mine), F("version") + Value(1)),
        "_tasks": _count(ActionItem.objects.filter(**mine)),
    }
    names = ["state", "version", "start", "desk__item", "desk__writer", "desk__window", "desk__since", *parts]
    row = meetings.filter(slug=slug).annotate(**parts).values_list(*names).first()
    if row is None:
        return None
    text = f"{local(at):%Y-%m-%d %H:%M} {row}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _line(stop: Stop | None, secrets: frozenset[int]) -> Line | None:
    if stop is None:
        return None
    is_secret = stop.item.pk in secrets
    return Line(stop.number, _("Vertraulicher Punkt") if is_secret else stop.item.title, is_secret)


def _asked(item: AgendaItem) -> Relay | None:
    """What the item answers; nothing where that has become confidential where it comes from."""
    relay = item.answers
    if relay is None:
        return None
    carried = relay.source_decision.agenda_item_id if relay.source_decision else None
    sources = [pk for pk in (relay.source_item_id, carried) if pk]
    is_secret = AgendaItem.objects.filter(pk__in=sources, confidential_to__isnull=False).exists()
    return None if is_secret else relay


def _organisations(people: Iterable[Attendance], at: dt.datetime) -> set[tuple[int, str]]:
    """Who is represented in the room at this moment; whoever has left is not."""
    return {
        (row.organisation_id, row.organisation.short_name)
        for row in people
        if row.presence in _IN_THE_ROOM and not quorum.has_left(row, at=at)
    }


def _secret(items: list[int], there: set[int]) -> frozenset[int]:
    """Items for chosen organisations only, while somebody else may be reading. An empty list of who is there hides too."""
    chosen: dict[int, set[int]] = {}
    rows = AgendaItem.objects.filter(pk__in=items, confidential_to__isnull=False)
    for item, organisation in rows.values_list("pk", "confidential_to"):
        chosen.setdefault(item, set()).add(organisation)
    return frozenset(item for item, may_read in chosen.items() if not there or not there <= may_read)


def _sum(rows: QuerySet[AgendaItem] | QuerySet[Attendance] | QuerySet[Decision], what: Any) -> Coalesce:
    total = rows.order_by().values("meeting").annotate(total=Sum(what)).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def _count(rows: QuerySet[AgendaItem] | QuerySet[ActionItem]) -> Coalesce:
    total = rows.order_by().values("meeting").annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)
