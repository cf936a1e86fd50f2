"""Answers that come from calendars are entered, unless a newer one counts (RFC 5546 sections 2.1.5 and 3.2.3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import answers, deputy_requests, telephone_answers
from meetings.enums import Answer, MeetingMode, MeetingState
from meetings.models import Attendance
from notifications.domain import inbox_matching, inbox_provisional, invitations
from notifications.domain.inbox_matching import Matched
from notifications.domain.inbox_verdict import ToTray, Verdict
from notifications.enums import InboundOutcome, InboundReason, InboundVerb
from notifications.imip.incoming import Incoming
from notifications.models import InboundMessage, Invitation


@dataclass(frozen=True)
class Said:
    """What is to be entered. `is_earlier`: it was said about a date or a version that holds no longer."""

    answer: Answer
    comment: str
    sequence: int
    stamp: dt.datetime
    is_earlier: bool


def apply(row: InboundMessage, mail: Incoming, *, at: dt.datetime) -> Verdict:
    """Find the invitation and enter the answer, if all of it holds together. Needs a transaction."""
    if mail.answer is not None:
        inbox_matching.note(row, mail.answer, mail, at=at)
    if mail.fault or mail.answer is None:
        return Verdict.tray(InboundReason(mail.fault or InboundReason.UNREADABLE_CALENDAR))
    try:
        found = inbox_matching.match(row, mail.answer, mail)
        return _BY_METHOD[mail.answer.method](row, found, at)
    except ToTray as to_tray:
        return to_tray.verdict


def enter(
    row: InboundMessage, invitation: Invitation, answer: Answer, *, by: Person | None, at: dt.datetime
) -> Verdict:
    """Enter it for the invited person unless a newer one counts; what is needed to take it back stays in `row`.

    Raises ToTray.
    """
    attendance = open_row(invitation, at=at)
    said = _said(row, invitation, answer)
    if _is_overtaken(said, invitation, attendance):
        return Verdict(InboundOutcome.DUPLICATE, InboundReason.OVERTAKEN)
    if said.is_earlier and _is_answered(attendance):
        raise ToTray(InboundReason.EARLIER_VERSION)
    try:
        return _write(row, said, invitation, attendance, {"via": Via.CALENDAR, "by": by, "at": at})
    except answers.AnswerRefused as refused:
        raise ToTray(InboundReason.REFUSED, str(refused)) from refused


def open_row(invitation: Invitation, *, at: dt.datetime) -> Attendance:
    """The invited person's row, while answers are taken. Raises ToTray."""
    attendance = answers.of(invitation.meeting, invitation.person)
    if attendance is not None:
        attendance.meeting = invitation.meeting
    if why := why_closed(attendance, at):
        raise ToTray(InboundReason.REFUSED, why)
    assert attendance is not None  # noqa: S101 -- else there was a reason
    return attendance


def why_closed(attendance: Attendance | None, at: dt.datetime) -> str:
    """Why nothing can be entered for this person any more, as the Fachstelle reads it; empty where it can."""
    if attendance is None:
        return _("Die Person steht nicht auf der Liste dieser Sitzung.")
    if attendance.meeting.state == MeetingState.CANCELLED:
        return _("Die Sitzung fällt aus.")
    if not answers.is_open(attendance.meeting, at):
        return _("Die Sitzung hatte schon begonnen.")
    return "" if attendance.is_asked else _("Die Person war nicht mehr eingeladen.")


def record(
    verb: InboundVerb, row: InboundMessage, *, by: Person | None, at: dt.datetime, via: str = Via.CALENDAR
) -> None:
    """A line in the journal about this mail: numbers only."""
    body = row.meeting.alliance if row.meeting else None
    data = {"meeting": row.meeting_id, "person": row.person_id}
    journal.record(verb, row, at=at, by=by, via=via, body=body, data=data)


def _reply(row: InboundMessage, found: Matched, at: dt.datetime) -> Verdict:
    answer = inbox_matching.answer_of(row, found)
    if found.said.sequence > found.invitation.sequence:
        raise ToTray(InboundReason.AHEAD)
    if answer is None:
        return Verdict(InboundOutcome.APPLIED, InboundReason.NO_ANSWER)
    if found.is_proven:
        return enter(row, found.invitation, answer, by=found.invitation.person, at=at)
    return _enter_provisionally(row, found, answer, at)


def _counter(row: InboundMessage, found: Matched, at: dt.datetime) -> Verdict:
    """A proposal moves nothing. What else it says ("vielleicht") counts where it is proven and sends nobody away.

    Outlook says that with every proposal. Whether it was entered is noted, and if not, why stands beside the proposal.
    Raises ToTray where the meeting is over or off.
    """
    attendance = open_row(found.invitation, at=at)
    why_not = ""
    try:
        answer = inbox_matching.answer_of(row, found)
        if answer is not None:
            _require_proven(found, attendance)
            verdict = enter(row, found.invitation, answer, by=found.invitation.person, at=at)
            is_entered = verdict.outcome == InboundOutcome.APPLIED
            row.data = {**row.data, "is_entered": is_entered}
            why_not = "" if is_entered else str(verdict.reason.label)
    except ToTray as to_tray:
        why_not = to_tray.verdict.refusal or str(to_tray.verdict.reason.label)
        if to_tray.verdict.reason in inbox_matching.NOT_THE_INVITEE:
            row.data = {**row.data, "proposer": row.attendee_name or row.attendee or row.who}
    start, end = found.invitation.meeting.start, found.invitation.meeting.end
    is_same_time = row.proposed_start == start and row.proposed_end in {None, end}
    return Verdict.tray(InboundReason.SAME_TIME if is_same_time else InboundReason.PROPOSAL, why_not)


