"""What proposing a year costs, and how it grows with the number of alliances."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from typing import Any

from django.db import transaction

from buendnisse import clock
from buendnisse.enums import Role
from buendnisse.models import Alliance, Membership
from meetings.domain import proposing

YEAR = 2028  # nothing of it stands in the demo
ROUNDS = 7


def measure() -> dict[str, Any]:
    """Medians of seven proposals for 3 to 24 alliances that share their people."""
    found: dict[str, Any] = {}
    with transaction.atomic():
        at = clock.now()
        seconds = {3: _seconds(at)}
        for number in (6, 12, 24):
            _more(number)
            seconds[number] = _seconds(at)
        transaction.set_rollback(True)
    for number, value in seconds.items():
        found[f"{number} alliances, four quarters, ms"] = round(value * 1000, 1)
    for number in (6, 12, 24):
        found[f"{number} / {number // 2} alliances"] = round(seconds[number] / seconds[number // 2], 2)
    return found


def _seconds(at: dt.datetime) -> float:
    proposing.propose(YEAR, at=at)
    times = []
    for _round in range(ROUNDS):
        start = time.process_time()
        proposing.propose(YEAR, at=at)
        times.append(time.process_time() - start)
    return statistics.median(times)


def _more(number: int) -> None:
    """Copies of the demo's alliances, a day of the week apart, with the same members."""
    originals = list(Alliance.objects.in_order()[:3])
    for copy in range(Alliance.objects.count(), number):
        original = originals[copy % 3]
        alliance = Alliance.objects.create(
            slug=f"bench-{copy}",
            kind=original.kind,
            name=f"Bench {copy}",
            short_name=f"Bench {copy}",
            prefix=f"Q{copy}",
            usual_weekday=copy % 5,
            usual_nth=original.usual_nth,
            usual_month=original.usual_month,
            usual_start=original.usual_start,
            usual_end=original.usual_end,
        )
        Membership.objects.bulk_create(
            Membership(body=alliance, person_id=person, organisation_id=organisation, role=Role.MEMBER, since=since)
            for person, organisation, since in Membership.objects.filter(body=original, role=Role.MEMBER).values_list(
                "person", "organisation", "since"
            )
        )
