"""The attendance of a whole meeting, recorded at once: all of it or, with one refusal, nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import open_minutes, session
from meetings.models import Attendance, Meeting


@dataclass(frozen=True)
class Entry:
    """What somebody wrote about one row, having read its `version`."""

    row: Attendance
    version: int
    presence: str
    channel: str
    present_from: dt.time | None
    present_until: dt.time | None

    def stands_in(self, stored: Attendance) -> bool:
        """Whether the stored row says the same already."""
        names = ("presence", "channel", "present_from", "present_until")
        return all(getattr(stored, name) == getattr(self, name) for name in names)


class Outdated(Exception):
    """Somebody else recorded some of these rows first. `current`: what is stored of them now, by row id."""

    def __init__(self, current: Mapping[int, Attendance]) -> None:
        super().__init__(_("Inzwischen hat jemand anderes die Anwesenheit geändert. Bitte vergleichen Sie."))
        self.current = current


def record(meeting: Meeting, entries: Sequence[Entry], *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Record what differs from what is stored. Raises Outdated, and what `session.record_presence` raises."""
    with transaction.atomic():
        open_minutes.hold(Meeting.objects.select_for_update().get(pk=meeting.pk))  # first, as one tap does
        rows = Attendance.objects.filter(meeting=meeting, pk__in=[entry.row.pk for entry in entries])
        stored = {row.pk: row for row in rows.select_for_update().order_by("pk")}
        new = [entry for entry in entries if not entry.stands_in(stored[entry.row.pk])]
        outdated = {entry.row.pk for entry in new if entry.version != stored[entry.row.pk].version}
        if outdated:
            raise Outdated({pk: stored[pk] for pk in outdated})
        for entry in new:
            session.record_presence(
                stored[entry.row.pk],
                presence=entry.presence,
                channel=entry.channel,
                present_from=entry.present_from,
                present_until=entry.present_until,
                by=by,
                at=at,
                via=via,
            )
