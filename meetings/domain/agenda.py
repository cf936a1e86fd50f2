"""What happens to a topic once the Fachstelle looks at it: taken up, put off, given away, declined.

A reason is always the Fachstelle's own sentence, and the proposer reads exactly that.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import Via
from buendnisse.models import Person, Topic
from meetings.domain import agenda_order, standing
from meetings.domain.agenda_fate import decline, defer, delegate, restore
from meetings.domain.agenda_journal import record as _record
from meetings.domain.agenda_merge import merge
from meetings.domain.agenda_proposals import propose
from meetings.domain.agenda_rules import (
    MAY_BE_EDITED,
    ON_AN_AGENDA,
    OPEN_MEETINGS,
    AgendaRefused,
    HoldsRelay,
    NotYours,
    ReasonMissing,
    Stale,
    TitleMissing,
    TooLate,
    Window,
    title_of,
    window,
)
from meetings.domain.moves import move
from meetings.enums import AgendaItemState, Happened, MeetingState
from meetings.models import AgendaItem, Meeting

#: What belongs to the verbs and lies with the rules below.
__all__ = [
    "AgendaRefused",
    "HoldsRelay",
    "NotYours",
    "ReasonMissing",
    "Stale",
    "TitleMissing",
    "TooLate",
    "Window",
    "accept",
    "add",
    "decline",
    "defer",
    "delegate",
    "duplicate",
    "edit",
    "merge",
    "restore",
    "schedule",
    "window",
]


def add(
    meeting: Meeting,
    *,
    title: str,
    description: str = "",
    wished_result: str = "",
    kind: str,
    minutes: int,
    presenter: Person | None,
    topics: Iterable[Topic] = (),
    by: Person,
    form_key: uuid.UUID,
    at: dt.datetime,
) -> AgendaItem:
    """The Fachstelle puts a topic of its own on the agenda at once. Raises TitleMissing, TooLate."""
    _require_open(meeting)
    title = title_of(title)
    with transaction.atomic():
        item = propose(
            alliance=meeting.alliance,
            meeting=None,
            title=title,
            description=description,
            wished_result=wished_result,
            kind=kind,
            minutes=minutes,
            proposer=by,
            via=Via.WEB,
            form_key=form_key,
            at=at,
        )
        if item.state == AgendaItemState.BACKLOG and item.meeting_id is None:
            AgendaItem.objects.filter(pk=item.pk).update(presenter=presenter, review_on=None)
            item.topics.set(topics)
            accept(item, meeting=meeting, by=by, at=at)
    return item


def duplicate(
    item: AgendaItem, *, to: Meeting | None, title: str, by: Person, form_key: uuid.UUID, at: dt.datetime
) -> AgendaItem:
    """A new topic of the Fachstelle's own with the same words and papers, on an agenda or in the Themenspeicher.

    It goes on from nothing: what was put off has a successor, what is copied is asked anew. Raises TooLate,
    what `title_of` raises.
    """
    if to is not None:
        _require_open(to)
    with transaction.atomic():
        copy = propose(
            alliance=item.alliance,
            meeting=None,
            title=title_of(title),
            description=item.description,
            wished_result=item.wished_result,
            kind=item.kind,
            minutes=item.duration_minutes,
            proposer=by,
            via=Via.WEB,
            form_key=form_key,
            at=at,
        )
        if copy.state == AgendaItemState.BACKLOG and not copy.topics.exists() and not copy.papers.exists():
            AgendaItem.objects.filter(pk=copy.pk).update(presenter=item.presenter)
            copy.topics.set(item.topics.all())
            copy.papers.set(item.papers.all())
            copy.confidential_to.set(item.confidential_to.all())
            if to is not None:
                accept(copy, meeting=to, by=by, at=at)
    return copy


def edit(item: AgendaItem, *, version: int, by: Person, at: dt.datetime, via: str = Via.WEB, **fields: Any) -> None:
    """Change the words and minutes of a topic that has not been discussed yet.

    Raises Stale where `version` is not the stored one, what `title_of` raises, TooLate.
    """
    if "title" in fields:
        fields["title"] = title_of(fields["title"])
    if item.state not in MAY_BE_EDITED:
        raise TooLate(_("Dieses Thema kann nicht mehr geändert werden. Der Stand ist „%s“.") % item.get_state_display())
    with transaction.atomic():
        columns = {name: value for name, value in fields.items() if name != "topics"}
        changed = AgendaItem.objects.filter(pk=item.pk, version=version, state=item.state).update(
            version=F("version") + 1, **columns
        )
        if changed != 1:
            raise Stale(AgendaItem.objects.select_related("presenter", "proposer").get(pk=item.pk))
        item.refresh_from_db()
        if "topics" in fields:
            _tag(item, fields["topics"])
        _record(Happened.ITEM_EDITED, item, by=by, at=at, via=via, fields=sorted(fields))


def _tag(item: AgendaItem, topics: Iterable[Topic]) -> None:
    """Today's fields of action; what it carries of ended ones stays."""
    ended = item.topics.filter(ended_on__isnull=False)
    item.topics.set([*topics, *ended])


