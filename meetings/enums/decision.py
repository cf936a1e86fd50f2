"""Decisions and votes by mail: their kinds and states."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class DecisionKind(TextChoices):
    RESOLUTION = "resolution", _("Beschluss")
    RECOMMENDATION = "recommendation", _("Empfehlung")
    CONSENSUS = "consensus", _("einvernehmlich")
    ACKNOWLEDGEMENT = "acknowledgement", _("Kenntnisnahme")


class DecisionProcedure(TextChoices):
    MEETING = "meeting", _("in der Sitzung")
    CIRCULAR = "circular", _("Abstimmung per E-Mail")


class DecisionState(TextChoices):
    PROPOSED = "proposed", _("Beschlussvorschlag")
    CIRCULATING = "circulating", _("wird per E-Mail abgestimmt")
    ADOPTED = "adopted", _("gefasst")
    REJECTED = "rejected", _("abgelehnt")
    POSTPONED = "postponed", _("vertagt")
    LAPSED = "lapsed", _("nicht zustande gekommen")
    IN_PROGRESS = "in_progress", _("in Umsetzung")
    DONE = "done", _("umgesetzt")
    REVOKED = "revoked", _("aufgehoben")
    SUPERSEDED = "superseded", _("ersetzt")
    MISTAKEN = "mistaken", _("irrtümlich erfasst")


_AFTER_ADOPTION = frozenset(
    {
        DecisionState.IN_PROGRESS,
        DecisionState.DONE,
        DecisionState.REVOKED,
        DecisionState.SUPERSEDED,
        DecisionState.MISTAKEN,
    }
)


#: What was typed by mistake is `mistaken` for a minute after it was taken (decisions.take_back); the number stays.
DECISION_MOVES: Moves = {
    DecisionState.PROPOSED: frozenset(
        {
            DecisionState.ADOPTED,
            DecisionState.REJECTED,
            DecisionState.POSTPONED,
            DecisionState.CIRCULATING,
        }
    ),
    DecisionState.CIRCULATING: frozenset({DecisionState.ADOPTED, DecisionState.REJECTED, DecisionState.LAPSED}),
    DecisionState.ADOPTED: _AFTER_ADOPTION,
    DecisionState.REJECTED: frozenset({DecisionState.MISTAKEN}),
    DecisionState.POSTPONED: frozenset({DecisionState.SUPERSEDED, DecisionState.MISTAKEN}),
    DecisionState.LAPSED: frozenset(),
    DecisionState.IN_PROGRESS: frozenset({DecisionState.DONE, DecisionState.REVOKED, DecisionState.SUPERSEDED}),
    DecisionState.DONE: frozenset({DecisionState.IN_PROGRESS, DecisionState.REVOKED, DecisionState.SUPERSEDED}),
    DecisionState.REVOKED: frozenset(),
    DecisionState.SUPERSEDED: frozenset({DecisionState.POSTPONED}),  # what took it up was a slip
    DecisionState.MISTAKEN: frozenset(),
}

#: Somebody revoked or replaced the wrong one: it stands as before.
DECISION_TAKE_BACK_MOVES: Moves = {
    DecisionState.REVOKED: frozenset({DecisionState.ADOPTED, DecisionState.IN_PROGRESS, DecisionState.DONE}),
    DecisionState.SUPERSEDED: frozenset(
        {DecisionState.ADOPTED, DecisionState.IN_PROGRESS, DecisionState.DONE, DecisionState.POSTPONED}
    ),
}

#: Decisions that hold and are not done yet: they are looked at again.
DECISION_OPEN = frozenset({DecisionState.ADOPTED, DecisionState.IN_PROGRESS})
#: Decisions whose text is fixed and which can be relayed.
DECISION_STANDING = DECISION_OPEN | {DecisionState.DONE}
