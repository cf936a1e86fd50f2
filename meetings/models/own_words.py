"""The Fachstelle's own words that go along with something done, kept beside the journal, which holds no free text."""

from __future__ import annotations

from django.db import models


class OwnWords(models.Model):
    """What stands in every mail about one move, cancellation or sending of minutes; its Change knows the id."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="own_words")
    text = models.TextField()

    class Meta:
        verbose_name_plural = "own words"

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.pk}"
