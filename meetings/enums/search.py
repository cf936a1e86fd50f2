"""What the search finds."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SearchKind(TextChoices):
    """Kinds of entries. A topic on an agenda that has left is found by others than the Fachstelle as it was sent."""

    DECISION = "decision", _("Beschluss")
    RELAY = "relay", _("Weiterleitung")
    MINUTES = "minutes", _("Protokoll")
    TOPIC = "topic", _("Thema")
    TOPIC_SENT = "topic_sent", _("Thema")
    PAPER = "paper", _("Unterlage")
