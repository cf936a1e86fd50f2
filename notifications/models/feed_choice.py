"""What a person wants in the calendar that programs subscribe to."""

from __future__ import annotations

from django.db import models


class FeedChoice(models.Model):
    """Missing: nobody chose yet, see `feed_source.chosen`."""

    person = models.OneToOneField("buendnisse.Person", models.CASCADE, primary_key=True, related_name="feed_choice")
    without_invited = models.BooleanField(default=False, help_text="Leaves out what a mail put into the calendar")
    with_deadlines = models.BooleanField(default=False, help_text="With own deadlines and tasks, as days")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed of {self.person_id}"
