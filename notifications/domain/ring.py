"""Making a moment ring: everything that is due at it happens, in order, until nothing is due any more.

A step that fails is logged, named in what the ring answers, and tried again by the next ring; the others go on.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.models import Installation
from meetings.adapters import folder_pdf, paper_text
from meetings.domain import search_index
from notifications.domain import dispatch, due, mailbox, outbox, retention, returned
from notifications.enums import RingStep
from notifications.models import RingState

logger = logging.getLogger(__name__)

_LEASE = dt.timedelta(minutes=3)
_LONGEST = 90.0  # seconds a worker's ring may begin further steps; its task is ended after 120
_MAX_ROUNDS = 20  # a chain of deadlines that set each other off is a fault, not a long quarter


class RingRefused(Exception):
    """The moment cannot ring; `str()` is a German sentence."""


class AlreadyRinging(Exception):
    """Somebody else holds the lease."""


@dataclass
class Rung:
    """What one ring did, and which steps failed."""

    at: dt.datetime
    deadlines: int = 0
    reminders: int = 0
    digests: int = 0
    written: int = 0
    sent: int = 0
    removed: int = 0
    failed: list[RingStep] = field(default_factory=list)

    def is_quiet(self) -> bool:
        done = self.deadlines or self.reminders or self.digests or self.written or self.sent or self.removed
        return not (done or self.failed)


def ring(*, at: dt.datetime, send: bool = True) -> Rung:
    """Do what is due at `at`. With `send=False` the outbox is left to workers. A second ring at once does nothing.

    Raises AlreadyRinging.
    """
    token = _take_lease()
    rung = Rung(at)
    steps = _Steps(rung, ends=None if send else time.monotonic() + _LONGEST)
    try:
        with clock.frozen(at):
            if send:
                steps.run({RingStep.MAILBOX: mailbox.step})
            for _round in range(_MAX_ROUNDS):
                deadlines = steps.run(due.DEADLINES)
                reminders = steps.run(due.REMINDERS)
                written = steps.run({RingStep.DISPATCH: dispatch.fan_out})
                # After that: a letter with news asks nothing that a mail of the same morning asks.
                digests = steps.run(due.DIGESTS)
                rung.deadlines += deadlines
                rung.reminders += reminders
                rung.digests += digests
                rung.written += written
                if not (deadlines or reminders or digests):
                    break  # letters set nothing off: what a minute's work wrote needs no second look
            steps.run({RingStep.HELD: returned.release_due})
            if send:
                rung.sent = steps.run({RingStep.OUTBOX: outbox.send_all})
                steps.run({RingStep.FOLDERS: folder_pdf.make_due, RingStep.PAPER_TEXTS: paper_text.read_due})
            rung.removed = steps.run(retention.STEPS)
            steps.run({RingStep.SEARCH: search_index.refresh})  # after everything that may change words
    finally:
        _give_back(token, rung)
    return rung


class _Steps:
    """Runs steps one by one. What failed once is left to the next ring, and so is what comes too late in this one."""

    def __init__(self, rung: Rung, *, ends: float | None) -> None:
        self._rung = rung
        self._ends = ends

    def run(self, steps: Mapping[RingStep, due.Step]) -> int:
        """How many things the steps did together."""
        return sum(self._run(name, step) for name, step in steps.items() if name not in self._rung.failed)

    def _run(self, name: RingStep, step: due.Step) -> int:
        if self._ends is not None and time.monotonic() > self._ends:
            logger.error("the ring takes too long: %s is left to the next one", name)
            self._rung.failed.append(name)
            return 0
        # Inside somebody's transaction (a dry run) a failed step must not spoil the others'; else it has its own.
        alone = transaction.atomic() if transaction.get_connection().in_atomic_block else nullcontext()
        try:
            with alone:
                return self._count(name, step)
        except Exception:
            logger.exception("%s failed; the ring goes on, and the next one tries again", name)
            self._rung.failed.append(name)
            return 0

    def _count(self, name: RingStep, step: due.Step) -> int:
        try:
            return step(at=self._rung.at)
        except dispatch.Untold as untold:  # what was told stays; each change that was not is in the log already
            self._rung.failed.append(name)
            return untold.written
        except mailbox.NotReadable as down:  # what was read stays, and the log has the reason
            self._rung.failed.append(name)
            return down.read
        except retention.Unforgotten as kept:  # as with changes
            self._rung.failed.append(name)
            return kept.done


def move_clock(*, to: dt.datetime) -> None:
    """Before ringing by hand: refuse the past, and the future unless this is a demo, whose clock moves there.

    Raises RingRefused.
    """
    refuse_past(at=to)
    if to <= clock.now():
        return
    with transaction.atomic():
        installation = Installation.objects.select_for_update().filter(pk=1).first()
        if installation is None or not installation.is_demo:
            raise RingRefused(_("Dieser Zeitpunkt liegt in der Zukunft. Das geht nur in einer Demo."))
        installation.clock_shift_seconds = clock.shift_to(to)
        installation.save(update_fields=["clock_shift_seconds"])
    clock.forget_shift()


def refuse_past(*, at: dt.datetime) -> None:
    """What has rung is told already: ringing before it, or looking there, would invent mail. Raises RingRefused."""
    state = _state()
    if state.last_at is not None and at < state.last_at:
        raise RingRefused(
            _("Dieser Zeitpunkt liegt vor dem letzten Läuten am %(at)s.")
            % {"at": clock.local(state.last_at).isoformat(timespec="minutes")}
        )


def _state() -> RingState:
    return RingState.objects.get_or_create(pk=1)[0]


def _take_lease() -> str:
    """One ring at a time, by the machine's clock; a dead holder's lease runs out."""
    _state()
    now = clock.real_now()
    token = uuid.uuid4().hex
    free = RingState.objects.filter(pk=1).filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
    if free.update(lease_until=now + _LEASE, lease_by=token) != 1:
        raise AlreadyRinging
    return token


def _give_back(token: str, rung: Rung) -> None:
    at, failed = rung.at, [str(step) for step in rung.failed]
    RingState.objects.filter(pk=1, lease_by=token).update(lease_until=None, lease_by="", failed=failed)
    RingState.objects.filter(pk=1).filter(Q(last_at__isnull=True) | Q(last_at__lt=at)).update(last_at=at)
