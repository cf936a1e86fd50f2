"""What the Fachstelle reports in a meeting of the votes by mail since the one before."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from meetings.domain.line import Line
from meetings.domain.standing_look import Look
from meetings.enums import CIRCULAR_ENDED, CircularState
from meetings.models import AgendaItem, CircularVote
from meetings.models.circular import CircularVoteQuerySet


def told(item: AgendaItem, look: Look) -> Iterable[Line]:
    """One sentence for each vote of this alliance that ended since its meeting before, whoever reads. One query."""
    for vote in _ended(look):
        yield Line(line(vote), vote=vote.pk)


def _ended(look: Look) -> CircularVoteQuerySet:
    meeting = look.meeting
    rows = CircularVote.objects.filter(
        alliance=meeting.alliance_id, state__in=CIRCULAR_ENDED, closed_at__lte=min(look.at, meeting.start)
    )
    if look.before is not None:
        rows = rows.filter(closed_at__gt=look.before.end)
    return rows.order_by("closed_at", "pk")


def line(vote: CircularVote) -> str:
    """ "Abstimmung per E-Mail U-G-2026-01 (27. November 2026), Heizkosten: angenommen, 7 ja, 0 nein, 1 Enthaltung."."""
    words = str(CircularState(vote.state).label)
    if vote.state in {CircularState.ADOPTED, CircularState.REJECTED}:
        words = f"{words}, {vote.counted}"
    day = local_date(vote.closed_at) if vote.closed_at else vote.closes_on
    return _("Abstimmung per E-Mail %(number)s (%(day)s), %(subject)s: %(words)s.") % {
        "number": vote.number,
        "day": german.day(min(day, vote.closes_on)),
        "subject": vote.subject,
        "words": words,
    }
