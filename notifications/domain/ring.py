"""Making a moment ring: everything that is due at it happens, in order, until nothing is due any more."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import clock
from buendnisse.models import Installation
from notifications.domain import dispatch, due, outbox, retention
from notifications.models import RingState

_LEASE = dt.timedelta(minutes=3)
_MAX_ROUNDS = 20  # a chain of deadlines that set each other off is a fault, not a long quarter


class RingRefused(Exception):
    """The moment cannot ring; `str()` is a German sentence."""


class AlreadyRinging(Exception):
    """Somebody else holds the lease."""


@dataclass
class Rung:
    """What one ring did."""

    at: dt.datetime
    deadlines: int = 0
    reminders: int = 0
    digests: int = 0
    written: int = 0
    sent: int = 0
    removed: int = 0

    def is_quiet(self) -> bool:
        return not (self.deadlines or self.reminders or self.digests or self.written or self.sent or self.removed)


def ring(*, at: dt.datetime, send: bool = True) -> Rung:
    """Do what is due at `at`. With `send=False` the outbox is left to workers. A second ring at once does nothing.

    Raises AlreadyRinging.
    """
    token = _take_lease()
    rung = Rung(at)
    try:
        with clock.frozen(at):
            for _round in range(_MAX_ROUNDS):
                deadlines = due.pass_deadlines(at=at)
                reminders = due.write_reminders(at=at)
                digests = due.write_digests(at=at)
                written = dispatch.fan_out(at=at)
                rung.deadlines += deadlines
                rung.reminders += reminders
                rung.digests += digests
                rung.written += written
                if not (deadlines or reminders or digests or written):
                    break
            if send:
                while claimed := outbox.send_batch(at=at):
                    rung.sent += claimed
            rung.removed = retention.forget_due(at=at)
    finally:
        _give_back(token, at)
    return rung


def move_clock(*, to: dt.datetime) -> None:
    """Before ringing by hand: refuse the past, and the future unless this is a demo, whose clock moves there.

    Raises RingRefused.
    """
    state = _state()
    if state.last_at is not None and to < state.last_at:
        raise RingRefused(
            _("Dieser Zeitpunkt liegt vor dem letzten Läuten am %(at)s.")
            % {"at": clock.local(state.last_at).isoformat(timespec="minutes")}
        )
    if to <= clock.now():
        return
    with transaction.atomic():
        installation = Installation.objects.select_for_update().filter(pk=1).first()
        if installation is None or not installation.is_demo:
            raise RingRefused(_("Dieser Zeitpunkt liegt in der Zukunft. Das geht nur in einer Demo."))
        installation.clock_shift_seconds = clock.shift_to(to)
        installation.save(update_fields=["clock_shift_seconds"])
    clock.forget_shift()


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


def _give_back(token: str, at: dt.datetime) -> None:
    RingState.objects.filter(pk=1, lease_by=token).update(lease_until=None, lease_by="")
    RingState.objects.filter(pk=1).filter(Q(last_at__isnull=True) | Q(last_at__lt=at)).update(last_at=at)
