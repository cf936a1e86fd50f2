"""The desk of a running meeting: who writes, which item is open, and what is not part of the minutes yet."""

from __future__ import annotations

from django.db import models


class SessionDesk(models.Model):
    """One writer a meeting. `window` is the browser window that writes; empty where scripts are off."""

    meeting = models.OneToOneField("meetings.Meeting", models.CASCADE, related_name="desk")
    writer = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    window = models.CharField(max_length=36, blank=True)
    since = models.DateTimeField(null=True, blank=True, help_text="Since when this person writes in this window")
    held_until = models.DateTimeField(null=True, blank=True, help_text="Later anybody may write without asking")
    item = models.ForeignKey(
        "meetings.AgendaItem",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What the writer has open and the projector shows",
    )

    def __str__(self) -> str:
        return f"desk of {self.meeting_id}"


class ItemDraft(models.Model):
    """Beside an item while it is talked about: the proposal the projector shows, and a note nobody else reads."""

    agenda_item = models.OneToOneField("meetings.AgendaItem", models.CASCADE, related_name="draft")
    proposal = models.TextField(blank=True, help_text="Words of a decision that is not taken yet")
    note = models.TextField(blank=True, help_text="For the Fachstelle only; never in minutes or on the projector")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"draft of {self.agenda_item_id}"
