"""Votes by mail on the Schreibtisch: whom no mail reached, who is against it, and what has ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from buendnisse import german
from meetings.domain import circular_end
from meetings.enums import CIRCULAR_ENDED, CircularState, LapseReason
from meetings.models import CircularVote
from notifications.domain import votes
from notifications.domain.desk_line import Line, href
from notifications.domain.votes import VoterLine

#: The end of a vote stays on the desk so long.
_SHOWN_FOR = dt.timedelta(days=3)


def running() -> list[CircularVote]:
    """What is voted on now, the nearest end first."""
    return list(CircularVote.objects.running().select_related("alliance").order_by("closes_on", "pk"))


def lines(found: list[CircularVote], *, at: dt.datetime) -> Iterator[Line]:
    """What of the running ones needs somebody, and what ended in the last days."""
    told = votes.lines_of(found, at=at)
    for vote in found:
        yield from _running(vote, told[vote.pk])
    ended = CircularVote.objects.filter(state__in=CIRCULAR_ENDED, closed_at__gt=at - _SHOWN_FOR, closed_at__lte=at)
    for vote in ended.select_related("alliance", "next_item__meeting").order_by("closed_at", "pk"):
        if vote.state != CircularState.CANCELLED:
            yield _line(vote, _("Abstimmung %(number)s ist beendet: %(subject)s"), _what_became(vote))


def _running(vote: CircularVote, told: Sequence[VoterLine]) -> Iterator[Line]:
    if vote.objections_to_procedure:
        words = _("Eine Organisation ist gegen die Abstimmung per E-Mail. Das Thema geht von selbst in die Sitzung.")
        yield _line(vote, _("Gegen das Verfahren (%(number)s): %(subject)s"), words, is_urgent=True)
    if number := sum(line.must_be_called for line in told):
        words = _("%s nicht erreicht. Ohne Anruf kommt kein Ergebnis zustande.")
        why = words % german.count(number, _("Organisation"), _("Organisationen"))
        yield _line(vote, _("Abstimmung %(number)s, bitte anrufen: %(subject)s"), why, is_urgent=True)


def _line(vote: CircularVote, title: str, why: str, *, is_urgent: bool = False) -> Line:
    return Line(
        title=title % {"number": vote.number, "subject": vote.subject},
        why=why,
        due=vote.closes_on if vote.is_running else None,
        href=href("notifications:vote", vote.number),
        action=_("Abstimmung ansehen"),
        bodies=(vote.alliance,),
        is_urgent=is_urgent,
        can_wait=not is_urgent,
    )


def _what_became(vote: CircularVote) -> str:
    if vote.state == CircularState.ADOPTED:
        return _("Angenommen. Alle haben das Ergebnis bekommen.")
    if vote.state == CircularState.REJECTED:
        return _("Abgelehnt. Alle haben das Ergebnis bekommen.")
    if vote.lapse_reason == LapseReason.OBJECTION:
        return _("Gegen das Verfahren. Beraten wird %s.") % circular_end.place_words(vote)
    words = str(LapseReason(vote.lapse_reason).label) if vote.lapse_reason else ""
    if vote.next_item is not None:
        words += " " + _("Beraten wird %s.") % circular_end.place_words(vote)
    return german.sentences(_("Nicht zustande gekommen"), words)
