"""Minutes and objections: their states."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class MinutesState(TextChoices):
    DRAFT = "draft", _("Entwurf")
    IN_REVIEW = "in_review", _("beim Vorsitz")
    CIRCULATED = "circulated", _("versandt, Einwände möglich")
    CONTESTED = "contested", _("Einwand liegt vor")
    APPROVED = "approved", _("genehmigt")


#: Amended minutes are the next version, circulated again. Approved ones are frozen; corrections are dated addenda.
MINUTES_MOVES: Moves = {
    MinutesState.DRAFT: frozenset({MinutesState.IN_REVIEW, MinutesState.CIRCULATED}),
    MinutesState.IN_REVIEW: frozenset({MinutesState.DRAFT, MinutesState.CIRCULATED}),
    MinutesState.CIRCULATED: frozenset({MinutesState.CONTESTED, MinutesState.APPROVED}),
    MinutesState.CONTESTED: frozenset({MinutesState.CIRCULATED, MinutesState.APPROVED}),
    MinutesState.APPROVED: frozenset(),
}


class Approval(TextChoices):
    SILENT = "silent", _("ohne Einwand nach Ablauf der Frist")
    ANSWERED = "answered", _("nach Ablauf der Frist, alle Einwände sind beantwortet")
    MEETING = "meeting", _("in der nächsten Sitzung")


class ObjectionState(TextChoices):
    OPEN = "open", _("offen")
    ACCEPTED = "accepted", _("angenommen")
    REJECTED = "rejected", _("nicht übernommen")


OBJECTION_MOVES: Moves = {
    ObjectionState.OPEN: frozenset({ObjectionState.ACCEPTED, ObjectionState.REJECTED}),
    ObjectionState.ACCEPTED: frozenset({ObjectionState.OPEN}),
    ObjectionState.REJECTED: frozenset({ObjectionState.OPEN}),
}
