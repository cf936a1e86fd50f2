"""Hints of the Fachstelle for days, and which venues host an alliance in turn."""

from __future__ import annotations

from buendnisse.config.demo.source import Row, file
from buendnisse.config.demo.stage import TODAY, Stage
from buendnisse.models import Host
from meetings.enums import CalendarEntryKind
from meetings.models import CalendarEntry


def load(stage: Stage) -> None:
    """Read calendar.yaml."""
    with file("calendar") as row:
        row.expect("reference_date", TODAY.isoformat())
        CalendarEntry.objects.bulk_create([_hint(entry) for entry in row.rows("hints")])
    Host.objects.bulk_create(
        Host(alliance=stage.alliances[alliance], position=position, venue=stage.venues[venue])
        for alliance, venues in stage.hosts.items()
        for position, venue in enumerate(venues)
    )


def _hint(entry: Row) -> CalendarEntry:
    has_hours = entry.has("from")
    return CalendarEntry(
        kind=CalendarEntryKind.HINT,
        name=entry.text("name"),
        first=entry.day("first"),
        last=entry.day("last"),
        from_hour=entry.time("from") if has_hours else None,
        until_hour=entry.time("until") if has_hours else None,
    )
