"""Minutes on their way: draft, chair, everybody, approval. Approved ones are frozen; objections are in objections.py."""

from __future__ import annotations

import datetime as dt

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
from meetings.domain.minutes_journal import (
    NotYet,
    WordsMissing,
    has_open_objections,
    move_on,
    record,
    refuse_frozen,
)
from meetings.domain.moves import may_move, move
from meetings.enums import Approval, Happened, MeetingState, MinutesState
from meetings.models import Meeting, Minutes, MinutesVersion


class ObjectionOpen(Exception):
    """Somebody still waits for an answer to an objection."""


def draft(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> Minutes:
    """The minutes of a meeting that began; made once. Raises NotYet."""
    if meeting.state not in {MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.CLOSED}:
        raise NotYet(_("Ein Protokoll gibt es, sobald die Sitzung begonnen hat."))
    with transaction.atomic():
        minutes, made = Minutes.objects.get_or_create(meeting=meeting, defaults={"author": by})
        if made:
            record(Happened.MINUTES_DRAFTED, minutes, by=by, at=at, via=via)
    return minutes


def submit_to_chair(minutes: Minutes, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Hand the draft to the chair, who gets a link. Raises NotYet, MinutesFrozen, MoveRefused."""
    _require_held(minutes)
    if chair_of(minutes.meeting) is None:
        raise NotYet(_("Dieses Bündnis hat keinen Vorsitz. Verschicken Sie das Protokoll direkt."))
    with transaction.atomic():
        move_on(minutes, to=MinutesState.IN_REVIEW, author=minutes.author or by, reviewed_by=None, review_remark="")
        record(Happened.MINUTES_SUBMITTED, minutes, by=by, at=at, via=via)


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
        record(Happened.MINUTES_RELEASED, minutes, by=by, at=at, via=via)


def give_back(minutes: Minutes, *, remark: str, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """The chair wants something changed first. Raises WordsMissing, MoveRefused."""
    if not remark.strip():
        raise WordsMissing(_("Bitte schreiben Sie kurz, was geändert werden soll."))
    with transaction.atomic():
        move_on(minutes, to=MinutesState.DRAFT, reviewed_by=None, review_remark=remark.strip())
        record(Happened.MINUTES_RETURNED, minutes, by=by, at=at, via=via)


def recall(minutes: Minutes, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The Fachstelle takes the draft back from the chair, released or not; a mail that still waits is not sent.

    Raises NotYet.
    """
    with transaction.atomic():
        minutes.refresh_from_db()
        if minutes.state != MinutesState.IN_REVIEW:
            raise NotYet(_("Das Protokoll liegt nicht beim Vorsitz."))
        move_on(minutes, to=MinutesState.DRAFT, reviewed_by=None)
        record(Happened.MINUTES_RECALLED, minutes, by=by, at=at, via=via)


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
            refuse_frozen(minutes)
        if has_open_objections(minutes):
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
        record(
            Happened.MINUTES_CIRCULATED,
            minutes,
            by=by,
            at=at,
            via=via,
            reason="without_release" if reason.strip() else "",
            data={"version": version.number, "objection_until": minutes.objection_until.isoformat()},  # type: ignore[union-attr]
        )
    return version


def approve_by_silence(*, at: dt.datetime) -> int:
    """Approve what nobody contested, at 07:00 on the day after the period. The number of minutes approved."""
    approved = 0
    waiting = Minutes.objects.filter(state=MinutesState.CIRCULATED, objection_until__lt=local_date(at))
    for minutes in waiting.select_related("meeting__alliance").order_by("objection_until", "pk"):
        if minutes.objection_until is None or has_open_objections(minutes):
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
        if has_open_objections(minutes):
            raise ObjectionOpen(_("Bitte beantworten Sie zuerst die offenen Einwände."))
        if minutes.state != MinutesState.APPROVED:
            _approve(minutes, on=local_date(at), how=Approval.MEETING, at=at, by=by, via=via)
        kept = Minutes.objects.filter(pk=minutes.pk, confirmed_in__isnull=True)
        if kept.update(confirmed_in=meeting, version=F("version") + 1):
            data = {"confirmed_in": meeting.pk}
            record(Happened.MINUTES_CONFIRMED, minutes, by=by, at=at, via=via, data=data)
        minutes.refresh_from_db()


def _approve(minutes: Minutes, *, on: dt.date, how: Approval, at: dt.datetime, by: Person | None, via: str) -> None:
    move_on(minutes, to=MinutesState.APPROVED, approved_on=on, approval=how)
    record(Happened.MINUTES_APPROVED, minutes, by=by, at=at, via=via, reason=str(how))
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


def _require_held(minutes: Minutes) -> None:
    if minutes.meeting.state not in {MeetingState.HELD, MeetingState.CLOSED}:
        raise NotYet(_("Die Sitzung läuft noch. Bitte beenden Sie zuerst die Sitzung."))
