"""What standing items tell by themselves: a line a fact, each with what a reader must be allowed to see for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Sight
from meetings.domain import circular_report, decision_control, minutes_reading, report_lines
from meetings.domain.line import Line
from meetings.domain.standing import meeting_before
from meetings.enums import MeetingState, StandingCode
from meetings.models import AgendaItem, CircularVote, Decision, Meeting, Minutes, Relay, UnitReport
from meetings.models.minutes import OUT

_OVER = (MeetingState.HELD, MeetingState.CLOSED)
#: From an item and its meeting, as of a moment.
_Source = Callable[[AgendaItem, Meeting, dt.datetime], Iterable[Line]]


def current(item: AgendaItem, meeting: Meeting, *, at: dt.datetime) -> list[Line]:
    """What the item tells as of `at`, whoever reads it. Of a meeting that is over, what hangs on the item itself."""
    sources = _BOUND if meeting.state in _OVER else _LIVE
    return [line for source in sources.get(item.standing_code, ()) for line in source(item, meeting, at)]


def seen(lines: Iterable[Line], sight: Sight, *, at: dt.datetime) -> list[Line]:
    """The lines this reader may know of: relays and decisions go by their own rules."""
    lines = list(lines)
    if sight.everything:
        return lines
    relays = _seen(Relay.objects.visible_to(sight, at=at), {line.relay for line in lines})
    decisions = _seen(Decision.objects.visible_to(sight, at=at), {line.decision for line in lines})
    votes = _seen(CircularVote.objects.visible_to(sight, at=at), {line.vote for line in lines})
    return [line for line in lines if line.relay in relays and line.decision in decisions and line.vote in votes]


def _seen(rows: QuerySet[Any], named: set[int]) -> set[int]:
    """Of the ids named those this reader sees; 0, which names nothing, always. No query where nothing is named."""
    named = named - {0}
    return {0, *rows.filter(pk__in=named).values_list("pk", flat=True)} if named else {0}


def _minutes(item: AgendaItem, meeting: Meeting, at: dt.datetime) -> Iterable[Line]:
    """ "Protokoll der Sitzung vom 19.11.2026: Genehmigt am …" """
    before = meeting_before(meeting)
    if before is None or before.state not in _OVER:
        return
    minutes = Minutes.objects.filter(meeting=before).first()
    if minutes is None:
        words = _("Noch nicht geschrieben.")
    elif minutes.state in OUT:
        words = minutes_reading.standing(minutes)
    else:
        words = _("Noch nicht verschickt.")
    yield Line(_("Protokoll vom %(day)s: %(words)s") % {"day": german.short_day(before.start), "words": words})


def _units(item: AgendaItem, meeting: Meeting, at: dt.datetime) -> Iterable[Line]:
    """One line a unit that wrote something."""
    known = Q(written_at__isnull=True) | Q(written_at__lte=at)
    rows = UnitReport.objects.filter(known, agenda_item=item).exclude(text="").select_related("unit")
    for report in sorted(rows, key=lambda report: report.unit.short_name):
        yield Line(f"{report.unit.short_name}: {' '.join(report.text.split())}")


def _dates(item: AgendaItem, meeting: Meeting, at: dt.datetime) -> Iterable[Line]:
    """What comes after this meeting: the next date of this alliance, then the next one of each other."""
    heading = _("Nächste Termine")
    found: dict[int, Meeting] = {}
    rows = (
        Meeting.objects.filter(start__gt=meeting.start)
        .exclude(state__in=[MeetingState.CANCELLED, MeetingState.PLANNED])
        .select_related("alliance", "venue")
        .order_by("start", "pk")
    )
    for row in rows:
        found.setdefault(row.alliance_id, row)
    own = found.pop(meeting.alliance_id, None)
    if own is None:
        yield Line(_("%s: Der nächste Termin steht noch nicht fest.") % meeting.alliance.word, heading=heading)
    for row in [*([own] if own else []), *found.values()]:
        place = f", {row.venue.name}" if row.venue else ""
        yield Line(f"{row.alliance.word}: {german.when(row.start, row.end)}{place}", heading=heading)


#: While a meeting is ahead or running.
_LIVE: Mapping[str, tuple[_Source, ...]] = {
    StandingCode.OPENING: (_minutes,),
    StandingCode.REPORT: (report_lines.told, circular_report.told, report_lines.on_their_way, decision_control.lines),
    StandingCode.UNITS: (_units,),
    StandingCode.CLOSING: (_dates,),
}
#: Once it is over: what else is told would go on changing with every later day.
_BOUND: Mapping[str, tuple[_Source, ...]] = {
    StandingCode.REPORT: (report_lines.told, circular_report.told),
    StandingCode.UNITS: (_units,),
}
