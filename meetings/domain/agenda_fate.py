"""What becomes of a topic that is not dealt with now: put off, declined, given away; and each step taken back.

Each step notes in the journal where the topic stood before it, so that taking it back puts it there again.
A reason is always the Fachstelle's own sentence, and the proposer reads exactly that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import Via
from buendnisse.models import Change, Organisation, Person
from meetings.domain import agenda_merge, agenda_order, agenda_successor, standing
from meetings.domain.agenda_journal import record as _record
from meetings.domain.agenda_rules import (
    ON_AN_AGENDA,
    OPEN_MEETINGS,
    TooLate,
    reason_of,
    refuse_if_it_answers,
    refuse_if_its_relay_is_over,
)
from meetings.domain.moves import move
from meetings.enums import BEGUN, AgendaItemState, Happened, MeetingState
from meetings.models import AgendaItem, Meeting

#: What can be taken back.
_STEPS = (
    Happened.ITEM_ACCEPTED,
    Happened.ITEM_SCHEDULED,
    Happened.ITEM_BACKLOGGED,
    Happened.ITEM_DEFERRED,
    Happened.ITEM_DECLINED,
    Happened.ITEM_DELEGATED,
    Happened.ITEM_MERGED,
    Happened.ITEM_WITHDRAWN,
)
#: What had a place on an agenda; what was talked about stands there as scheduled once its deferral is taken back.
_STOOD_THERE = ON_AN_AGENDA | {AgendaItemState.DISCUSSED}


def defer(
    item: AgendaItem, *, to: Meeting | None, reason: str, by: Person | None, at: dt.datetime, via: str = Via.WEB
) -> AgendaItem:
    """Put a topic off, to a later meeting or (without one) to the Themenspeicher; the item that goes on.

    A topic that stood on an agenda keeps its row and gets a successor, so that the old agenda stays readable;
    a mere proposal simply moves to the Themenspeicher. Raises ReasonMissing, TooLate, MoveRefused.
    """
    said = reason_of(reason)
    if to is not None:
        _require_later(item, to, at)
    data = _before(item)
    with transaction.atomic():
        stays = item.meeting is not None and (item.meeting.agenda_sent_at is not None or item.meeting.state in BEGUN)
        is_unseen = item.state in {AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED} and not item.answers_id
        if to is None and is_unseen and not (stays and item.position):
            return _keep(item, said, data, by=by, at=at, via=via)
        was_agreed = item.state != AgendaItemState.PROPOSED
        move(item, to=AgendaItemState.DEFERRED, reason=said)
        if not stays:
            agenda_order.remove(item)
        successor = agenda_successor.make(item, to=to, is_agreed=was_agreed)
        data |= {"successor": successor.pk, "to": to.pk if to else None}
        _record(Happened.ITEM_DEFERRED, item, by=by, at=at, via=via, **data)
    return successor


def decline(item: AgendaItem, *, reason: str, by: Person, at: dt.datetime) -> None:
    """Not this time, with the sentence the proposer reads. Raises ReasonMissing, HoldsRelay, MoveRefused."""
    said = reason_of(reason)
    refuse_if_it_answers(item)
    data = _before(item)
    with transaction.atomic():
        agenda_order.remove(item)
        move(item, to=AgendaItemState.DECLINED, reason=said)
        _record(Happened.ITEM_DECLINED, item, by=by, at=at, **data)


def delegate(item: AgendaItem, *, to: Organisation, reason: str, by: Person, at: dt.datetime) -> None:
    """Somebody takes care of it without a meeting. Raises ReasonMissing, HoldsRelay, MoveRefused."""
    said = reason_of(reason)
    refuse_if_it_answers(item)
    data = _before(item)
    with transaction.atomic():
        agenda_order.remove(item)
        move(item, to=AgendaItemState.DELEGATED, reason=said, delegated_to=to)
        _record(Happened.ITEM_DELEGATED, item, by=by, at=at, organisation=to.pk, **data)


def restore(
    item: AgendaItem, *, step: int | None = None, by: Person | None, at: dt.datetime, via: str = Via.WEB
) -> Change | None:
    """Take the last step back: the topic stands where it stood before it. Raises TooLate, MoveRefused.

    Raises RelayIsOver for what another body asked and does not wait for any more.
    `step` is the step that is meant, as a page has shown it (0: one the journal does not know); nothing happens
    where it was taken back already. The step that was taken back, if the journal knows it.
    What was put off comes back while nobody has touched its successor, what was merged is a topic of its own
    again. Where the journal does not know, or the meeting is over, it is a proposal for the next meeting.
    """
    with transaction.atomic():
        if was_taken_back(item, step):
            return None
        found = meant(item, step)
        refuse_if_its_relay_is_over(item)
        known = found.data if found else {}
        if item.state == AgendaItemState.DEFERRED:
            agenda_successor.drop(item)
        if item.state == AgendaItemState.MERGED:
            agenda_merge.part(item, papers=known.get("papers", []), topics=known.get("topics", []))
        if item.state in ON_AN_AGENDA:
            agenda_order.remove(item)
        if item.state == AgendaItemState.SCHEDULED:
            move(item, to=AgendaItemState.ACCEPTED)
        meeting = _meeting_again(item, known, at)
        if item.position and item.meeting_id != (meeting.pk if meeting else None):
            agenda_order.remove(item)  # its place was one of the other agenda
        move(item, to=AgendaItemState.PROPOSED, reason="", delegated_to=None, merged_into=None, meeting=meeting)
        _stand_again(item, known)
        since = found.at.isoformat() if found else None
        _record(Happened.ITEM_RESTORED, item, by=by, at=at, via=via, step=found.pk if found else None, since=since)
    return found


def was_taken_back(item: AgendaItem, step: int | None) -> bool:
    """Whether that step is undone already, for a second tap. Holds the item until the end of the transaction."""
    AgendaItem.objects.select_for_update().get(pk=item.pk)
    return bool(step) and Change.objects.of(item).filter(verb=Happened.ITEM_RESTORED, data__step=step).exists()


def meant(item: AgendaItem, step: int | None) -> Change | None:
    """The last step, if it is `step` or nobody said which. Raises TooLate."""
    last = last_step(item)
    if step is not None and step != (last.pk if last else 0):
        raise TooLate(_("Inzwischen ist mit diesem Thema etwas anderes geschehen. Bitte sehen Sie zuerst nach."))
    return last


def last_step(item: AgendaItem) -> Change | None:
    """The step `restore` takes back: the latest that was not taken back already."""
    return last_steps([item.pk]).get(item.pk)


def last_steps(items: Iterable[int]) -> dict[int, Change]:
    """`last_step` of many items at once."""
    found: dict[int, Change] = {}
    taken_back = set()
    rows = Change.objects.filter(subject_type="agendaitem", subject_id__in=list(items))
    for change in rows.filter(verb__in=[*_STEPS, Happened.ITEM_RESTORED]).order_by("-at", "-pk"):
        if change.verb == Happened.ITEM_RESTORED:
            taken_back.add(change.data.get("step"))
        elif change.pk not in taken_back:
            found.setdefault(change.subject_id, change)
    return found


def _keep(
    item: AgendaItem, said: str, data: dict[str, Any], *, by: Person | None, at: dt.datetime, via: str
) -> AgendaItem:
    """Into the Themenspeicher with the row itself: nobody has seen it on an agenda."""
    agenda_order.remove(item)
    following = standing.next_meeting(item.alliance_id, at=at)
    review_on = local_date(following.start) if following and following.pk != item.meeting_id else None
    was = item.meeting_id
    move(item, to=AgendaItemState.BACKLOG, reason=said, meeting_id=None, review_on=review_on)
    _record(Happened.ITEM_BACKLOGGED, item, by=by, at=at, via=via, **{**data, "meeting": was})
    return item


def _require_later(item: AgendaItem, to: Meeting, at: dt.datetime) -> None:
    if to.alliance_id != item.alliance_id:
        raise TooLate(_("Ein Thema bleibt in seinem Bündnis. In ein anderes geben Sie es mit einer Weiterleitung."))
    if to.pk == item.meeting_id:
        raise TooLate(_("In dieser Sitzung steht das Thema schon."))
    if to.state == MeetingState.CANCELLED:
        raise TooLate(_("Die Sitzung am %s ist abgesagt. Bitte wählen Sie eine andere.") % german.day(to.start))
    if to.state not in OPEN_MEETINGS or to.start <= at:
        raise TooLate(_("Auf diese Sitzung kann das Thema nicht verschoben werden."))


def _before(item: AgendaItem) -> dict[str, Any]:
    """Where a topic stands before a step, for the journal."""
    return {"was": str(item.state), "place": item.position}


def _meeting_again(item: AgendaItem, known: dict[str, Any], at: dt.datetime) -> Meeting | None:
    """The meeting it belongs to again: its own, else the one the step took it out of, else the next."""
    if known.get("was") == AgendaItemState.BACKLOG:
        return None
    for candidate in (item.meeting, Meeting.objects.filter(pk=known.get("meeting") or 0).first()):
        if candidate is not None and candidate.start > at and candidate.state != MeetingState.CANCELLED:
            return candidate
    if item.meeting is not None and item.meeting.state in BEGUN and known.get("was") in _STOOD_THERE:
        return item.meeting
    return standing.next_meeting(item.alliance_id, at=at)


def _stand_again(item: AgendaItem, known: dict[str, Any]) -> None:
    """From a proposal back to what it was, at its old place."""
    was = known.get("was")
    if was == AgendaItemState.BACKLOG:
        move(item, to=AgendaItemState.BACKLOG)
    if (
        was not in {AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED, AgendaItemState.DISCUSSED}
        or item.meeting is None
    ):
        return
    if item.meeting_id != known.get("meeting") or item.meeting.state == MeetingState.CANCELLED:
        return
    move(item, to=AgendaItemState.ACCEPTED)
    if was != AgendaItemState.ACCEPTED or item.meeting.agenda_sent_at is not None:
        move(item, to=AgendaItemState.SCHEDULED)
    if not item.position:
        agenda_order.place(item)
        if item.meeting.state in OPEN_MEETINGS:
            agenda_order.put(item, known.get("place") or item.position)
