"""The dates of one year as they were told: what stood above them, and when."""

from __future__ import annotations

from django.db import models


class YearPlan(models.Model):
    """Its draft is the year's meetings in state `planned`; nothing of it is stored twice."""

    year = models.PositiveSmallIntegerField(unique=True)
    introduction = models.TextField(blank=True, help_text="The Fachstelle's own words above the dates")
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="When its dates were last told")

    def __str__(self) -> str:
        return str(self.year)
