"""An agenda item: its kinds and states."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class AgendaItemKind(TextChoices):
    FORMAL = "formal", _("Formalia")
    INFORMATION = "information", _("Information")
    DISCUSSION = "discussion", _("Beratung")
    DECISION = "decision", _("Beschluss")


class StandingCode(TextChoices):
    """The standing items that fill themselves. Others, which a body adds, have codes of their own."""

    OPENING = "opening", _("Protokoll der letzten Sitzung")
    REPORT = "relays", _("Bericht der Fachstelle")
    UNITS = "units", _("Berichte der Stellen und Projekte")
    CLOSING = "closing", _("nächste Termine")


class AgendaItemState(TextChoices):
    DRAFT_UNVERIFIED = "draft_unverified", _("Adresse noch nicht bestätigt")
    PROPOSED = "proposed", _("vorgeschlagen")
    ACCEPTED = "accepted", _("angenommen")
    SCHEDULED = "scheduled", _("auf der Tagesordnung")
    DISCUSSED = "discussed", _("behandelt")
    BACKLOG = "backlog", _("im Themenspeicher")
    DEFERRED = "deferred", _("vertagt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    DECLINED = "declined", _("nicht aufgenommen")
    DELEGATED = "delegated", _("an eine Stelle gegeben")
    MERGED = "merged", _("zusammengelegt")
    PLANNED = "planned", _("vorgesehen")


#: `planned` is a standing item of a later meeting. What is declined, withdrawn or merged can be taken back to `proposed`.
AGENDA_ITEM_MOVES: Moves = {
    AgendaItemState.DRAFT_UNVERIFIED: frozenset({AgendaItemState.PROPOSED, AgendaItemState.WITHDRAWN}),
    AgendaItemState.PROPOSED: frozenset(
        {
            AgendaItemState.ACCEPTED,
            AgendaItemState.SCHEDULED,
            AgendaItemState.BACKLOG,
            AgendaItemState.DEFERRED,
            AgendaItemState.WITHDRAWN,
            AgendaItemState.DECLINED,
            AgendaItemState.DELEGATED,
            AgendaItemState.MERGED,
        }
    ),
    AgendaItemState.ACCEPTED: frozenset(
        {
            AgendaItemState.SCHEDULED,
            AgendaItemState.PROPOSED,
            AgendaItemState.BACKLOG,
            AgendaItemState.DEFERRED,
            AgendaItemState.WITHDRAWN,
            AgendaItemState.DECLINED,
            AgendaItemState.MERGED,
        }
    ),
    AgendaItemState.SCHEDULED: frozenset(
        {
            AgendaItemState.DISCUSSED,
            AgendaItemState.ACCEPTED,
            AgendaItemState.DEFERRED,
            AgendaItemState.WITHDRAWN,
        }
    ),
    AgendaItemState.DISCUSSED: frozenset({AgendaItemState.SCHEDULED, AgendaItemState.DEFERRED}),
    AgendaItemState.BACKLOG: frozenset(
        {
            AgendaItemState.PROPOSED,
            AgendaItemState.ACCEPTED,
            AgendaItemState.WITHDRAWN,
            AgendaItemState.DECLINED,
            AgendaItemState.MERGED,
        }
    ),
    AgendaItemState.DEFERRED: frozenset({AgendaItemState.SCHEDULED, AgendaItemState.PROPOSED}),
    AgendaItemState.WITHDRAWN: frozenset({AgendaItemState.PROPOSED}),
    AgendaItemState.DECLINED: frozenset({AgendaItemState.PROPOSED}),
    AgendaItemState.DELEGATED: frozenset({AgendaItemState.PROPOSED}),
    AgendaItemState.MERGED: frozenset({AgendaItemState.PROPOSED}),
    AgendaItemState.PLANNED: frozenset({AgendaItemState.SCHEDULED, AgendaItemState.WITHDRAWN}),
}
