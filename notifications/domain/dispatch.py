"""From the journal to the outbox: every Change is told once, and told to the right people."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import IntegrityError, transaction

from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import own_words
from notifications.domain import calm, mail_ahead, outbox
from notifications.domain.dispatching import HANDLERS
from notifications.domain.draft import Draft
from notifications.domain.own_words import INTRODUCTION
from notifications.enums import MailKind
from notifications.models import Dispatch

logger = logging.getLogger(__name__)

_PORTION = 200  # changes read at once


class Untold(Exception):
    """Some changes could not be told; all others were, with `written` messages."""

    def __init__(self, *, failed: int, written: int) -> None:
        super().__init__(f"{failed} changes could not be told")
        self.written = written


def fan_out(*, at: dt.datetime) -> int:
    """Write the mail of every change up to `at` that has none yet; the number of messages written.

    Each change is a transaction of its own: its Dispatch row and its messages come together or not at all. One
    that cannot be told is logged and tried again by the next ring; it holds nothing else back.
    Raises Untold in the end if there was one.
    """
    written = seen = failed = 0
    while True:
        untold = Change.objects.filter(dispatch__isnull=True, at__lte=at, pk__gt=seen)
        changes = list(untold.order_by("pk")[:_PORTION])
        if not changes:
            break
        for change in changes:
            messages = _tell(change, at)
            written += messages or 0
            failed += messages is None
        seen = changes[-1].pk
    calm.settle(at=at)
    if failed:
        raise Untold(failed=failed, written=written)
    return written


#: Whose mail has the words of whoever did it.
_WITH_OWN_WORDS = frozenset({MailKind.CANCELLED, MailKind.MOVED, MailKind.MINUTES, MailKind.COPY})


def _introduced(drafts: Iterable[Draft], change: Change) -> Iterator[Draft]:
    """With the words that were given along with the change, if there are any."""
    words = own_words.given_with(change)
    for draft in drafts:
        has_room = bool(words) and draft.kind in _WITH_OWN_WORDS
        yield replace(draft, data={**draft.data, INTRODUCTION: words}) if has_room else draft


def _tell(change: Change, at: dt.datetime) -> int | None:
    """The number of messages written; None where it failed."""
    try:
        with transaction.atomic():
            row = Dispatch.objects.create(change=change, at=at)
            handler = HANDLERS.get(change.verb)
            if handler is None:
                return 0
            not_before = change.at if change.via in {Via.RULE, Via.COMMAND} else change.at + outbox.GRACE
            drafts = mail_ahead.decided(_introduced(handler(change, at), change), change)
            row.messages = outbox.write_all(drafts, change=change, at=at, not_before=not_before)
            mail_ahead.forget(change)
            row.save(update_fields=["messages"])
            return row.messages
    except IntegrityError:
        return 0  # another worker told it
    except Exception:
        logger.exception("change %s (%s) could not be told", change.pk, change.verb)
        return None
