"""What standing items tell by themselves: a line a fact, each with what a reader must be allowed to see for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Sight
from meetings.domain import circular_report, decision_control, minutes_reading, report_lines
from meetings.domain.line import Line
from meetings.domain.standing_look import Look
from meetings.enums import TOOK_PLACE, MeetingState, StandingCode
from meetings.models import AgendaItem, CircularVote, Decision, Meeting, Minutes, Relay, UnitReport
from meetings.models.minutes import OUT

#: From an item, as one looks at its meeting.
_Source = Callable[[AgendaItem, Look], Iterable[Line]]


def current(item: AgendaItem, look: Look) -> list[Line]:
    """What the item tells at that moment, whoever reads it. Of a meeting that is over, what hangs on the item itself."""
    sources = _BOUND if look.meeting.state in TOOK_PLACE else _LIVE
    return [line for source in sources.get(item.standing_code, ()) for line in source(item, look)]


def seen(lines: Iterable[Line], sight: Sight, *, at: dt.datetime) -> list[Line]:
    """The lines this reader may know of: relays and decisions go by their own rules."""
    lines = list(lines)
    if sight.everything:
        return lines
    asked = {
        "relay": Relay.objects.visible_to(sight, at=at),
        "decision": Decision.objects.visible_to(sight, at=at),
        "vote": CircularVote.objects.visible_to(sight, at=at),
    }
    known = _known({kind: (rows, {getattr(line, kind) for line in lines} - {0}) for kind, rows in asked.items()})
    return [line for line in lines if all((kind, getattr(line, kind)) in known for kind in asked)]


def _known(asked: Mapping[str, tuple[QuerySet[Any], set[int]]]) -> set[tuple[str, int]]:
    """Of the ids named those this reader sees; 0, which names nothing, always. One query, none where nothing is named."""
    rows = [
        seen.filter(pk__in=named).order_by().annotate(of=Value(kind, CharField())).values_list("of", "pk")
        for kind, (seen, named) in asked.items()
        if named
    ]
    found: Iterable[tuple[str, int]] = rows[0].union(*rows[1:]) if len(rows) > 1 else rows[0] if rows else ()
    return {*((kind, 0) for kind in asked), *found}


def _minutes(item: AgendaItem, look: Look) -> Iterable[Line]:
    """ "Protokoll der Sitzung vom 19.11.2026: Genehmigt am …" """
    before = look.before
    if before is None or before.state not in TOOK_PLACE:
        return
    minutes: Minutes | None = getattr(before, "minutes", None)
    if minutes is None:
        words = _("Noch nicht geschrieben.")
    elif minutes.state in OUT:
        words = minutes_reading.standing(minutes, at=look.at)
    else:
        words = _("Noch nicht verschickt.")
    yield Line(_("Protokoll vom %(day)s: %(words)s") % {"day": german.short_day(before.start), "words": words})


def _units(item: AgendaItem, look: Look) -> Iterable[Line]:
    """One line a unit that wrote something."""
    known = Q(written_at__isnull=True) | Q(written_at__lte=look.at)
    rows = UnitReport.objects.filter(known, agenda_item=item).exclude(text="").select_related("unit")
    for report in sorted(rows, key=lambda report: report.unit.short_name):
        yield Line(f"{report.unit.short_name}: {' '.join(report.text.split())}")


def _dates(item: AgendaItem, look: Look) -> Iterable[Line]:
    """What comes after this meeting: the next date of this alliance, then the next one of each other."""
    meeting = look.meeting
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
    StandingCode.REPORT: (
        report_lines.told,
        report_lines.fallen,
        circular_report.told,
        report_lines.on_their_way,
        decision_control.lines,
    ),
    StandingCode.UNITS: (_units,),
    StandingCode.CLOSING: (_dates,),
}
#: Once it is over: what else is told would go on changing with every later day.
_BOUND: Mapping[str, tuple[_Source, ...]] = {
    StandingCode.REPORT: (report_lines.told, circular_report.told),
    StandingCode.UNITS: (_units,),
}
