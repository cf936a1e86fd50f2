"""What somebody finds wrong in circulated minutes, and the answer to it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain.minutes import circulate
from meetings.domain.minutes_journal import (
    NotYet,
    WordsMissing,
    has_open_objections,
    move_on,
    record,
    refuse_frozen,
)
from meetings.domain.moves import may_move, move
from meetings.enums import Happened, MinutesState, ObjectionState
from meetings.models import AgendaItem, Minutes, MinutesVersion, Objection


class ObjectionLate(Exception):
    """The period for objections is over."""


def contest(
    minutes: Minutes,
    *,
    by: Person,
    text: str,
    at: dt.datetime,
    agenda_item: AgendaItem | None = None,
    via: str = Via.LINK,
) -> Objection:
    """Somebody found a mistake, in time. Raises WordsMissing, ObjectionLate, NotYet."""
    text = text.strip()
    if not text:
        raise WordsMissing(_("Bitte schreiben Sie, was nicht stimmt."))
    if agenda_item is not None and agenda_item.meeting_id != minutes.meeting_id:
        raise NotYet(_("Dieser Punkt gehört zu einer anderen Sitzung."))
    with transaction.atomic():
        minutes.refresh_from_db()
        if minutes.state in {MinutesState.DRAFT, MinutesState.IN_REVIEW}:
            raise NotYet(_("Das Protokoll ist noch nicht verschickt."))
        if not may_contest(minutes, at=at):
            raise ObjectionLate(
                _(
                    "Das Protokoll ist schon genehmigt oder die Frist ist vorbei. Rufen Sie uns gern an: Wir helfen weiter."
                )
            )
        same = Objection.objects.filter(minutes=minutes, by=by, agenda_item=agenda_item, text=text).first()
        if same is not None:
            return same  # a finger that taps twice reports one mistake
        objection = Objection.objects.create(minutes=minutes, by=by, received_at=at, agenda_item=agenda_item, text=text)
        if minutes.state != MinutesState.CONTESTED:
            move_on(minutes, to=MinutesState.CONTESTED)
        record(Happened.MINUTES_CONTESTED, minutes, by=by, at=at, via=via, data={"objection": objection.pk})
    return objection


def may_contest(minutes: Minutes, *, at: dt.datetime) -> bool:
    """Circulated, not approved, and the period is not over ("bis" means until 24:00)."""
    return (
        minutes.state in {MinutesState.CIRCULATED, MinutesState.CONTESTED}
        and minutes.objection_until is not None
        and at < clock.end_of(minutes.objection_until)
    )


def resolve(
    objection: Objection,
    *,
    accept: bool,
    resolution: str,
    by: Person,
    at: dt.datetime,
    changed_from: str = "",
    changed_to: str = "",
    via: str = Via.WEB,
) -> MinutesVersion | None:
    """Answer an objection. An accepted one changes the item's result; the last answer sends what came of all.

    `changed_from` is replaced by `changed_to` in the result; without `changed_from` the result becomes
    `changed_to` as a whole. Answers the next version if one was circulated, else None.
    Raises WordsMissing, MinutesFrozen, MoveRefused.
    """
    if not resolution.strip():
        raise WordsMissing(_("Bitte schreiben Sie eine kurze Antwort. Sie steht in der Versionsgeschichte."))
    with transaction.atomic():
        minutes = Minutes.objects.select_related("meeting__alliance").get(pk=objection.minutes_id)
        if minutes.state == MinutesState.APPROVED:
            refuse_frozen(minutes)
        state = ObjectionState.ACCEPTED if accept else ObjectionState.REJECTED
        if accept and changed_to.strip():
            changed_from = _correct(objection, changed_from.strip(), changed_to.strip())
        move(
            objection,
            to=state,
            resolution=resolution.strip(),
            changed_from=changed_from if accept else "",
            changed_to=changed_to.strip() if accept else "",
        )
        data = {"objection": objection.pk, "accepted": accept}
        record(Happened.MINUTES_OBJECTION_RESOLVED, minutes, by=by, at=at, via=via, data=data)
        if has_open_objections(minutes):
            return None
        return _after_last_answer(minutes, by=by, at=at, via=via)


def _after_last_answer(minutes: Minutes, *, by: Person, at: dt.datetime, via: str) -> MinutesVersion | None:
    """Either a corrected version goes out, or the minutes simply run on."""
    last = minutes.versions.order_by("-number").first()
    changes = [
        _told_of(objection)
        for objection in minutes.objections.filter(state=ObjectionState.ACCEPTED).order_by("received_at", "pk")
        if last is None or objection.received_at >= last.circulated_at
    ]
    if changes:
        return circulate(minutes, by=by, at=at, note=" ".join(changes), via=via)
    if may_move(minutes, to=MinutesState.CIRCULATED):
        move_on(minutes, to=MinutesState.CIRCULATED)
    return None


def _told_of(objection: Objection) -> str:
    """What all readers are told of an accepted one: of a confidential item only that it was corrected."""
    item = objection.agenda_item
    if item is not None and item.confidential_to.exists():
        return _("Ein vertraulicher Punkt ist berichtigt.")
    return objection.resolution


def _correct(objection: Objection, old: str, new: str) -> str:
    """Put the new words into the item's result; answers the words that were there."""
    item = objection.agenda_item
    if item is None:
        return old
    item.refresh_from_db()
    if old and old not in item.result:
        raise WordsMissing(_("Die Stelle „%(old)s“ steht so nicht im Ergebnis.") % {"old": old})
    result = item.result.replace(old, new, 1) if old else new
    AgendaItem.objects.filter(pk=item.pk).update(result=result, version=F("version") + 1)
    return old or item.result
