"""A cancellation on its way: let it go at once, take it back while nobody has heard of it, and what follows once it stands."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Change, Person
from meetings.domain import cancellation, deputies, stranded
from meetings.domain.planning import PlanRefused
from meetings.models import Meeting
from notifications.domain import dispatch
from notifications.enums import STILL_HERE, CallOutcome, MailKind, OutboxState
from notifications.models import Dispatch, OutboxMessage, TelephoneMark
from notifications.models.outbox_message import OutboxMessageQuerySet


class RecallRefused(Exception):
    """It cannot be taken back, or nothing waits; `str()` is a German sentence."""


def send_now(meeting: Meeting, *, by: Person, at: dt.datetime) -> int:
    """Let the mails of the cancellation go without their minute; how many. Raises RecallRefused.

    What no ring has written yet is written here.
    """
    change = cancellation.called_off(meeting)
    if change is None:
        raise RecallRefused(_("Diese Sitzung ist nicht abgesagt."))
    dispatch.fan_out(at=at)
    with transaction.atomic():
        done = _mails(change).filter(state=OutboxState.WAITING).update(not_before=at)
        if not done:
            raise RecallRefused(_("Es wartet keine Mail zu dieser Absage."))
        journal.record("mail.hurry", meeting, at=at, by=by, body=meeting.alliance, data={"messages": done})
    return done


def take_back(meeting: Meeting, *, by: Person, at: dt.datetime) -> None:
    """The meeting takes place after all, and nobody is told. Raises RecallRefused.

    The mails are taken out first and then looked at: a worker that was faster has its own, and that one is too many.
    """
    change = cancellation.called_off(meeting)
    if change is None:
        raise RecallRefused(_("Diese Sitzung ist nicht abgesagt."))
    with transaction.atomic():
        Dispatch.objects.get_or_create(change=change, defaults={"at": at})  # told or not, it is told no more
        mails = _mails(change)
        mails.filter(state__in=STILL_HERE).update(state=OutboxState.SUPERSEDED)
        if mails.may_have_arrived().exists():
            raise RecallRefused(
                _("Die Absage ist schon unterwegs und kann nicht zurückgenommen werden. Planen Sie einen neuen Termin.")
            )
        if TelephoneMark.objects.filter(change=change, outcome=CallOutcome.REACHED).exists():
            raise RecallRefused(
                _(
                    "Am Telefon weiß schon jemand von der Absage. Nehmen Sie erst „erreicht“ auf der Telefonliste zurück."
                )
            )
        try:
            cancellation.restore(meeting, by=by, at=at)
        except PlanRefused as refused:
            raise RecallRefused(str(refused)) from refused


def is_final(meeting: Meeting, *, at: dt.datetime) -> bool:
    """Whether the cancellation has been said: a mail is out, there was none to write, or the hour has come."""
    change = cancellation.called_off(meeting)
    if change is None:
        return False
    if meeting.start <= at:
        return True
    mails = _mails(change)
    is_written = Dispatch.objects.filter(change=change).exists()
    return is_written and (mails.may_have_arrived().exists() or not mails.filter(state__in=STILL_HERE).exists())


def pass_topics_on(*, at: dt.datetime) -> int:
    """The topics of meetings that are off for good go where people find them; how many."""
    return sum(stranded.pass_on(meeting, at=at) for meeting in stranded.meetings(at=at) if is_final(meeting, at=at))


def end_requests(*, at: dt.datetime) -> int:
    """Questions to stand in end with their time, and with a meeting that is off for good; how many."""
    off = [meeting for meeting in deputies.cancelled_meetings() if is_final(meeting, at=at)]
    return deputies.expire(at=at) + sum(deputies.end_of_cancelled(meeting, at=at) for meeting in off)


def _mails(change: Change) -> OutboxMessageQuerySet:
    """The letters of the cancellation, and the copies to further addresses."""
    return OutboxMessage.objects.filter(
        occasion__in=[f"{kind}:{change.pk}" for kind in (MailKind.CANCELLED, MailKind.COPY)]
    )
