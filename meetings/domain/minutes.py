"""Minutes on their way: draft, chair, everybody, objections, approval. Approved ones are frozen."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import schedule
from meetings.domain.chair import chair_of
from meetings.domain.minutes_content import content
from meetings.domain.moves import may_move, move
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import Approval, Happened, MeetingState, MinutesState, ObjectionState
from meetings.models import Addendum, AgendaItem, Meeting, Minutes, MinutesVersion, Objection


class NotYet(Exception):
    """Something has to happen first; `str()` says what."""


class ObjectionLate(Exception):
    """The period for objections is over."""


class ObjectionOpen(Exception):
    """Somebody still waits for an answer to an objection."""


class WordsMissing(Exception):
    """Text is needed here."""


def draft(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> Minutes:
    """The minutes of a meeting that began; made once. Raises NotYet."""
    if meeting.state not in {MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.CLOSED}:
        raise NotYet(_("Ein Protokoll gibt es, sobald die Sitzung begonnen hat."))
    with transaction.atomic():
        minutes, made = Minutes.objects.get_or_create(meeting=meeting, defaults={"author": by})
        if made:
            _record(Happened.MINUTES_DRAFTED, minutes, by=by, at=at, via=via)
    return minutes


def submit_to_chair(minutes: Minutes, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Hand the draft to the chair, who gets a link. Raises NotYet, MinutesFrozen, MoveRefused."""
    _require_held(minutes)
    if chair_of(minutes.meeting) is None:
        raise NotYet(_("Dieses Bündnis hat keinen Vorsitz. Verschicken Sie das Protokoll direkt."))
    with transaction.atomic():
        _move(minutes, to=MinutesState.IN_REVIEW, author=minutes.author or by, reviewed_by=None, review_remark="")
        _record(Happened.MINUTES_SUBMITTED, minutes, by=by, at=at, via=via)