def accept(
    item: AgendaItem,
    *,
    meeting: Meeting | None = None,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.WEB,
    why: Mapping[str, int] | None = None,
) -> None:
    """Take a topic up, behind the other topics; `meeting` where it waits in the Themenspeicher.

    Once the agenda has left it is `scheduled` at once, as a Nachtrag. What stands there already stays as it is: a
    double tap is one step. `why`: ids for the journal, of what moved it there. Raises MoveRefused, TooLate.
    """
    _take_up(item, meeting=meeting, by=by, at=at, via=via, verb=Happened.ITEM_ACCEPTED, why=why)


def schedule(
    item: AgendaItem, *, meeting: Meeting | None = None, position: int | None = None, by: Person, at: dt.datetime
) -> None:
    """Take a topic up and put it at TOP `position` among the topics (else behind them). Raises MoveRefused, TooLate."""
    with transaction.atomic():
        _take_up(item, meeting=meeting, by=by, at=at, verb=Happened.ITEM_SCHEDULED, scheduled=True)
        if position is not None:
            agenda_order.move_to(item, position, by=by, at=at)


def _take_up(
    item: AgendaItem,
    *,
    meeting: Meeting | None,
    by: Person | None,
    at: dt.datetime,
    verb: Happened,
    via: str = Via.WEB,
    scheduled: bool = False,
    why: Mapping[str, int] | None = None,
) -> None:
    target = meeting or item.meeting
    if target is None or target.alliance_id != item.alliance_id:
        raise TooLate(_("Bitte wählen Sie zuerst eine Sitzung dieses Bündnisses."))
    _require_open(target)
    _refuse_a_second_meeting(item, target)
    with transaction.atomic():
        has_left = Meeting.objects.select_for_update().get(pk=target.pk).agenda_sent_at is not None
        if _stands_on(target, item, scheduled=scheduled):
            item.refresh_from_db()
            return
        was = str(item.state)
        standing.ensure_standing_items(target)
        if item.state != AgendaItemState.ACCEPTED:
            move(item, to=AgendaItemState.ACCEPTED, meeting=target, reason="", is_late=item.is_late or has_left)
        if scheduled or has_left:
            move(item, to=AgendaItemState.SCHEDULED)
        agenda_order.place(item)
        _record(verb, item, by=by, at=at, via=via, meeting=target.pk, was=was, **(why or {}))


def _stands_on(meeting: Meeting, item: AgendaItem, *, scheduled: bool) -> bool:
    """Whether the stored item has its place there, whatever an old page says. Needs the lock of the meeting."""
    states = ON_AN_AGENDA - {AgendaItemState.ACCEPTED} if scheduled else ON_AN_AGENDA
    return AgendaItem.objects.filter(pk=item.pk, meeting=meeting, position__gt=0, state__in=states).exists()


def _require_open(meeting: Meeting) -> None:
    if meeting.state == MeetingState.CANCELLED:
        raise TooLate(
            _("Die Sitzung am %s ist abgesagt. Nehmen Sie das Thema in eine andere Sitzung auf.")
            % german.day(meeting.start)
        )
    if meeting.state not in OPEN_MEETINGS:
        raise TooLate(_("Die Tagesordnung dieser Sitzung ist abgeschlossen."))


def _refuse_a_second_meeting(item: AgendaItem, target: Meeting) -> None:
    """A topic stands in one meeting: it goes on as a successor, or is copied as a topic of its own."""
    if item.meeting is not None and item.meeting_id != target.pk:
        raise TooLate(
            _(
                "Dieses Thema gehört schon zur Sitzung am %s. Verschieben Sie es dort, oder kopieren Sie es als neues Thema."
            )
            % german.day(item.meeting.start)
        )
