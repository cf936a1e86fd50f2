"""How often, and when, a person is reminded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReminderRules(models.Model):
    """One row. The ladder: how many days before or after a date a reminder goes; and the caps: how many may go at all.

    Reminders of a call for topics go by the rules of their alliance (`Alliance.reminder_days`).
    """

    per_quarter = models.PositiveSmallIntegerField(default=2, help_text="Reminders a person and calendar quarter")
    together_days = models.PositiveSmallIntegerField(
        default=3, help_text="Calls and reminders that come so close to each other are one mail"
    )
    expires_days = models.PositiveSmallIntegerField(
        default=7, help_text="A reminder that could not leave for so long never leaves"
    )
    answer_before = models.PositiveSmallIntegerField(default=3)
    vote_before = models.PositiveSmallIntegerField(default=2)
    task_before = models.PositiveSmallIntegerField(default=7)
    task_after = models.PositiveSmallIntegerField(default=1)
    relay_before = models.PositiveSmallIntegerField(default=7)
    relay_after = models.PositiveSmallIntegerField(default=1)
    decision_again = models.PositiveSmallIntegerField(default=7)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="reminder_rules_one_row")]

    def __str__(self) -> str:
        return f"{self.per_quarter} a quarter"
