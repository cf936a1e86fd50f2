"""The one clock. Everything else takes the moment as an argument (`at=`).

A demo runs on its own clock: it starts on a fixed morning and moves on from there, so that what is due in
its data is due on the screen. The shift is stored in the database, since web, worker and commands share it.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.apps import apps

BERLIN = ZoneInfo("Europe/Berlin")
AUTOMATIC_MAIL_AT = dt.time(7, 0)  # local time at which mail that nobody wrote by hand may leave
_SHIFT_FRESH_FOR = 1.0  # seconds a process may rely on the shift it has read

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen", default=None)
_shift: tuple[float, dt.timedelta] | None = None


def now() -> dt.datetime:
    """The present moment, aware, in UTC; shifted in a demo."""
    frozen_at = _frozen.get()
    if frozen_at is not None:
        return frozen_at
    return real_now() + _current_shift()


def real_now() -> dt.datetime:
    """The machine's moment, also in a demo. For leases and for what is asked of the machine itself."""
    return dt.datetime.now(tz=dt.UTC)


def shift_to(moment: dt.datetime) -> int:
    """The whole seconds by which a demo's clock must be shifted to show `moment` now, and never a time before it."""
    return math.ceil((moment - real_now()).total_seconds())


@contextmanager
def frozen(at: dt.datetime) -> Iterator[None]:
    """Hold the clock at `at` inside the block (a ring, a test)."""
    token = _frozen.set(at.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def forget_shift() -> None:
    """Read the demo's shift anew at the next call, after it was changed."""
    global _shift  # noqa: PLW0603 -- one value a process, guarded by its age
    _shift = None


def _current_shift() -> dt.timedelta:
    global _shift  # noqa: PLW0603 -- one value a process, guarded by its age
    if _shift is None or time.monotonic() - _shift[0] > _SHIFT_FRESH_FOR:
        installation = apps.get_model("buendnisse", "Installation")
        seconds = installation.objects.values_list("clock_shift_seconds", flat=True).first()
        _shift = (time.monotonic(), dt.timedelta(seconds=seconds or 0))
    return _shift[1]


def local(moment: dt.datetime) -> dt.datetime:
    """The moment in Europe/Berlin."""
    return moment.astimezone(BERLIN)


def local_date(moment: dt.datetime) -> dt.date:
    """The day people at the Fachstelle would call it."""
    return local(moment).date()


def at_local(day: dt.date, hour: dt.time) -> dt.datetime:
    """The UTC moment of a local day and hour."""
    return dt.datetime.combine(day, hour, tzinfo=BERLIN).astimezone(dt.UTC)


def end_of(day: dt.date) -> dt.datetime:
    """The end of a local day: "bis 21. Januar" means until 24:00."""
    return at_local(day + dt.timedelta(days=1), dt.time(0, 0))


def automatic_mail_time(day: dt.date) -> dt.datetime:
    """When mail leaves that a rule sends on `day`."""
    return at_local(day, AUTOMATIC_MAIL_AT)
