"""What came of calling somebody who was to hear at once that a meeting is off or elsewhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from notifications.enums import CallOutcome


class TelephoneMark(models.Model):
    """One for each person and occasion, so that two colleagues with the same list do not call twice.

    `change` is the cancellation or the move that is told: a second move begins a new list.
    """

    change = models.ForeignKey("buendnisse.Change", models.PROTECT, related_name="+")
    attendance = models.ForeignKey("meetings.Attendance", models.CASCADE, related_name="telephone_marks")
    outcome = models.CharField(max_length=12, choices=CallOutcome)
    at = models.DateTimeField()
    by = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "attendance"], name="telephone_mark_one_a_person"),
            models.CheckConstraint(condition=Q(outcome__in=CallOutcome.values), name="telephone_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.attendance_id}: {self.outcome}"
