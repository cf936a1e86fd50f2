"""Days the Fachstelle knows more of than the package: hints of its own, corrections, holidays read from a file."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from meetings.enums import CalendarEntryKind, ConflictWeight


class CalendarEntry(models.Model):
    """A period of days. `weight` says how much a hint counts; with hours it counts for meetings at these hours only."""

    kind = models.CharField(max_length=20, choices=CalendarEntryKind)
    name = models.CharField(max_length=120)
    first = models.DateField()
    last = models.DateField()
    weight = models.CharField(max_length=10, choices=ConflictWeight, default=ConflictWeight.WEAK)
    from_hour = models.TimeField(null=True, blank=True, help_text="Local; empty: the whole day")
    until_hour = models.TimeField(null=True, blank=True)
    file_key = models.UUIDField(null=True, blank=True, db_index=True, help_text="Read from one file together")
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CalendarEntryKind.values), name="calendar_entry_kind_known"),
            models.CheckConstraint(condition=Q(weight__in=ConflictWeight.values), name="calendar_entry_weight_known"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="calendar_entry_ends_after_start"),
            models.CheckConstraint(
                condition=Q(from_hour__isnull=True, until_hour__isnull=True) | Q(until_hour__gt=F("from_hour")),
                name="calendar_entry_hours",
            ),
        ]
        indexes = [models.Index(fields=["first", "last"], name="calendar_entry_period")]

    def __str__(self) -> str:
        return self.name
