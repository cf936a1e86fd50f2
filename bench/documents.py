"""The PDF of minutes as a running worker makes it, against the smallest paper of the house."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from buendnisse import clock
from buendnisse.models.sight import Sight
from meetings.adapters import attendance_pdf, minutes_pdf
from meetings.models import MinutesVersion

_ROUNDS = 10
_ALL = Sight(everything=True, all_bodies=True)


def measure() -> dict[str, Any]:
    """Median seconds over 10 rounds after a first one that loads fonts; nothing is taken from the memory of files made."""
    rows = MinutesVersion.objects.select_related("minutes__meeting__alliance", "minutes__meeting__venue")
    version = max(rows.order_by("pk"), key=lambda row: len(str(row.content)))  # the longest text there is
    at, meeting = clock.now(), version.minutes.meeting

    def minutes() -> None:
        minutes_pdf.forget_made()
        minutes_pdf.pdf(version, sight=_ALL)

    took, bare = _median(minutes), _median(lambda: attendance_pdf.pdf(meeting, at=at))
    return {"minutes_seconds": round(took, 3), "times_the_list_to_sign": round(took / bare, 1)}


def _median(make: Callable[[], object]) -> float:
    make()
    taken = []
    for _round in range(_ROUNDS):
        start = time.perf_counter()
        make()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
