"""What is not kept. Each step forgets what is due at a moment, a portion a ring, and returns how much it was.

The periods are those of the privacy page (templates/buendnisse/legal/privacy.html); a change here is one there.
A second ring at the same moment finds nothing, unless more was due than a portion.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import models, transaction

from buendnisse import clock
from buendnisse.domain import api_tokens, forgetting, links
from buendnisse.models import AddressWish, Person
from meetings.domain import answer_counts, circular_end, deputies, meeting_folder, remarks
from meetings.domain import forgetting as open_matters
from notifications.domain import returned
from notifications.enums import InboundState, MailKind, OutboxState, RingStep
from notifications.models import InboundMessage, OutboxMessage, TelephoneMark

logger = logging.getLogger(__name__)

#: The bytes of a mail: long enough to look up what was sent (design, "the outbox").
KEEP_BYTES = dt.timedelta(days=30)
#: That somebody asked for a code or a new link is of use while the mail could still be missing.
KEEP_ACCESS_MAILS = dt.timedelta(days=30)

#: What came in, as it came: long enough to look up what somebody wrote before the last meeting.
KEEP_INBOUND_BYTES = dt.timedelta(days=90)
#: From whom mail came, what it was about and what became of it, once nothing is to be done any more.
KEEP_INBOUND = dt.timedelta(days=365)

_PORTION = 500  # rows of one kind a ring
_MEETINGS = 20
_PEOPLE = 10  # each looks through all minutes the person had a part in
_ACCESS = (MailKind.CODE, MailKind.LINK, MailKind.ADDRESS_CHECK, MailKind.ADDRESS_CHANGED)


class Unforgotten(Exception):
    """Some people could not be forgotten; `done` others were."""

    def __init__(self, *, failed: int, done: int) -> None:
        super().__init__(f"{failed} people could not be forgotten")
        self.done = done


def forget_bytes(*, at: dt.datetime) -> int:
    """The bytes of old mail, and what a message that will never leave was made of; who got which mail stays.

    So does what a mail told about a date: the next mail builds on it, months later.

    Failed and stopped mail loses its bytes only: released after all, it is written anew.
    """
    before = at - KEEP_BYTES
    sent = OutboxMessage.objects.filter(state=OutboxState.SENT, sent_at__lt=before, payload__isnull=False)
    over = OutboxMessage.objects.filter(state=OutboxState.SUPERSEDED, created_at__lt=before).exclude(
        payload__isnull=True, data={}
    )
    held = OutboxMessage.objects.filter(
        state__in=[OutboxState.FAILED, OutboxState.STOPPED], created_at__lt=before, payload__isnull=False
    )
    told = _portion(sent.filter(data__has_key="told")).update(payload=None)
    done = told + _portion(sent).update(payload=None, data={}) + _portion(over).update(payload=None, data={})
    return done + _portion(held).update(payload=None)


def forget_inbound(*, at: dt.datetime) -> int:
    """What came in: its text, what was needed to take it back, and in the end that it came. What is open waits."""
    bare = InboundMessage.objects.filter(raw__isnull=False, received_at__lt=at - KEEP_INBOUND_BYTES)
    done = _portion(bare).update(raw=None, comment="", data={})
    old = InboundMessage.objects.filter(received_at__lt=at - KEEP_INBOUND).exclude(state=InboundState.OPEN)
    return done + _deleted(_portion(old))


def forget_calls(*, at: dt.datetime) -> int:
    """Who was called about a meeting is nobody's business once it is long over."""
    return _deleted(_portion(TelephoneMark.objects.filter(attendance__meeting__end__lt=at - KEEP_BYTES)))


def forget_access_mails(*, at: dt.datetime) -> int:
    """Mails with a code or a new link, as a whole: nobody needs to know for ever when somebody signed in.

    With them go addresses that somebody wished for and never confirmed.
    """
    AddressWish.objects.filter(asked_at__lt=at - KEEP_ACCESS_MAILS).delete()
    old = OutboxMessage.objects.filter(kind__in=_ACCESS, created_at__lt=at - KEEP_ACCESS_MAILS)
    return _deleted(_portion(old.exclude(state=OutboxState.SENDING)))


def count_answers(*, at: dt.datetime) -> int:
    """Who answered what, once the minutes are approved; the number of meetings."""
    meetings = answer_counts.due(at=at, limit=_MEETINGS)
    for meeting in meetings:
        answer_counts.count(meeting, at=at)
    return len(meetings)


