"""Tasks: their states."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class ActionItemState(TextChoices):
    OPEN = "open", _("offen")
    IN_PROGRESS = "in_progress", _("in Arbeit")
    DONE = "done", _("erledigt")
    CANCELLED = "cancelled", _("entfallen")


ACTION_ITEM_MOVES: Moves = {
    ActionItemState.OPEN: frozenset({ActionItemState.IN_PROGRESS, ActionItemState.DONE, ActionItemState.CANCELLED}),
    ActionItemState.IN_PROGRESS: frozenset({ActionItemState.OPEN, ActionItemState.DONE, ActionItemState.CANCELLED}),
    ActionItemState.DONE: frozenset({ActionItemState.OPEN, ActionItemState.IN_PROGRESS}),
    ActionItemState.CANCELLED: frozenset({ActionItemState.OPEN}),
}
