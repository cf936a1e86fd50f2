"""Minutes on their way: draft, chair, everybody, approval. Approved ones are frozen; objections are in objections.py."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Membership, Person
from meetings.domain import own_words, schedule
from meetings.domain.chair import chair_of
from meetings.domain.corrections import corrected
from meetings.domain.minutes_content import as_content, content, fingerprint
from meetings.domain.minutes_journal import (
    NotYet,
    WordsMissing,
    begin,
    has_open_objections,
    hold,
    move_on,
    record,
    refuse_frozen,
)
from meetings.domain.moves import MoveRefused, may_move, move
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import BEGUN, TOOK_PLACE, Approval, Happened, MeetingState, MinutesState, ObjectionState
from meetings.models import Meeting, Minutes, MinutesVersion, Objection

logger = logging.getLogger(__name__)


class NotTheChair(Exception):
    """Somebody who does not lead the meeting, or no longer."""


class NoMail(Exception):
    """The chair gets no mail from us, so no link either."""


class ChangedMeanwhile(Exception):
    """The text is not the one the chair looked at."""


class ObjectionOpen(Exception):
    """Somebody still waits for an answer to an objection."""


def draft(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> Minutes:
    """The minutes of a meeting that began; made once. Raises NotYet."""
    if meeting.state not in BEGUN:
        raise NotYet(_("Ein Protokoll gibt es, sobald die Sitzung begonnen hat."))
    with transaction.atomic():
        return begin(meeting, by=by, at=at, via=via)


def releaser(meeting: Meeting, *, at: dt.datetime) -> Person | None:
    """Who releases the minutes: whoever led the meeting, unless they have left the alliance since."""
    chair = chair_of(meeting)
    if chair is None:
        return None
    rows = Membership.objects.filter(body=meeting.alliance_id, person=chair)
    return None if rows.exists() and not rows.active_on(local_date(at)).exists() else chair


def submit_to_chair(minutes: Minutes, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Hand the draft to the chair, who gets a link. Raises NotYet, NoMail, MinutesFrozen, MoveRefused."""
    with transaction.atomic():
        hold(minutes)
        _require_held(minutes)
        chair = releaser(minutes.meeting, at=at)
        if chair is None:
            raise NotYet(_("Dieses Bündnis hat keinen Vorsitz. Verschicken Sie das Protokoll direkt."))
        if not chair.gets_mail:
            raise NoMail(
                _(
                    "%s bekommt keine E-Mail, auch keinen Link. Bitte rufen Sie an und verschicken Sie das Protokoll "
                    "dann ohne Freigabe, mit einer Begründung."
                )
                % chair.full_name
            )
        move_on(minutes, to=MinutesState.IN_REVIEW, author=minutes.author or by, reviewed_by=None, review_remark="")
        record(Happened.MINUTES_SUBMITTED, minutes, by=by, at=at, via=via)


def release(minutes: Minutes, *, by: Person, at: dt.datetime, seen: str | None = None, via: str = Via.LINK) -> None:
    """The chair agrees with the text they saw (`seen`: its fingerprint; None asks nothing). Twice is once.

    It leaves when the Fachstelle sends it. Raises NotYet, NotTheChair, ChangedMeanwhile.
    """
    with transaction.atomic():
        hold(minutes)
        _require_releaser(minutes, by, at)
        if minutes.state != MinutesState.IN_REVIEW:
            raise NotYet(_("Das Protokoll liegt gerade nicht zur Freigabe vor."))
        if minutes.reviewed_by_id == by.pk:
            return
        if seen is not None and seen != fingerprint(content(minutes.meeting, author=minutes.author)):
            raise ChangedMeanwhile(_("Der Text hat sich seitdem geändert. Bitte lesen Sie noch einmal."))
        Minutes.objects.filter(pk=minutes.pk).update(reviewed_by=by, review_remark="", version=F("version") + 1)
        minutes.refresh_from_db()
        record(Happened.MINUTES_RELEASED, minutes, by=by, at=at, via=via)


