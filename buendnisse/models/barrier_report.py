"""What somebody could not use: reports to the operator, § 9b NBGG."""

from __future__ import annotations

import uuid

from django.db import models


class BarrierReportQuerySet(models.QuerySet["BarrierReport"]):
    def open(self) -> BarrierReportQuerySet:
        """Reports nobody has dealt with yet, oldest first: they are to be answered in time."""
        return self.filter(settled_at__isnull=True).order_by("reported_at")


class BarrierReport(models.Model):
    """Anyone may write one, without signing in. The contact is optional and goes when the report is settled."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, help_text="From the form: a double tap is one report")
    page = models.CharField(max_length=300, blank=True)
    text = models.TextField(max_length=4000)
    contact = models.CharField(max_length=200, blank=True)
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = BarrierReportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.reported_at:%Y-%m-%d} {self.page}"
