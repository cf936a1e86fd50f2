"""What of a year's dates is new to its reader, in words: dates that were added, and dates that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from meetings.models import Attendance, Meeting
from notifications.domain import told
from notifications.domain.told import Heard
from notifications.models import Invitation, OutboxMessage

#: Person and meeting.
Pair = tuple[int, int]


@dataclass(frozen=True)
class News:
    """Empty for whoever hears of the year for the first time: then everything is new, and marking it says nothing."""

    added: Sequence[Attendance] = ()
    changed: Sequence[Attendance] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)

    @property
    def rows(self) -> list[Attendance]:
        return [*self.added, *self.changed]

    def mark(self, row: Attendance) -> str:
        """ "Neu", "Geändert", or nothing."""
        if row in self.added:
            return _("Neu")
        return _("Geändert") if row in self.changed else ""

    def title(self, year: int) -> str:
        if self.added:
            return (_("Ein neuer Termin %s") if len(self.added) == 1 else _("Neue Termine %s")) % year
        return (_("Ein geänderter Termin %s") if len(self.changed) == 1 else _("Geänderte Termine %s")) % year

    @property
    def sentences(self) -> str:
        """Goes on after "Sehr geehrte Frau Overhage,": in lower case."""
        found = [
            _sentence(self.added, _("ein Termin ist dazugekommen"), _("%s Termine sind dazugekommen")),
            _sentence(self.changed, _("ein Termin ist jetzt anders"), _("%s Termine sind jetzt anders")),
        ]
        first, *rest = [part for part in found if part]
        return " ".join([first, *(f"{part[:1].upper()}{part[1:]}" for part in rest)])


def of(dates: Sequence[Attendance], known: Mapping[Pair, Heard | None]) -> News:
    """What is new among these dates of one person."""
    before = {row.meeting_id for row in dates if _expects(known.get((row.person_id, row.meeting_id)))}
    if not before:
        return News()
    unknown = [row for row in dates if not _is_known(row.meeting, known.get((row.person_id, row.meeting_id)))]
    return News(
        added=[row for row in unknown if row.meeting_id not in before],
        changed=[row for row in unknown if row.meeting_id in before],
    )


def heard_of(
    rows: Mapping[int, Sequence[Attendance]], *, besides: OutboxMessage | None = None
) -> dict[Pair, Heard | None]:
    """What these people know of these meetings of theirs; two queries."""
    meetings = {row.meeting_id for dates in rows.values() for row in dates}
    heard = told.last(list(rows), meetings, besides=besides)
    for entry in Invitation.objects.filter(person__in=list(rows), meeting__in=meetings).exclude(last_method=""):
        heard.setdefault((entry.person_id, entry.meeting_id), told.by_entry(entry))
    return heard


def is_any(dates: Sequence[Attendance], known: Mapping[Pair, Heard | None]) -> bool:
    """Whether one of these dates is not what its person knows."""
    return any(not _is_known(row.meeting, known.get((row.person_id, row.meeting_id))) for row in dates)


def _expects(heard: Heard | None) -> bool:
    return heard is not None and heard.is_expected


def _is_known(meeting: Meeting, heard: Heard | None) -> bool:
    now = told.as_it_stands(meeting)
    if heard is None or not heard.is_expected or not heard.is_certain:
        return False
    return (heard.start, heard.end, heard.location) == (now.start, now.end, now.location)


def _sentence(rows: Sequence[Attendance], one: str, many: str) -> str:
    if not rows:
        return ""
    if len(rows) > 1:  # the list that follows marks them
        return f"{many % german.in_words(len(rows))}."
    return f"{one}: {german.long_day(rows[0].meeting.start)} ({rows[0].meeting.alliance.word})."