def _require_proven(found: Matched, attendance: Attendance) -> None:
    """Raises ToTray where the answer beside a proposal is not simply believed."""
    if found.said.sequence > found.invitation.sequence:
        raise ToTray(InboundReason.AHEAD)
    if not found.is_proven:
        raise ToTray(InboundReason.UNPROVEN, _("Ob die Mail wirklich von dieser Person kommt, ist nicht belegt."))
    if _somebody_stands_in(attendance):
        raise ToTray(InboundReason.SOMEBODY_STANDS_IN, _("Für diese Person ist eine Vertretung benannt oder gefragt."))


def _refresh(row: InboundMessage, found: Matched, at: dt.datetime) -> Verdict:
    """The current REQUEST again, to the invited address and to no other (RFC 5546 sections 3.2.6 and 6.1.6).

    Only where somebody we know asked. Raises ToTray.
    """
    if row.is_automatic:
        return Verdict(InboundOutcome.AUTOMATIC, InboundReason.AUTOMATIC)
    if not inbox_matching.knows_who_asks(found):
        raise ToTray(InboundReason.STRANGER_ASKED)
    open_row(found.invitation, at=at)
    record(InboundVerb.REFRESHED, row, by=found.invitation.person, at=at)
    return Verdict(InboundOutcome.APPLIED, InboundReason.REFRESHED)


_BY_METHOD = {"REPLY": _reply, "COUNTER": _counter, "REFRESH": _refresh}


def _enter_provisionally(row: InboundMessage, found: Matched, answer: Answer, at: dt.datetime) -> Verdict:
    """It counts, and the invited person is told. What a program wrote is never answered: then the Fachstelle looks.

    Nothing that cannot be put back is done for it: a deputy stays where there is one. Raises ToTray.
    """
    attendance = open_row(found.invitation, at=at)
    if answer != Answer.DECLINED and _somebody_stands_in(attendance):
        raise ToTray(InboundReason.SOMEBODY_STANDS_IN)
    verdict = enter(row, found.invitation, answer, by=None, at=at)
    if "before" not in row.data or verdict.reason == InboundReason.EARLIER_DATE:
        return verdict
    if row.is_automatic:
        return Verdict(InboundOutcome.PROVISIONAL, InboundReason.UNASKED, is_open=True)
    record(InboundVerb.PROVISIONAL, row, by=None, at=at)
    reason = InboundReason.UNPROVEN if found.knows_sender else InboundReason.OTHER_SENDER
    return Verdict(InboundOutcome.PROVISIONAL, reason)


def _somebody_stands_in(attendance: Attendance) -> bool:
    """Somebody else is named, or was asked and has not said no."""
    return answers.deputy_of(attendance) is not None or deputy_requests.open_of(attendance) is not None


def _said(row: InboundMessage, invitation: Invitation, answer: Answer) -> Said:
    sequence = row.sequence or 0
    is_earlier = sequence < invitation.sequence or invitations.was_moved(invitation, invitation.meeting)
    assert row.stamp is not None  # noqa: S101 -- noted with the rest
    return Said(answer, row.comment, sequence, row.stamp, is_earlier=is_earlier)


def _is_overtaken(said: Said, invitation: Invitation, attendance: Attendance) -> bool:
    """Between mails (SEQUENCE, DTSTAMP) decides. What was said on the web or the telephone has its moment as stamp."""
    last = invitation.last_reply_stamp
    if last is not None and (said.sequence, said.stamp) <= (invitation.last_reply_sequence or 0, last):
        return True
    answered_at = attendance.answered_at
    return answered_at is not None and attendance.answered_via != Via.CALENDAR and said.stamp <= answered_at


def _is_answered(attendance: Attendance) -> bool:
    """For the date as it is now."""
    return attendance.answer != Answer.PENDING and not attendance.answer_is_for_earlier_date


def _write(
    row: InboundMessage, said: Said, invitation: Invitation, attendance: Attendance, told: dict[str, Any]
) -> Verdict:
    answer = _where(said.answer, attendance)
    last = invitation.last_reply_stamp
    kept = {"sequence": invitation.last_reply_sequence, "stamp": last.isoformat() if last else None}
    facts: dict[str, Any] = {"answer": answer, "comment": said.comment, **told}
    doubtful = inbox_provisional.standing(invitation)
    is_proven = told["by"] is not None
    known_words = {attendance.comment} if doubtful and is_proven else {"", attendance.comment}
    is_new = True
    before: telephone_answers.Before | None = None
    if said.is_earlier:
        before = telephone_answers.enter_for_earlier_date(attendance, **facts)
    elif _is_answered(attendance) and attendance.answer == answer and said.comment in known_words:
        is_new = False
    else:
        before = telephone_answers.enter(attendance, **facts, deputy=None, version=None)
    Invitation.objects.filter(pk=invitation.pk).update(last_reply_sequence=said.sequence, last_reply_stamp=said.stamp)
    if is_new:
        row.data = {
            **row.data,
            **inbox_provisional.what_holds_without(doubtful, attendance, before=before, last=kept),
        }
    if is_new or is_proven:
        inbox_provisional.replace(doubtful, by=row)
    if not is_new:
        return Verdict(InboundOutcome.APPLIED, InboundReason.SAME)
    return Verdict(InboundOutcome.APPLIED, InboundReason.EARLIER_DATE if said.is_earlier else InboundReason.ANSWERED)


def _where(answer: Answer, attendance: Attendance) -> Answer:
    """A calendar says that somebody comes, not where: online stays online, and what is online only is."""
    is_online = attendance.answer == Answer.ACCEPTED_ONLINE and attendance.meeting.has_online
    if answer == Answer.ACCEPTED and (is_online or attendance.meeting.mode == MeetingMode.ONLINE):
        return Answer.ACCEPTED_ONLINE
    return answer
