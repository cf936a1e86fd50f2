"""What happens to a topic until the meeting: proposed, taken up, put off, given away, declined, taken back.

Practice of municipal committees: a topic that comes after the editorial deadline becomes a Nachtrag as long
as papers may still be handed in (three days before the meeting); what comes later waits in the
Themenspeicher. A reason is always the Fachstelle's own sentence, and the proposer reads exactly that.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Alliance, Paper, Person
from meetings.domain import agenda_order, standing
from meetings.domain.agenda_fate import decline, defer, delegate, refuse_if_it_answers, restore
from meetings.domain.agenda_merge import merge
from meetings.domain.agenda_rules import (
    ITS_PROPOSER_MAY_CHANGE,
    MAY_BE_EDITED,
    OPEN_MEETINGS,
    USUAL_MINUTES,
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
from meetings.enums import AgendaItemKind, AgendaItemState, Happened, MeetingState
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
    "edit_own",
    "merge",
    "propose",
    "restore",
    "schedule",
    "window",
    "withdraw",
]


def propose(
    *,
    alliance: Alliance,
    meeting: Meeting | None,
    title: str,
    description: str = "",
    kind: str = AgendaItemKind.DISCUSSION,
    minutes: int | None = None,
    wished_result: str = "",
    paper: Paper | None = None,
    proposer: Person,
    via: str,
    form_key: uuid.UUID,
    at: dt.datetime,
) -> AgendaItem:
    """Store a proposal; the same `form_key` again gives the same item (a double tap is one topic).

    In time it is `proposed`; after the editorial deadline it is too, marked `is_late`; when that is over as
    well, or no meeting was named, it waits in the Themenspeicher until the next one. Raises TitleMissing, NotYours.
    """
    if not title.strip():
        raise TitleMissing(_("Bitte nennen Sie Ihr Thema in einem Satz."))
    known = AgendaItem.objects.filter(form_key=form_key, proposer=proposer).first()
    if known is not None:
        return known
    when = window(meeting, at=at) if meeting else None
    kept = when is None or when.is_over
    following = _following(alliance, meeting, at) if kept else None
    try:
        with transaction.atomic():
            item = AgendaItem.objects.create(
                alliance=alliance,
                meeting=None if kept else meeting,
                kind=kind,
                title=title.strip(),
                description=description.strip(),
                wished_result=wished_result.strip(),
                duration_minutes=minutes or USUAL_MINUTES[AgendaItemKind(kind)],
                proposer=proposer,
                proposing_organisation=proposer.organisation,
                presenter=proposer,
                submitted_at=at,
                submitted_via=via,
                is_late=bool(when and when.is_late and not kept),
                state=AgendaItemState.BACKLOG if kept else AgendaItemState.PROPOSED,
                review_on=following.start.date() if following else None,
                form_key=form_key,
            )
            if paper is not None:
                item.papers.add(paper)
            _record(Happened.ITEM_PROPOSED, item, by=proposer, at=at, via=via)
    except IntegrityError as error:  # the other tap was faster
        made = AgendaItem.objects.filter(form_key=form_key, proposer=proposer).first()
        if made is None:
            raise NotYours(_("Dieser Schlüssel gehört schon zu einem Thema von jemand anderem.")) from error
        return made
    return item


def add(
    meeting: Meeting,
    *,
    title: str,
    description: str = "",
    wished_result: str = "",
    kind: str,
    minutes: int,
    presenter: Person | None,
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
        changed = AgendaItem.objects.filter(pk=item.pk, version=version, state=item.state).update(
            version=F("version") + 1, **fields
        )
        if changed != 1:
            raise Stale(AgendaItem.objects.select_related("presenter", "proposer").get(pk=item.pk))
        item.refresh_from_db()
        _record(Happened.ITEM_EDITED, item, by=by, at=at, via=via, fields=sorted(fields))


def edit_own(item: AgendaItem, *, version: int, by: Person, at: dt.datetime, **fields: Any) -> None:
    """The proposer changes a proposal nobody has decided about. Raises NotYours, TooLate, Stale, TitleMissing."""
    if item.proposer_id != by.pk:
        raise NotYours(_("Dieses Thema hat jemand anderes vorgeschlagen."))
    if item.state not in ITS_PROPOSER_MAY_CHANGE:
        raise TooLate(_("Über Ihr Thema ist schon entschieden. Bitte rufen Sie uns an, wenn sich etwas ändert."))
    edit(item, version=version, by=by, at=at, via=Via.LINK, **fields)


def accept(item: AgendaItem, *, meeting: Meeting | None = None, by: Person, at: dt.datetime) -> None:
    """Take a topic up, behind the other topics; `meeting` where it waits in the Themenspeicher.

    Once the agenda has left it is `scheduled` at once, as a Nachtrag. Raises MoveRefused, TooLate.
    """
    _take_up(item, meeting=meeting, by=by, at=at, verb=Happened.ITEM_ACCEPTED)


def schedule(
    item: AgendaItem, *, meeting: Meeting | None = None, position: int | None = None, by: Person, at: dt.datetime
) -> None:
    """Take a topic up and put it at TOP `position` among the topics (else behind them). Raises MoveRefused, TooLate."""
    with transaction.atomic():
        _take_up(item, meeting=meeting, by=by, at=at, verb=Happened.ITEM_SCHEDULED, scheduled=True)
        if position is not None:
            agenda_order.move_to(item, position, by=by, at=at)


def withdraw(item: AgendaItem, *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """The proposer takes it back, or the Fachstelle on request. Raises TooLate, HoldsRelay, MoveRefused."""
    refuse_if_it_answers(item)
    if (
        item.meeting is not None
        and item.meeting.agenda_sent_at is not None
        and item.state not in ITS_PROPOSER_MAY_CHANGE
    ):
        raise TooLate(_("Die Tagesordnung ist schon verschickt. Bitte rufen Sie die Fachstelle an."))
    with transaction.atomic():
        agenda_order.remove(item)
        move(item, to=AgendaItemState.WITHDRAWN)
        _record(Happened.ITEM_WITHDRAWN, item, by=by, at=at, via=via)


def _following(alliance: Alliance, meeting: Meeting | None, at: dt.datetime) -> Meeting | None:
    """The meeting a topic is kept for: after the one it was too late for, or simply the next."""
    return standing.meeting_after(meeting) if meeting else standing.next_meeting(alliance.pk, at=at)


def _take_up(
    item: AgendaItem,
    *,
    meeting: Meeting | None,
    by: Person,
    at: dt.datetime,
    verb: Happened,
    scheduled: bool = False,
) -> None:
    target = meeting or item.meeting
    if target is None or target.alliance_id != item.alliance_id:
        raise TooLate(_("Bitte wählen Sie zuerst eine Sitzung dieses Bündnisses."))
    _require_open(target)
    _refuse_a_second_meeting(item, target)
    has_left = target.agenda_sent_at is not None
    was = str(item.state)
    with transaction.atomic():
        standing.ensure_standing_items(target)
        if item.state != AgendaItemState.ACCEPTED:
            move(item, to=AgendaItemState.ACCEPTED, meeting=target, reason="", is_late=item.is_late or has_left)
        if scheduled or has_left:
            move(item, to=AgendaItemState.SCHEDULED)
        agenda_order.place(item)
        _record(verb, item, by=by, at=at, meeting=target.pk, was=was)


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


def _record(
    verb: Happened, item: AgendaItem, *, by: Person | None, at: dt.datetime, via: str = Via.WEB, **data: Any
) -> None:
    journal.record(verb, item, at=at, by=by, via=via, body=item.alliance, data={"meeting": item.meeting_id, **data})
