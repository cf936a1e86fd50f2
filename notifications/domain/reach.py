"""Whether mail has told one person what happened to a meeting, and in which words the Fachstelle reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from buendnisse import clock, german
from buendnisse.models import Change
from meetings.enums import COMING, Answer, Happened
from meetings.models import Attendance
from notifications.domain import outbox
from notifications.enums import OutboxState
from notifications.models import OutboxMessage

_STUCK_AFTER = dt.timedelta(minutes=5)  # past its moment: whoever should send it does not


class Reach(Enum):
    CALL = auto()
    UNDER_WAY = auto()
    MAILED = auto()
    NOT_NEEDED = auto()


@dataclass(frozen=True)
class Verdict:
    """`leaves_at`: when the mail that is under way goes, also to somebody who needs none."""

    reach: Reach
    words: str
    leaves_at: dt.datetime | None = None


def judge(row: Attendance, messages: Sequence[OutboxMessage], change: Change, *, at: dt.datetime) -> Verdict:
    """What mail did for this person since `change`. `messages`: all about this meeting to them, the oldest first."""
    since = [message for message in messages if is_since(message, change)]
    if sent := next((message for message in since if message.state == OutboxState.SENT), None):
        return Verdict(Reach.MAILED, _("Die Mail ging %s.") % _moment(sent.sent_at or sent.not_before, at))
    if words := _knows(row, change):
        return Verdict(Reach.NOT_NEEDED, words, _leaves_at(row, messages, since, change, at))
    if not row.person.wants_mail:
        return Verdict(Reach.CALL, _("Möchte keine E-Mails.") if row.person.email else _("Hat keine E-Mail-Adresse."))
    if row.person.mail_comes_back and not (since and since[-1].state == OutboxState.FAILED):
        return Verdict(Reach.CALL, _("Mails an diese Adresse kommen zurück."))
    if not since:
        return _not_written(change, at)
    return _by_state(since[-1], row, messages, change, at)


def is_since(message: OutboxMessage, change: Change) -> bool:
    """Whether this change or a later one set the message off."""
    number = message.occasion.rpartition(":")[2]
    return number.isdecimal() and int(number) >= change.pk


def _leaves_at(
    row: Attendance,
    messages: Sequence[OutboxMessage],
    since: Sequence[OutboxMessage],
    change: Change,
    at: dt.datetime,
) -> dt.datetime | None:
    """When mail goes to somebody who knows already; None where none goes, or it stays."""
    if since:
        return _by_state(since[-1], row, messages, change, at).leaves_at
    return _not_written(change, at).leaves_at if row.person.gets_mail else None


def _by_state(
    message: OutboxMessage, row: Attendance, messages: Sequence[OutboxMessage], change: Change, at: dt.datetime
) -> Verdict:
    match message.state:
        case OutboxState.FAILED:
            return Verdict(Reach.CALL, _("Die Mail kam nicht an. %s") % message.failure)
        case OutboxState.STOPPED:
            return Verdict(Reach.CALL, _("Die Mail ist angehalten."))
        case OutboxState.SENDING:
            return Verdict(Reach.UNDER_WAY, _("Die Mail wird gerade gesendet."), message.not_before)
        case OutboxState.WAITING if message.failure:
            words = _("Die Mail ging noch nicht hinaus. Neuer Versuch %s.")
            return Verdict(Reach.CALL, words % _moment(message.not_before, at))
        case OutboxState.WAITING:
            return _waits(message.not_before, at)
    return _nothing_to_say(row, messages, change)


def _not_written(change: Change, at: dt.datetime) -> Verdict:
    """The next ring writes it. Long after, there was none to write: the address is younger than the mail."""
    leaves_at = change.at + outbox.GRACE
    if hasattr(change, "dispatch"):
        return Verdict(Reach.CALL, _("Hat keine Mail dazu bekommen."))
    return _waits(leaves_at, at)


def _waits(leaves_at: dt.datetime, at: dt.datetime) -> Verdict:
    if leaves_at + _STUCK_AFTER < at:
        return Verdict(Reach.CALL, _("Die Mail wartet seit %s.") % german.hour(leaves_at))
    return Verdict(Reach.UNDER_WAY, _("Die Mail geht gleich."), leaves_at)


def _nothing_to_say(row: Attendance, messages: Sequence[OutboxMessage], change: Change) -> Verdict:
    """The letter fell away, since by mail this person knows nothing of the date, or everything already."""
    if not _is_off(change):
        return Verdict(Reach.NOT_NEEDED, _("Weiß es schon."))
    tried = {OutboxState.FAILED, OutboxState.STOPPED}
    if row.answer != Answer.PENDING or any(message.state in tried for message in messages):
        return Verdict(Reach.CALL, _("Hatte keine Einladung per Mail bekommen."))
    return Verdict(Reach.NOT_NEEDED, _("War noch nicht eingeladen."))


def _knows(row: Attendance, change: Change) -> str:
    """Why somebody needs no call whatever became of the mail; empty where they do."""
    if row.answer == Answer.PENDING or row.answer_is_for_earlier_date:
        return ""
    if not _is_off(change):
        return _("Hat zum neuen Termin geantwortet.")
    return _("Hatte schon abgesagt.") if row.answer == Answer.DECLINED else ""


def _is_off(change: Change) -> bool:
    return change.verb == Happened.MEETING_CANCELLED


def _moment(moment: dt.datetime, at: dt.datetime) -> str:
    """ "um 07:05 Uhr", "am 2. Dezember"."""
    is_today = clock.local_date(moment) == clock.local_date(at)
    return _("um %s") % german.hour(moment) if is_today else _("am %s") % german.day_and_month(moment)


def would_come(row: Attendance, change: Change) -> bool:
    """Said yes to the date that does not hold any more: stands in front of a closed door if nobody calls."""
    return row.answer in COMING and row.answer_is_for_earlier_date != _is_off(change)


def urgency(row: Attendance, change: Change) -> tuple[int, str, str, int]:
    """Order of a list: who would come in vain first, then perhaps, unknown, not; then by name."""
    said = {Answer.TENTATIVE: 1, Answer.PENDING: 2, Answer.DECLINED: 3}
    rank = 0 if would_come(row, change) else said.get(Answer(row.answer), 1)
    return rank, row.person.last_name, row.person.first_name, row.pk
