"""Mails of what is taken back before anybody has heard of it: written or not yet, they do not leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from notifications.enums import STILL_HERE, MailKind, OutboxState
from notifications.models import Dispatch, OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

#: What seats that come or go set off.
_KINDS = (
    MailKind.WELCOME,
    MailKind.FAREWELL,
    MailKind.INVITATION,
    MailKind.UNINVITED,
    MailKind.COPY,
    MailKind.DEPUTY_UNASKED,
)


def is_heard(changes: Sequence[int]) -> bool:
    """Whether a mail about one of these changes may have arrived."""
    return _mails(changes).may_have_arrived().exists()


def hush(changes: Sequence[int], *, at: dt.datetime) -> bool:
    """Keep back what has not left; False where one may have arrived, and then the caller takes all of it back.

    The mails are taken out first and then looked at: a worker that was faster has its own, and that one is too many.
    """
    for number in changes:
        Dispatch.objects.get_or_create(change_id=number, defaults={"at": at})  # told or not, it is told no more
    _mails(changes).filter(state__in=STILL_HERE).update(state=OutboxState.SUPERSEDED, is_held=False)
    return not is_heard(changes)


def _mails(changes: Sequence[int]) -> OutboxMessageQuerySet:
    return OutboxMessage.objects.filter(occasion__in=[f"{kind}:{number}" for kind in _KINDS for number in changes])
