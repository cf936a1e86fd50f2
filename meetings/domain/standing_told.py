"""What a standing item tells at a moment, as one reader may know it, the same on page, in mail and in documents.

Before the agenda leaves, every look shows what is true then. When it leaves, the lines are kept with the item:
mail, PDF and page of that version say the same words, however late a mail is written. What comes to it
afterwards (an answer arrives, minutes are approved, a unit writes late) stands apart as `later`: the page of the
standing items and the desk in the meeting show it, letters and documents of the version that left do not; a changed version takes it
in. Once the meeting is over, `later` keeps only what hangs on the item (answers, notices, reports of units):
what else would be true on some later day belongs to the next meeting.

Who may see a relay or a decision is asked when the item is read, not when it was kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from enum import Enum, auto
from itertools import chain, groupby

from buendnisse.models import Sight
from meetings.domain import standing_lines, unit_reports
from meetings.domain.line import Line
from meetings.domain.standing_look import Look
from meetings.enums import StandingCode
from meetings.models import AgendaItem, Meeting, Minutes
from meetings.models.minutes import OUT

_FILLED = frozenset(StandingCode.values)


class Telling(Enum):
    """How much an agenda tells of its standing items. What is true today asks about a dozen tables."""

    TODAY = auto()
    KEPT = auto()  # what was kept when the agenda left; nothing before that
    NOTHING = auto()


@dataclass(frozen=True)
class Passage:
    """Lines under one heading, which may be empty."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """`later`: what came after the agenda left. `minutes`: those of the meeting before, where the reader may read them."""

    passages: tuple[Passage, ...] = ()
    later: tuple[Passage, ...] = ()
    minutes: Minutes | None = None
    waiting: tuple[str, ...] = ()  # units that have not written yet; for the Fachstelle

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything in a row, headings included, for what knows no headings."""
        return flat(self.passages)


NOTHING = Told()


def of(
    items: Sequence[AgendaItem], meeting: Meeting, *, sight: Sight, at: dt.datetime, telling: Telling = Telling.TODAY
) -> dict[int, Told]:
    """By item, for those that tell something. The number of queries does not depend on how much they tell."""
    filled = [item for item in items if is_filled(item) and telling != Telling.NOTHING]
    look, is_today = Look(meeting, at), telling == Telling.TODAY
    now = {item.pk: standing_lines.current(item, look) if is_today else [] for item in filled}
    kept = {item.pk: [Line(*row) for row in item.told or ()] for item in filled if _is_kept(item, meeting)}
    seen = set(standing_lines.seen(chain(*now.values(), *kept.values()), sight, at=at))
    found = {}
    for item in filled:
        left = kept.get(item.pk, now[item.pk])
        later = [line for line in now[item.pk] if line not in left]
        found[item.pk] = Told(
            _passages([line for line in left if line in seen]),
            _passages([line for line in later if line in seen]),
            _minutes(look, sight) if is_today and item.standing_code == StandingCode.OPENING else None,
            _waiting(meeting, at) if is_today and item.standing_code == StandingCode.UNITS and sight.everything else (),
        )
    return found


def is_filled(item: AgendaItem) -> bool:
    """Whether it is a standing item that tells something of its own."""
    return item.standing_code in _FILLED


def keep(meeting: Meeting, *, at: dt.datetime) -> None:
    """The agenda leaves: keep what its standing items tell now."""
    look = Look(meeting, at)
    for item in AgendaItem.objects.filter(meeting=meeting, standing_code__in=_FILLED).order_by("position", "pk"):
        lines = standing_lines.current(item, look)
        AgendaItem.objects.filter(pk=item.pk).update(told=[list(astuple(line)) for line in lines])


def flat(passages: Sequence[Passage]) -> tuple[str, ...]:
    """ "Unterwegs:" and the lines below it."""
    return tuple(
        line
        for passage in passages
        for line in ((f"{passage.heading}:", *passage.lines) if passage.heading else passage.lines)
    )


def _is_kept(item: AgendaItem, meeting: Meeting) -> bool:
    return item.told is not None and meeting.agenda_sent_at is not None


def _minutes(look: Look, sight: Sight) -> Minutes | None:
    minutes: Minutes | None = getattr(look.before, "minutes", None)
    if minutes is None or minutes.state not in OUT:
        return None
    if not sight.everything and not Minutes.objects.visible_to(sight, at=look.at).filter(pk=minutes.pk).exists():
        return None
    return minutes


def _waiting(meeting: Meeting, at: dt.datetime) -> tuple[str, ...]:
    return tuple(row.unit.short_name for row in unit_reports.waiting_for(meeting, at=at))


def _passages(lines: Sequence[Line]) -> tuple[Passage, ...]:
    return tuple(
        Passage(heading, tuple(line.text for line in rows))
        for heading, rows in groupby(lines, lambda line: line.heading)
    )
