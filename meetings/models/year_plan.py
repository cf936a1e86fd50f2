"""The dates of one year as they are told: the words above them. Its row is the lock of whoever changes the plan."""

from __future__ import annotations

from django.db import models


class YearPlan(models.Model):
    """Its draft is the year's meetings in state `planned`; nothing of it is stored twice."""

    year = models.PositiveSmallIntegerField(unique=True)
    introduction = models.TextField(blank=True, help_text="The Fachstelle's own words above the dates")

    def __str__(self) -> str:
        return str(self.year)
