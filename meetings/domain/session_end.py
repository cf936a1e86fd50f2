"""The end of a meeting: what was not reached comes back by default, and whoever ends the meeting sees and confirms it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Change, Person
from meetings.domain import agenda_fate, agenda_successor, session, session_board
from meetings.domain.agenda_rules import AgendaRefused
from meetings.domain.moves import TAKE_BACK_WITHIN, MoveRefused
from meetings.domain.session_board import Stop
from meetings.enums import AgendaItemKind, AgendaItemState, Happened
from meetings.models import AgendaItem, Meeting

#: Stays as it is: it was talked about, and nothing is to be written down.
DONE = "erledigt"
_LATER, _BACKLOG = "later", "backlog"


@dataclass(frozen=True)
class Open:
    """An item nothing was written down for; a topic has ways to go on, the first is the default."""

    stop: Stop
    ways: tuple[tuple[str, str], ...]
    chosen: str


def unfinished(meeting: Meeting, *, chosen: Mapping[int, str] | None = None) -> list[Open]:
    """The items without a result, with what may become of each; `chosen` is what somebody picked before."""
    found, ways = [], None
    for stop in session_board.without_result(meeting):
        if stop.item.standing_code or stop.item.kind == AgendaItemKind.FORMAL:
            found.append(Open(stop, (), ""))
            continue
        ways = ways or _ways(stop.item)
        found.append(Open(stop, ways, (chosen or {}).get(stop.item.pk, ways[0][0])))
    return found


def usual_reason(meeting: Meeting) -> str:
    """What the proposers read where nobody says it better."""
    return _("In der Sitzung am %s sind wir nicht mehr dazu gekommen.") % german.day(meeting.start)


def end(meeting: Meeting, *, fates: Mapping[int, str], reason: str, by: Person, at: dt.datetime) -> int:
    """End the meeting; topics that come back go on as successors, how many. All of it, or nothing.

    A topic nobody chose for, open since the page was shown, goes the first way: it comes back.
    Raises what `defer` and `session.finish` raise.
    """
    with transaction.atomic():
        returning = 0
        for one in unfinished(meeting):
            fate = fates.get(one.stop.item.pk, one.chosen)
            if fate in {code for code, _label in one.ways} - {DONE}:
                item = AgendaItem.objects.select_related("alliance", "meeting", "answers").get(pk=one.stop.item.pk)
                number = fate.partition(":")[2]
                to = Meeting.objects.get(pk=int(number)) if number else None
                agenda_fate.defer(item, to=to, reason=reason, by=by, at=at)
                returning += 1
        session.finish(meeting, by=by, at=at)
    return returning


@dataclass(frozen=True)
class Again:
    """Titles of what the end had put off: on the agenda again, and away for good."""

    back: tuple[str, ...]
    away: tuple[str, ...]


def reopen(meeting: Meeting, *, by: Person, at: dt.datetime) -> Again:
    """Go on with a meeting that was ended too early. What its end put off comes back while nobody has heard of it.

    Later it stays where it was put: its proposers have read so. Raises MoveRefused, AlreadyCirculated.
    """
    with transaction.atomic():
        steps = _put_off_by_the_end(meeting)
        session.reopen(meeting, by=by, at=at)
        back: list[str] = []
        away: list[str] = []
        for item, step in steps:
            is_back = at < step.at + TAKE_BACK_WITHIN and _restore(item, step, by=by, at=at)
            (back if is_back else away).append(item.title)
    return Again(tuple(back), tuple(away))


def _restore(item: AgendaItem, step: Change, *, by: Person, at: dt.datetime) -> bool:
    """Back on the agenda, unless its successor was worked on."""
    try:
        with transaction.atomic():
            agenda_fate.restore(item, step=step.pk, by=by, at=at)
    except (AgendaRefused, MoveRefused):
        return False
    return True


def _put_off_by_the_end(meeting: Meeting) -> list[tuple[AgendaItem, Change]]:
    held = Change.objects.of(meeting).filter(verb=Happened.MEETING_HELD).order_by("-at", "-pk").first()
    rows = meeting.agenda_items.filter(state=AgendaItemState.DEFERRED).select_related("alliance", "meeting", "answers")
    items = {item.pk: item for item in rows.order_by("position", "pk")}
    last = agenda_fate.last_steps(items)
    return [(item, last[pk]) for pk, item in items.items() if held and pk in last and last[pk].at == held.at]


def _ways(item: AgendaItem) -> tuple[tuple[str, str], ...]:
    later = agenda_successor.meetings_after(item)[:1]
    return (
        *((f"{_LATER}:{one.pk}", _("Kommt wieder in der Sitzung am %s") % german.long_day(one.start)) for one in later),
        (_BACKLOG, _("Kommt in den Themenspeicher")),
        (DONE, _("Ist erledigt, ohne Ergebnis")),
    )
