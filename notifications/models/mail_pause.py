"""Mail about one meeting that is held back as a whole, until somebody lets it go. A pause of all mail is the installation's."""

from __future__ import annotations

from django.db import models


class MailPause(models.Model):
    """Nothing about this meeting leaves while the row is there; what is written meanwhile waits."""

    meeting = models.OneToOneField("meetings.Meeting", models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.meeting_id} since {self.at}"
