"""What somebody finds wrong in circulated minutes, and the answer to it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain.corrections import Correction, as_data, corrected, fitted, in_words, write
from meetings.domain.minutes import approve_by_silence, circulate, pending
from meetings.domain.minutes_content import MinutesContent, as_content
from meetings.domain.minutes_journal import (
    NotYet,
    WordsMissing,
    has_open_objections,
    hold,
    move_on,
    record,
    refuse_frozen,
)
from meetings.domain.moves import may_move, move
from meetings.enums import Happened, MinutesState, ObjectionState
from meetings.models import AgendaItem, Minutes, MinutesVersion, Objection
from meetings.models.minutes import OUT


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
        hold(minutes)
        if minutes.state not in OUT:
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
    correction: Correction | None = None,
    changed_from: str = "",
    changed_to: str = "",
    via: str = Via.WEB,
) -> MinutesVersion | None:
    """Answer an objection. An accepted one changes something; the last answer sends what came of all.

    `changed_from` and `changed_to` are the short form of a `correction` of the result: the first is replaced by the
    second; without `changed_from` the result becomes `changed_to` as a whole. Answers the next version if one was
    circulated, else None. Raises WordsMissing, MinutesFrozen, MoveRefused.
    """
    if not resolution.strip():
        raise WordsMissing(_("Bitte schreiben Sie eine kurze Antwort. Sie steht in der Versionsgeschichte."))
    wanted = correction or Correction(changed_from.strip(), changed_to.strip())
    with transaction.atomic():
        minutes = Minutes.objects.get(pk=objection.minutes_id)
        hold(minutes)
        if minutes.state == MinutesState.APPROVED:
            refuse_frozen(minutes)
        if accept:
            now = _text(minutes)
            wanted = fitted(wanted, objection, now)
            _move(objection, ObjectionState.ACCEPTED, resolution, wanted)
            write(wanted, now, resolution=resolution.strip(), by=by, at=at)
        else:
            _move(objection, ObjectionState.REJECTED, resolution, Correction())
        data = {"objection": objection.pk, "accepted": accept}
        record(Happened.MINUTES_OBJECTION_RESOLVED, minutes, by=by, at=at, via=via, data=data)
        return None if has_open_objections(minutes) else _after_last_answer(minutes, by=by, at=at, via=via)


def settle_due(*, at: dt.datetime) -> int:
    """What a ring does: let answered minutes run on that were left behind, then approve by silence. How many of both.

    Minutes that are contested though nobody waits for an answer: no verb leaves them so, a crash or an earlier
    release of this program may have.
    """
    settled = 0
    left = Minutes.objects.filter(state=MinutesState.CONTESTED).exclude(objections__state=ObjectionState.OPEN)
    for minutes in left.order_by("pk"):
        with transaction.atomic():
            hold(minutes)
            if minutes.state == MinutesState.CONTESTED and not has_open_objections(minutes):
                _after_last_answer(minutes, by=None, at=at, via=Via.RULE)
                settled += 1
    return settled + approve_by_silence(at=at)


def _move(objection: Objection, to: ObjectionState, resolution: str, correction: Correction) -> None:
    place = correction.item.pk if correction.item else objection.agenda_item_id
    move(
        objection,
        to=to,
        resolution=resolution.strip(),
        changed_from=correction.changed_from,
        changed_to=correction.changed_to,
        changes=as_data(correction),
        agenda_item_id=place,
    )


def _text(minutes: Minutes) -> MinutesContent:
    """The newest version with what was accepted since: the text the next answer starts from."""
    last = minutes.versions.order_by("-number").first()
    if last is None:
        raise NotYet(_("Das Protokoll ist noch nicht verschickt."))
    return corrected(as_content(last.content), pending(minutes, last))


def _after_last_answer(minutes: Minutes, *, by: Person | None, at: dt.datetime, via: str) -> MinutesVersion | None:
    """Either a corrected version goes out, or the minutes simply run on."""
    last = minutes.versions.order_by("-number").first()
    if last is not None and (accepted := pending(minutes, last)):
        text = corrected(as_content(last.content), accepted)
        note = " ".join(_told_of(objection, text) for objection in accepted)
        return circulate(minutes, by=by, at=at, note=note, via=via)
    if may_move(minutes, to=MinutesState.CIRCULATED):
        move_on(minutes, to=MinutesState.CIRCULATED)
    return None


def _told_of(objection: Objection, text: MinutesContent) -> str:
    """What all readers are told of an accepted one: of a confidential item only that it was corrected."""
    item = objection.agenda_item
    if item is not None and item.confidential_to.exists():
        return _("Ein vertraulicher Punkt ist berichtigt.")
    if not objection.changes:
        return objection.resolution
    return f"{objection.resolution} {in_words(text, objection)}"