def release(minutes: Minutes, *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """The chair agrees with the text. It leaves when the Fachstelle sends it. Twice is once. Raises NotYet."""
    with transaction.atomic():
        minutes.refresh_from_db()
        if minutes.state != MinutesState.IN_REVIEW:
            raise NotYet(_("Das Protokoll liegt gerade nicht zur Freigabe vor."))
        if minutes.reviewed_by_id == by.pk:
            return
        Minutes.objects.filter(pk=minutes.pk).update(reviewed_by=by, review_remark="", version=F("version") + 1)
        minutes.refresh_from_db()
        _record(Happened.MINUTES_RELEASED, minutes, by=by, at=at, via=via)


def give_back(minutes: Minutes, *, remark: str, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """The chair wants something changed first. Raises WordsMissing, MoveRefused."""
    if not remark.strip():
        raise WordsMissing(_("Bitte schreiben Sie kurz, was geändert werden soll."))
    with transaction.atomic():
        _move(minutes, to=MinutesState.DRAFT, reviewed_by=None, review_remark=remark.strip())
        _record(Happened.MINUTES_RETURNED, minutes, by=by, at=at, via=via)


def recall(minutes: Minutes, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The Fachstelle takes the draft back from the chair, released or not; a mail that still waits is not sent.

    Raises NotYet.
    """
    with transaction.atomic():
        minutes.refresh_from_db()
        if minutes.state != MinutesState.IN_REVIEW:
            raise NotYet(_("Das Protokoll liegt nicht beim Vorsitz."))
        _move(minutes, to=MinutesState.DRAFT, reviewed_by=None)
        _record(Happened.MINUTES_RECALLED, minutes, by=by, at=at, via=via)


def circulate(
    minutes: Minutes, *, by: Person, at: dt.datetime, note: str = "", via: str = Via.WEB, reason: str = ""
) -> MinutesVersion:
    """Freeze the text as the next version and let it go out to members and deputies.

    The first version opens the period of the alliance's rules. A corrected one is circulated short: half the
    period, counted anew, and never less than what was promised before. `reason` says why the chair's release
    was not waited for. Raises NotYet, ObjectionOpen, MinutesFrozen, MoveRefused.
    """
    with transaction.atomic():
        _require_held(minutes)
        minutes.refresh_from_db()
        if minutes.state in {MinutesState.CIRCULATED, MinutesState.APPROVED}:
            _frozen(minutes)
        if _open_objections(minutes):
            raise ObjectionOpen(_("Bitte beantworten Sie zuerst die offenen Einwände."))
        if minutes.state == MinutesState.DRAFT and chair_of(minutes.meeting) and not reason.strip():
            raise NotYet(
                _("Der Vorsitz hat das Protokoll noch nicht gesehen. Ohne Freigabe braucht es eine Begründung.")
            )
        if minutes.state == MinutesState.IN_REVIEW and minutes.reviewed_by_id is None and not reason.strip():
            raise NotYet(_("Der Vorsitz hat noch nicht freigegeben. Ohne Freigabe braucht es eine Begründung."))
        version = _next_version(minutes, at=at, note=note)
        move(
            minutes,
            to=MinutesState.CIRCULATED,
            circulated_at=minutes.circulated_at or at,
            objection_until=_objection_until(minutes, version.number, at),
            author=minutes.author or by,
            version=minutes.version + 1,
        )
        _record(
            Happened.MINUTES_CIRCULATED,
            minutes,
            by=by,
            at=at,
            via=via,
            reason="without_release" if reason.strip() else "",
            data={"version": version.number, "objection_until": minutes.objection_until.isoformat()},  # type: ignore[union-attr]
        )
    return version


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
            _move(minutes, to=MinutesState.CONTESTED)
        _record(Happened.MINUTES_CONTESTED, minutes, by=by, at=at, via=via, data={"objection": objection.pk})
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
            _frozen(minutes)
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
        _record(Happened.MINUTES_OBJECTION_RESOLVED, minutes, by=by, at=at, via=via, data=data)
        if _open_objections(minutes):
            return None
        return _after_last_answer(minutes, by=by, at=at, via=via)


def approve_by_silence(*, at: dt.datetime) -> int:
    """Approve what nobody contested, at 07:00 on the day after the period. The number of minutes approved."""
    approved = 0
    waiting = Minutes.objects.filter(state=MinutesState.CIRCULATED, objection_until__lt=local_date(at))
    for minutes in waiting.select_related("meeting__alliance").order_by("objection_until", "pk"):
        if minutes.objection_until is None or _open_objections(minutes):
            continue
        day_after = minutes.objection_until + dt.timedelta(days=1)
        moment = clock.automatic_mail_time(day_after)
        if moment > at:
            continue
        with transaction.atomic():
            _approve(minutes, on=day_after, how=Approval.SILENT, at=moment, by=None, via=Via.RULE)
        approved += 1
    return approved


def confirm_in_meeting(minutes: Minutes, *, meeting: Meeting, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The next meeting confirms them; where the period has not ended yet this approves them.

    Raises NotYet, ObjectionOpen, MoveRefused.
    """
    if meeting.alliance_id != minutes.meeting.alliance_id or meeting.start <= minutes.meeting.start:
        raise NotYet(_("Bestätigt wird in einer späteren Sitzung desselben Bündnisses."))
    with transaction.atomic():
        if _open_objections(minutes):
            raise ObjectionOpen(_("Bitte beantworten Sie zuerst die offenen Einwände."))
        if minutes.state != MinutesState.APPROVED:
            _approve(minutes, on=local_date(at), how=Approval.MEETING, at=at, by=by, via=via)
        kept = Minutes.objects.filter(pk=minutes.pk, confirmed_in__isnull=True)
        if kept.update(confirmed_in=meeting, version=F("version") + 1):
            data = {"confirmed_in": meeting.pk}
            _record(Happened.MINUTES_CONFIRMED, minutes, by=by, at=at, via=via, data=data)
        minutes.refresh_from_db()


def amend(
    minutes: Minutes,
    *,
    by: Person,
    text: str,
    at: dt.datetime,
    agenda_item: AgendaItem | None = None,
    via: str = Via.WEB,
    form_key: uuid.UUID | None = None,
) -> Addendum:
    """Add a dated correction to approved minutes. Their text stays as it is.

    The same `form_key` again gives the same correction: a double tap is one. Raises NotYet, WordsMissing.
    """
    if not text.strip():
        raise WordsMissing(_("Bitte schreiben Sie, was berichtigt wird."))
    if minutes.state != MinutesState.APPROVED:
        raise NotYet(_("Das Protokoll ist noch nicht genehmigt. Ändern Sie es über einen Einwand."))
    with transaction.atomic():
        addendum, made = Addendum.objects.get_or_create(
            form_key=form_key or uuid.uuid4(),
            defaults={
                "minutes": minutes,
                "dated": local_date(at),
                "by": by,
                "agenda_item": agenda_item,
                "text": text.strip(),
            },
        )
        if made:
            _record(Happened.MINUTES_AMENDED, minutes, by=by, at=at, via=via, data={"addendum": addendum.pk})
    return addendum


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
        _move(minutes, to=MinutesState.CIRCULATED)
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


def _approve(minutes: Minutes, *, on: dt.date, how: Approval, at: dt.datetime, by: Person | None, via: str) -> None:
    _move(minutes, to=MinutesState.APPROVED, approved_on=on, approval=how)
    _record(Happened.MINUTES_APPROVED, minutes, by=by, at=at, via=via, reason=str(how))
    meeting = minutes.meeting
    if may_move(meeting, to=MeetingState.CLOSED):
        move(meeting, to=MeetingState.CLOSED, changed_at=at)
        journal.record(Happened.MEETING_CLOSED, meeting, at=at, by=by, via=via, body=meeting.alliance)


def _next_version(minutes: Minutes, *, at: dt.datetime, note: str) -> MinutesVersion:
    number = (minutes.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    meeting = Meeting.objects.select_related("alliance", "venue", "chair").get(pk=minutes.meeting_id)
    frozen = content(meeting, author=minutes.author)
    return MinutesVersion.objects.create(
        minutes=minutes, number=number, circulated_at=at, note=note.strip(), content=frozen
    )


def _objection_until(minutes: Minutes, number: int, at: dt.datetime) -> dt.date:
    alliance = minutes.meeting.alliance
    if number == 1:
        return schedule.objection_until(alliance, local_date(at))
    short = schedule.objection_until(alliance, local_date(at) - dt.timedelta(days=alliance.objection_days // 2))
    return max(minutes.objection_until or short, short)


def _open_objections(minutes: Minutes) -> bool:
    return Objection.objects.filter(minutes=minutes, state=ObjectionState.OPEN).exists()


def _require_held(minutes: Minutes) -> None:
    if minutes.meeting.state not in {MeetingState.HELD, MeetingState.CLOSED}:
        raise NotYet(_("Die Sitzung läuft noch. Bitte beenden Sie zuerst die Sitzung."))


def _move(minutes: Minutes, *, to: MinutesState, **fields: object) -> None:
    if minutes.state == MinutesState.APPROVED:
        _frozen(minutes)
    move(minutes, to=to, version=minutes.version + 1, **fields)


def _frozen(minutes: Minutes) -> None:
    if minutes.state == MinutesState.APPROVED:
        raise MinutesFrozen(_("Das Protokoll ist genehmigt. Änderungen sind nur als datierte Berichtigung möglich."))
    raise MinutesFrozen(_("Diese Fassung ist schon verschickt. Eine neue entsteht durch einen Einwand."))


def _record(
    verb: str,
    minutes: Minutes,
    *,
    by: Person | None,
    at: dt.datetime,
    via: str,
    reason: str = "",
    data: Mapping[str, object] | None = None,
) -> None:
    journal.record(
        verb,
        minutes,
        at=at,
        by=by,
        via=via,
        body=minutes.meeting.alliance,
        reason=reason,
        data={"meeting": minutes.meeting_id, **(data or {})},
    )