def forget_ballots(*, at: dt.datetime) -> int:
    """Who voted how by mail, 30 days after the end; the number of votes."""
    return circular_end.forget_ballots(at=at, limit=_MEETINGS)


def forget_links(*, at: dt.datetime) -> int:
    return links.forget_expired(at=at, limit=_PORTION)


def forget_keys(*, at: dt.datetime) -> int:
    """End keys nobody uses any longer, and forget those that ended long ago."""
    return api_tokens.end_unused(at=at, limit=_PORTION) + api_tokens.forget_ended(at=at, limit=_PORTION)


def forget_remarks(*, at: dt.datetime) -> int:
    """What members said about other alliances, a year after it was dealt with or taken back."""
    return remarks.forget_done(at=at, limit=_PORTION)


def forget_sessions(*, at: dt.datetime) -> int:
    """Sessions that are over, by the machine's clock, which also ends them."""
    return _deleted(_portion(Session.objects.filter(expire_date__lt=clock.real_now())))


def forget_people(*, at: dt.datetime) -> int:
    """Names and addresses of people who left more than 24 months ago, and the record of mail to them.

    Each person is a transaction of their own. One that cannot be forgotten is logged and tried again by the next
    ring; they hold nobody else back. Raises Unforgotten in the end if there was one.
    """
    waiting = OutboxMessage.objects.filter(person=models.OuterRef("pk"), state__in=_ON_THEIR_WAY)
    done = failed = 0
    for person in open_matters.due(at=at).exclude(models.Exists(waiting)):
        if done == _PEOPLE:
            break
        is_forgotten = _forget(person, at)
        done += is_forgotten
        failed += not is_forgotten
    if failed:
        raise Unforgotten(failed=failed, done=done)
    return done


def forget_unconfirmed(*, at: dt.datetime) -> int:
    """Name and address of those who were asked to stand in and never said yes, with all mail to them.

    Raises Unforgotten as `forget_people` does.
    """
    waiting = OutboxMessage.objects.filter(person=models.OuterRef("pk"), state__in=_ON_THEIR_WAY)
    people = list(deputies.never_confirmed(at=at).exclude(models.Exists(waiting))[:_PEOPLE])
    done = sum(_forget(person, at) for person in people)
    if done < len(people):
        raise Unforgotten(failed=len(people) - done, done=done)
    return done


def _forget(person: Person, at: dt.datetime) -> bool:
    """False where it failed; the person is as before then."""
    number = person.pk
    try:
        with transaction.atomic():
            mask = open_matters.Mask(person)
            forgetting.pseudonymise(person, at=at)
            mask.write(person.full_name)
            OutboxMessage.objects.filter(person=person).delete()  # and with them what came back
            InboundMessage.objects.filter(person=person).delete()
            EmailAddress.objects.filter(user=person).delete()
    except Exception:
        logger.exception("person %s could not be forgotten", number)
        return False
    return True


_ON_THEIR_WAY = (OutboxState.WAITING, OutboxState.SENDING)

#: In the ring's order.
STEPS: Mapping[RingStep, Callable[..., int]] = {
    RingStep.RETURNS: returned.forget,
    RingStep.MAIL_BYTES: forget_bytes,
    RingStep.TELEPHONE_LISTS: forget_calls,
    RingStep.ACCESS_MAILS: forget_access_mails,
    RingStep.ANSWERS: count_answers,
    RingStep.BALLOTS: forget_ballots,
    RingStep.REMARKS: forget_remarks,
    RingStep.LINKS: forget_links,
    RingStep.KEYS: forget_keys,
    RingStep.SESSIONS: forget_sessions,
    RingStep.INBOUND: forget_inbound,
    RingStep.OLD_FOLDERS: meeting_folder.forget_old,
    RingStep.UNCONFIRMED: forget_unconfirmed,
    RingStep.PEOPLE: forget_people,
}


def _portion(rows: models.QuerySet[models.Model]) -> models.QuerySet[models.Model]:
    """A bounded part of the rows, as a set that can be changed."""
    chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:_PORTION])
    return rows.model._default_manager.filter(pk__in=chosen)


def _deleted(rows: models.QuerySet[models.Model]) -> int:
    return rows.delete()[0]
