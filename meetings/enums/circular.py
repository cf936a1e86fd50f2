"""Votes by mail between meetings: how they stand, what is answered, and why none came about."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class CircularState(TextChoices):
    DRAFT = "draft", _("Entwurf")
    CIRCULATING = "circulating", _("läuft")
    ADOPTED = "adopted", _("angenommen")
    REJECTED = "rejected", _("abgelehnt")
    LAPSED = "lapsed", _("nicht zustande gekommen")
    CANCELLED = "cancelled", _("abgebrochen")
    DISCARDED = "discarded", _("verworfen")


#: `circulating → draft`: taken back while its mail still waits.
CIRCULAR_MOVES: Moves = {
    CircularState.DRAFT: frozenset({CircularState.CIRCULATING, CircularState.DISCARDED}),
    CircularState.CIRCULATING: frozenset(
        {
            CircularState.DRAFT,
            CircularState.ADOPTED,
            CircularState.REJECTED,
            CircularState.LAPSED,
            CircularState.CANCELLED,
        }
    ),
    CircularState.ADOPTED: frozenset(),
    CircularState.REJECTED: frozenset(),
    CircularState.LAPSED: frozenset(),
    CircularState.CANCELLED: frozenset(),
    CircularState.DISCARDED: frozenset(),
}

#: Over, and told to everybody who was asked.
CIRCULAR_ENDED = frozenset(
    {CircularState.ADOPTED, CircularState.REJECTED, CircularState.LAPSED, CircularState.CANCELLED}
)


class LapseReason(TextChoices):
    """Why a vote by mail did not come about."""

    OBJECTION = "objection", _("Eine Organisation war gegen die Abstimmung per E-Mail.")
    NOT_REACHED = "not_reached", _("Nicht alle Organisationen wurden erreicht.")
    NO_ANSWER = "no_answer", _("Niemand hat geantwortet.")


class ProcedureAnswer(TextChoices):
    """The first question: may this be decided by mail at all?"""

    AGREES = "agrees", _("Ja")
    OBJECTS = "objects", _("Nein, ich bin gegen das Verfahren")


class BallotChoice(TextChoices):
    """The second question."""

    YES = "yes", _("Ja")
    NO = "no", _("Nein")
    ABSTAIN = "abstain", _("Enthaltung")
