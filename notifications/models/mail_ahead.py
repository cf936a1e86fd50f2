"""What somebody decided about mail a date will set off, before it is written."""

from __future__ import annotations

from django.db import models


class MailAhead(models.Model):
    """All mails of one kind about one meeting. Gone once they are written: it is theirs then."""

    kind = models.CharField(max_length=20)  # a MailKind; which ones: `mail_ahead`
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="+")
    introduction = models.TextField(blank=True)
    is_stopped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "meeting"], name="mail_ahead_one_a_kind"),
        ]
        verbose_name_plural = "mails ahead"

    def __str__(self) -> str:
        return f"{self.kind} of {self.meeting_id}"
