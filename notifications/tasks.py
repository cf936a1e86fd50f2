"""Doorbells. They carry nothing but the ring: what is to be done lies in the database."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import current_app, shared_task

from buendnisse import clock
from meetings.domain import meeting_folder, paper_texts
from notifications.domain import mailbox, outbox
from notifications.domain.ring import AlreadyRinging
from notifications.domain.ring import ring as do_ring

logger = logging.getLogger(__name__)

_MAILBOX_EXPIRES = 60  # seconds; the next ring calls again
_AT_A_STRETCH = 2.0  # seconds: the ring behind it must not expire (15 s)
_WORKERS = 2  # batches handed out at once: more than a small house has workers gains nothing


@shared_task(name="notifications.tasks.ring")
def ring(**_kwargs: Any) -> None:
    """Ring now, and hand waiting mail to as many workers as there are."""
    at = clock.now()
    try:
        do_ring(at=at, send=False)
    except AlreadyRinging:
        return
    except Exception:
        logger.exception("the ring broke off; what waits is sent all the same, and the next ring tries again")
    for number in meeting_folder.due(at=at):
        current_app.send_task("meetings.tasks.make_folder", [number])
    for number in paper_texts.due(at=at):
        current_app.send_task("meetings.tasks.read_paper", [number])
    if mailbox.is_due():
        read_mailbox.apply_async(expires=_MAILBOX_EXPIRES)
    waiting = outbox.due(at)
    for _batch in range(min(_WORKERS, -(-waiting // outbox.BATCH))):
        send.delay()


@shared_task(name="notifications.tasks.read_mailbox")
def read_mailbox(**_kwargs: Any) -> None:
    """Read what is new, one reader at a time; what it sets off leaves with the next ring."""
    try:
        mailbox.read(at=clock.now())
    except mailbox.AlreadyReading:
        return


@shared_task(name="notifications.tasks.send")
def send(**_kwargs: Any) -> None:
    """Send batch after batch for a moment, then let the ring and others have their turn."""
    ends = time.monotonic() + _AT_A_STRETCH
    while outbox.send_batch(at=clock.now()):
        if time.monotonic() > ends:
            send.delay()
            return
