"""Tasks: given to a person for an organisation, reported by link, handed over when people change."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Change, Organisation, Person
from meetings.domain import decision_follow_up, open_minutes, versions
from meetings.domain.moves import TAKE_BACK_WITHIN, may_move, move
from meetings.enums import ActionItemState, Happened
from meetings.models import ActionItem, AgendaItem, Decision, Meeting

#: Handed over together with everything else that somebody leaves behind.
IN_SUCCESSION = "succession"


class TaskIncomplete(Exception):
    """What, who and until when belong to every task."""


class NotTheOwner(Exception):
    """The task was handed over to somebody else."""


def assign(
    source: AgendaItem | Decision,
    *,
    owner: Person,
    task: str,
    due_on: dt.date,
    by: Person,
    at: dt.datetime,
    organisation: Organisation | None = None,
    via: str = Via.WEB,
    form_key: uuid.UUID | None = None,
) -> ActionItem:
    """Give a task out of an item or a decision; without `organisation` for the owner's own.

    The same `form_key` again with the same words gives the same task: a double tap is one.

    Raises TaskIncomplete, MinutesFrozen, NotInSession.
    """
    item = source.agenda_item if isinstance(source, Decision) else source
    decision = source if isinstance(source, Decision) else None
    meeting = source.meeting
    if meeting is None:
        raise open_minutes.NotInSession(_("Dieses Thema steht in keiner Sitzung."))
    if not task.strip():
        raise TaskIncomplete(_("Bitte schreiben Sie auf, was zu tun ist."))
    if due_on < local_date(meeting.start):
        raise TaskIncomplete(_("Das Datum liegt vor der Sitzung. Bitte wählen Sie ein späteres."))
    with transaction.atomic():
        stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
        known, form_key = _known(form_key, item, owner=owner, task=task)
        if known is not None:
            return known
        open_minutes.require_open(stored)
        action = ActionItem.objects.create(
            alliance=meeting.alliance,
            meeting=meeting,
            agenda_item=item,
            decision=decision,
            owner=owner,
            organisation=organisation or owner.organisation,
            task=task.strip(),
            due_on=due_on,
            form_key=form_key,
        )
        if decision is not None:
            decision_follow_up.first_task(decision, owner)
        _record(Happened.ACTION_ASSIGNED, action, by=by, at=at, via=via)
    return action


def take_back(action: ActionItem, *, by: Person, at: dt.datetime) -> None:
    """A slip of the writer's: for a minute it can be undone, and then there was no task. Nobody has read of it yet.

    Raises TaskIncomplete, MinutesFrozen.
    """
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get(pk=action.meeting_id)
        stored = ActionItem.objects.select_related("alliance").filter(pk=action.pk).first()
        if stored is None:
            return  # the other tap was faster
        if stored.pk not in just_given([stored], at=at):
            raise TaskIncomplete(
                _("Die Minute ist vorbei: Der Auftrag gilt. Auf seiner Seite lassen Sie ihn entfallen.")
            )
        open_minutes.require_open(meeting)
        _record(Happened.ACTION_TAKEN_BACK, stored, by=by, at=at, via=Via.WEB)
        stored.delete()


def just_given(found: Iterable[ActionItem], *, at: dt.datetime) -> frozenset[int]:
    """Which of these were given less than a minute ago and stand as they were given; one query."""
    ids = [action.pk for action in found if action.version == 1 and action.state == ActionItemState.OPEN]
    rows = Change.objects.filter(subject_type="actionitem", subject_id__in=ids, verb=Happened.ACTION_ASSIGNED)
    return frozenset(rows.filter(at__gt=at - TAKE_BACK_WITHIN).values_list("subject_id", flat=True) if ids else ())


def _known(
    form_key: uuid.UUID | None, item: AgendaItem | None, *, owner: Person, task: str
) -> tuple[ActionItem | None, uuid.UUID]:
    """The task this very form gave before, or None and the key for a new one: other words are another task."""
    key = form_key or uuid.uuid4()
    while (known := ActionItem.objects.filter(form_key=key).first()) is not None:
        is_same = known.agenda_item_id == (item.pk if item else None) and known.owner_id == owner.pk
        if is_same and known.task == task.strip() and known.state != ActionItemState.CANCELLED:
            return known, key
        key = uuid.uuid5(key, f"{item and item.pk} {owner.pk} {task.strip()}")
    return None, key


def report(
    action: ActionItem,
    *,
    state: str,
    words: str,
    version: int,
    by: Person,
    at: dt.datetime,
    new_due_on: dt.date | None = None,
    is_blocked: bool = False,
    via: str = Via.LINK,
) -> None:
    """How a task stands, in the owner's words. Every answer is welcome and can be changed, back to open too.

    `is_blocked` says that it cannot be done: the task stays open until the Fachstelle finds another way.
    `version` is the one the reporter has read. Raises TaskIncomplete, Stale, MoveRefused.
    """
    if new_due_on is not None and new_due_on < local_date(at):
        raise TaskIncomplete(_("Das Datum ist schon vorbei. Bitte wählen Sie ein späteres."))
    if is_blocked and state != ActionItemState.DONE and not words.strip():
        raise TaskIncomplete(_("Woran liegt es? Bitte schreiben Sie einen Satz, dann suchen wir einen Weg."))
    if state == ActionItemState.CANCELLED and not words.strip():
        raise TaskIncomplete(_("Bitte schreiben Sie auf, warum der Auftrag entfällt."))
    said = {
        "report": words.strip(),
        "is_blocked": is_blocked and state != ActionItemState.DONE,
        "due_on": new_due_on or action.due_on,
    }
    completed_on = local_date(at) if state == ActionItemState.DONE else None
    fields = said | {"reported_at": at, "completed_on": completed_on, "version": version + 1}
    with transaction.atomic():
        if not versions.claim(action, version=version, said=said | {"state": state}):
            return
        if state == action.state:
            ActionItem.objects.filter(pk=action.pk).update(**fields)
            action.refresh_from_db()
        else:
            if not may_move(action, to=state) and may_move(action, to=ActionItemState.OPEN):
                move(action, to=ActionItemState.OPEN)
            move(action, to=state, **fields)
        _record(Happened.ACTION_REPORTED, action, by=by, at=at, via=via, reason="blocked" if is_blocked else str(state))


def reopen(action: ActionItem, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """It was not done after all. Raises MoveRefused."""
    with transaction.atomic():
        move(action, to=ActionItemState.OPEN, completed_on=None, is_blocked=False, version=action.version + 1)
        _record(Happened.ACTION_REPORTED, action, by=by, at=at, via=via, reason="reopened")


def hand_over(
    action: ActionItem,
    *,
    to: Person,
    version: int,
    by: Person,
    at: dt.datetime,
    organisation: Organisation | None = None,
    via: str = Via.WEB,
    reason: str = "",
) -> None:
    """Somebody else takes the task, with the same date. The former owner's link no longer works. Raises Stale.

    `reason` IN_SUCCESSION: one letter tells the successor of everything, and of this task too.
    """
    if to.pk == action.owner_id:
        return
    with transaction.atomic():
        if not versions.claim(action, version=version, said={"owner_id": to.pk}):
            return
        ActionItem.objects.filter(pk=action.pk).update(
            owner=to,
            organisation=organisation or to.organisation,
            handed_over_from=action.owner,
            handed_over_on=local_date(at),
            is_blocked=False,
            version=F("version") + 1,
        )
        action.refresh_from_db()
        _record(Happened.ACTION_HANDED_OVER, action, by=by, at=at, via=via, reason=reason)


def require_owner(action: ActionItem, person: Person) -> None:
    """A link answers for its owner only. Raises NotTheOwner."""
    if action.owner_id != person.pk:
        raise NotTheOwner(_("Diese Aufgabe hat jetzt jemand anderes übernommen. Sie müssen nichts mehr tun."))


def _record(verb: str, action: ActionItem, *, by: Person, at: dt.datetime, via: str, reason: str = "") -> None:
    journal.record(
        verb,
        action,
        at=at,
        by=by,
        via=via,
        body=action.alliance,
        reason=reason,
        data={"meeting": action.meeting_id, "due_on": action.due_on.isoformat(), "owner": action.owner_id},
    )
