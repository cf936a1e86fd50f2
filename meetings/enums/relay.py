"""Relays: kinds, states, answers."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class RelayKind(TextChoices):
    FOR_INFORMATION = "for_information", _("zur Kenntnisnahme")
    OPINION_REQUESTED = "opinion_requested", _("Bitte um Stellungnahme")
    VOTE_REQUESTED = "vote_requested", _("Bitte um Votum")
    COOPERATION_REQUESTED = "cooperation_requested", _("Bitte um Mitwirkung")
    FEEDBACK_REQUESTED = "feedback_requested", _("Bitte um Rückmeldung")
    RECOMMENDATION_EXTERNAL = "recommendation_external", _("Empfehlung an Dritte")


class RelayState(TextChoices):
    DRAFT = "draft", _("Entwurf")
    SENT = "sent", _("weitergeleitet")
    ACKNOWLEDGED = "acknowledged", _("angekommen")
    ON_AGENDA = "on_agenda", _("auf der Tagesordnung")
    DISCUSSED = "discussed", _("beraten")
    ANSWERED = "answered", _("beantwortet")
    RETURNED = "returned", _("Antwort zugestellt")
    CLOSED = "closed", _("abgeschlossen")
    WITHDRAWN = "withdrawn", _("zurückgenommen")
    DECLINED = "declined", _("nicht zuständig")


_RELAY_ENDS = frozenset({RelayState.WITHDRAWN, RelayState.DECLINED})

#: Overdue is computed, never stored. `for_information` may go from sent to closed at once.
RELAY_MOVES: Moves = {
    RelayState.DRAFT: frozenset({RelayState.SENT, RelayState.WITHDRAWN}),
    RelayState.SENT: frozenset(
        {
            RelayState.ACKNOWLEDGED,
            RelayState.ON_AGENDA,
            RelayState.ANSWERED,
            RelayState.CLOSED,
        }
        | _RELAY_ENDS
    ),
    RelayState.ACKNOWLEDGED: frozenset({RelayState.ON_AGENDA, RelayState.ANSWERED, RelayState.CLOSED} | _RELAY_ENDS),
    RelayState.ON_AGENDA: frozenset(
        {
            RelayState.DISCUSSED,
            RelayState.ANSWERED,
            RelayState.ACKNOWLEDGED,
            RelayState.CLOSED,
        }
        | _RELAY_ENDS
    ),
    RelayState.DISCUSSED: frozenset({RelayState.ANSWERED, RelayState.ON_AGENDA, RelayState.CLOSED} | _RELAY_ENDS),
    RelayState.ANSWERED: frozenset({RelayState.RETURNED}),
    RelayState.RETURNED: frozenset({RelayState.CLOSED, RelayState.DISCUSSED}),  # back: only with a mistaken decision
    RelayState.CLOSED: frozenset(),
    RelayState.WITHDRAWN: frozenset(),
    RelayState.DECLINED: frozenset({RelayState.ACKNOWLEDGED}),
}

#: What a slip is put right by, as long as its mail waits: back to where it stood before. No verb but that goes this way.
RELAY_TAKE_BACK_MOVES: Moves = {
    RelayState.SENT: frozenset({RelayState.DRAFT}),
    RelayState.ACKNOWLEDGED: frozenset({RelayState.SENT, RelayState.DECLINED}),
    RelayState.ON_AGENDA: frozenset({RelayState.DRAFT, RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.DISCUSSED}),
    RelayState.DISCUSSED: frozenset({RelayState.ON_AGENDA}),
    RelayState.RETURNED: frozenset(
        {RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.ON_AGENDA, RelayState.DISCUSSED}
    ),
    RelayState.CLOSED: frozenset(
        {
            RelayState.SENT,
            RelayState.ACKNOWLEDGED,
            RelayState.ON_AGENDA,
            RelayState.DISCUSSED,
            RelayState.RETURNED,
        }
    ),
    RelayState.WITHDRAWN: frozenset(
        {
            RelayState.DRAFT,
            RelayState.SENT,
            RelayState.ACKNOWLEDGED,
            RelayState.ON_AGENDA,
            RelayState.DISCUSSED,
        }
    ),
    RelayState.DECLINED: frozenset(
        {RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.ON_AGENDA, RelayState.DISCUSSED}
    ),
}

#: Sent and not answered: what a due date is about.
RELAY_TRAVELLING = frozenset(
    {RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.ON_AGENDA, RelayState.DISCUSSED},
)
#: Relays that still wait for somebody.
RELAY_OPEN = RELAY_TRAVELLING | {RelayState.DRAFT, RelayState.ANSWERED, RelayState.RETURNED}


class RelayAnswerKind(TextChoices):
    FULL = "full", _("vollständig")
    CONDITIONAL = "conditional", _("mit Bedingungen")
    PARTIAL = "partial", _("zum Teil")
    NOTED = "noted", _("zur Kenntnis genommen")


class RelayOutcome(TextChoices):
    APPROVED = "approved", _("angenommen")
    REJECTED = "rejected", _("abgelehnt")
    NOTED = "noted", _("zur Kenntnis genommen")
