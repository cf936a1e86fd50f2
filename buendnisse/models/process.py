"""How integration proceeds in the district: stages from arrival to taking part, as the Fachstelle tells them."""

from __future__ import annotations

import uuid

from django.db import models


class ProcessStageQuerySet(models.QuerySet["ProcessStage"]):
    def in_force(self) -> ProcessStageQuerySet:
        """Those that are shown, in their order."""
        return self.filter(ended_on__isnull=True).order_by("position", "pk")


class ProcessStage(models.Model):
    """One stage; who is asked there are the chosen contacts, or else those of its topics."""

    name = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    offers = models.TextField(blank=True, help_text="One a line")
    topics = models.ManyToManyField("buendnisse.Topic", blank=True, related_name="process_stages")
    bodies = models.ManyToManyField("buendnisse.Body", blank=True, related_name="process_stages")
    contacts = models.ManyToManyField("buendnisse.Contact", blank=True, related_name="process_stages")
    position = models.PositiveSmallIntegerField()
    ended_on = models.DateField(null=True, blank=True, help_text="Not shown since; it can be brought back")
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = ProcessStageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def offer_lines(self) -> list[str]:
        """The offers one by one."""
        return [line.strip() for line in self.offers.splitlines() if line.strip()]