def give_back(minutes: Minutes, *, remark: str, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """The chair wants something changed first. Raises WordsMissing, NotTheChair, MinutesFrozen, MoveRefused."""
    if not remark.strip():
        raise WordsMissing(_("Bitte schreiben Sie kurz, was geändert werden soll."))
    with transaction.atomic():
        hold(minutes)
        if minutes.state == MinutesState.IN_REVIEW:
            _require_releaser(minutes, by, at)
        move_on(minutes, to=MinutesState.DRAFT, reviewed_by=None, review_remark=remark.strip())
        record(Happened.MINUTES_RETURNED, minutes, by=by, at=at, via=via)


def recall(minutes: Minutes, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The Fachstelle takes the draft back from the chair, released or not; a mail that still waits is not sent.

    Raises NotYet.
    """
    with transaction.atomic():
        hold(minutes)
        if minutes.state != MinutesState.IN_REVIEW:
            raise NotYet(_("Das Protokoll liegt nicht beim Vorsitz."))
        move_on(minutes, to=MinutesState.DRAFT, reviewed_by=None)
        record(Happened.MINUTES_RECALLED, minutes, by=by, at=at, via=via)


def circulate(
    minutes: Minutes,
    *,
    by: Person | None,
    at: dt.datetime,
    note: str = "",
    via: str = Via.WEB,
    reason: str = "",
    introduction: str = "",
) -> MinutesVersion:
    """Freeze the text as the next version and let it go out to members and deputies.

    The first version opens the period of the alliance's rules. A corrected one is the version before with what
    was accepted; it is circulated short: half the period, counted anew, and never less than what was promised
    before. `reason` says why the chair's release was not waited for; it is kept. `introduction` stands in every mail. Raises NotYet, ObjectionOpen,
    MinutesFrozen, MoveRefused.
    """
    reason = reason.strip()
    with transaction.atomic():
        hold(minutes)
        _require_held(minutes)
        if minutes.state in {MinutesState.CIRCULATED, MinutesState.APPROVED}:
            refuse_frozen(minutes)
        if has_open_objections(minutes):
            raise ObjectionOpen(_("Bitte beantworten Sie zuerst die offenen Einwände."))
        _require_release(minutes, reason=reason, at=at)
        version = _next_version(minutes, at=at, note=note)
        move(
            minutes,
            to=MinutesState.CIRCULATED,
            circulated_at=minutes.circulated_at or at,
            objection_until=_objection_until(minutes, version.number, at),
            author=minutes.author or by,
            unreleased_because=reason if version.number == 1 else minutes.unreleased_because,
            version=minutes.version + 1,
        )
        record(
            Happened.MINUTES_CIRCULATED,
            minutes,
            by=by,
            at=at,
            via=via,
            reason="without_release" if reason else "",
            data={
                "version": version.number,
                "objection_until": minutes.objection_until.isoformat(),  # type: ignore[union-attr]
                **own_words.along(introduction, minutes.meeting),
            },
        )
    return version


def approve_by_silence(*, at: dt.datetime) -> int:
    """Approve what nobody contests any longer, at 07:00 on the day after the period. The number of minutes approved.

    Whoever writes at the same moment is not waited for: the next ring looks again.
    """
    approved = 0
    waiting = Minutes.objects.filter(state=MinutesState.CIRCULATED, objection_until__lt=local_date(at))
    for minutes in waiting.order_by("objection_until", "pk"):
        try:
            with transaction.atomic():
                hold(minutes)
                approved += _approve_if_silent(minutes, at=at)
        except (MoveRefused, MinutesFrozen):
            logger.info("minutes %s were moved by somebody else", minutes.pk)
    return approved


def _approve_if_silent(minutes: Minutes, *, at: dt.datetime) -> bool:
    until = minutes.objection_until
    if minutes.state != MinutesState.CIRCULATED or until is None or has_open_objections(minutes):
        return False
    day_after = until + dt.timedelta(days=1)
    moment = clock.automatic_mail_time(day_after)
    if moment > at:
        return False
    how = Approval.ANSWERED if minutes.objections.exists() else Approval.SILENT
    _approve(minutes, on=day_after, how=how, at=moment, by=None, via=Via.RULE)
    return True


def confirm_in_meeting(minutes: Minutes, *, meeting: Meeting, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """The next meeting confirms them; where the period has not ended yet this approves them.

    Raises NotYet, ObjectionOpen, MoveRefused.
    """
    if meeting.alliance_id != minutes.meeting.alliance_id or meeting.start <= minutes.meeting.start:
        raise NotYet(_("Bestätigt wird in einer späteren Sitzung desselben Bündnisses."))
    with transaction.atomic():
        hold(minutes)
        state = Meeting.objects.values_list("state", flat=True).get(pk=meeting.pk)
        if state == MeetingState.CANCELLED:
            raise NotYet(_("Diese Sitzung ist abgesagt. Sie kann nichts bestätigen."))
        if state not in BEGUN:
            raise NotYet(_("Diese Sitzung hat noch nicht begonnen. Bestätigt wird, wenn sie läuft oder vorbei ist."))
        if has_open_objections(minutes):
            raise ObjectionOpen(_("Bitte beantworten Sie zuerst die offenen Einwände."))
        if minutes.state != MinutesState.APPROVED:
            _approve(minutes, on=local_date(at), how=Approval.MEETING, at=at, by=by, via=via)
        kept = Minutes.objects.filter(pk=minutes.pk, confirmed_in__isnull=True)
        if kept.update(confirmed_in=meeting, version=F("version") + 1):
            data = {"confirmed_in": meeting.pk}
            record(Happened.MINUTES_CONFIRMED, minutes, by=by, at=at, via=via, data=data)
        minutes.refresh_from_db()


def pending(minutes: Minutes, last: MinutesVersion) -> list[Objection]:
    """What was accepted since this version and stands in none yet."""
    rows = minutes.objections.filter(
        state=ObjectionState.ACCEPTED, corrects_in__isnull=True, received_at__gte=last.circulated_at
    )
    return list(rows.select_related("agenda_item").order_by("received_at", "pk"))


def _approve(minutes: Minutes, *, on: dt.date, how: Approval, at: dt.datetime, by: Person | None, via: str) -> None:
    move_on(minutes, to=MinutesState.APPROVED, approved_on=on, approval=how)
    record(Happened.MINUTES_APPROVED, minutes, by=by, at=at, via=via, reason=str(how))
    meeting = minutes.meeting
    if may_move(meeting, to=MeetingState.CLOSED):
        move(meeting, to=MeetingState.CLOSED, changed_at=at)
        journal.record(Happened.MEETING_CLOSED, meeting, at=at, by=by, via=via, body=meeting.alliance)


def _next_version(minutes: Minutes, *, at: dt.datetime, note: str) -> MinutesVersion:
    last = minutes.versions.order_by("-number").first()
    if last is None:
        meeting = Meeting.objects.select_related("alliance", "venue", "chair").get(pk=minutes.meeting_id)
        number, text = 1, content(meeting, author=minutes.author)
    else:
        accepted = pending(minutes, last)
        if not accepted:
            refuse_frozen(minutes)
        number, text = last.number + 1, corrected(as_content(last.content), accepted)
        Objection.objects.filter(pk__in=[objection.pk for objection in accepted]).update(corrects_in=number)
    return MinutesVersion.objects.create(
        minutes=minutes, number=number, circulated_at=at, note=note.strip(), content=text
    )


def wants_release(minutes: Minutes, *, at: dt.datetime) -> bool:
    """Whether the chair has still to release them, so that sending them now wants a reason."""
    if minutes.state == MinutesState.DRAFT:
        return releaser(minutes.meeting, at=at) is not None
    return minutes.state == MinutesState.IN_REVIEW and minutes.reviewed_by_id is None


def _require_release(minutes: Minutes, *, reason: str, at: dt.datetime) -> None:
    if reason or not wants_release(minutes, at=at):
        return
    if minutes.state == MinutesState.DRAFT:
        raise NotYet(_("Der Vorsitz hat das Protokoll noch nicht gesehen. Ohne Freigabe braucht es eine Begründung."))
    raise NotYet(_("Der Vorsitz hat noch nicht freigegeben. Ohne Freigabe braucht es eine Begründung."))


def _require_releaser(minutes: Minutes, person: Person, at: dt.datetime) -> None:
    chair = releaser(minutes.meeting, at=at)
    if chair is None or chair.pk != person.pk:
        raise NotTheChair(_("Dieses Protokoll gibt der Vorsitz frei. Bei Fragen rufen Sie uns bitte an."))


def _objection_until(minutes: Minutes, number: int, at: dt.datetime) -> dt.date:
    alliance = minutes.meeting.alliance
    if number == 1:
        return schedule.objection_until(alliance, local_date(at))
    short = schedule.objection_until(alliance, local_date(at) - dt.timedelta(days=alliance.objection_days // 2))
    return max(minutes.objection_until or short, short)


def _require_held(minutes: Minutes) -> None:
    if minutes.meeting.state not in TOOK_PLACE:
        raise NotYet(_("Die Sitzung läuft noch. Bitte beenden Sie zuerst die Sitzung."))
