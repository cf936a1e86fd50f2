"""What the technical administration sees: how the machine does. Figures only, no content."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from meetings.domain import calendar_days
from notifications.domain import mail_room
from notifications.enums import RingStep
from notifications.models import RingState
from notifications.transport import smtp

#: Beat rings every 15 seconds; after this long without, something is wrong.
_QUIET_FOR = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class MachineRoom:
    rang_at: dt.datetime | None
    rings: bool
    failed: list[RingStep]
    mail: dict[str, int]
    sends: bool
    holidays_until: dt.date


def machine_room(*, at: dt.datetime) -> MachineRoom:
    """The state of the machine as of `at`."""
    state = RingState.objects.filter(pk=1).first()
    rang_at = state.last_at if state else None
    return MachineRoom(
        rang_at=rang_at,
        rings=rang_at is not None and at - rang_at < _QUIET_FOR,
        failed=[RingStep(name) for name in state.failed if name in RingStep.values] if state else [],
        mail=mail_room.counts(),
        sends=smtp.is_configured(),
        holidays_until=calendar_days.known_until(),
    )
