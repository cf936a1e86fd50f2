"""Where meetings are held, and how one gets there and back."""

from __future__ import annotations

from django.db import models


class Venue(models.Model):
    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=80, blank=True)
    is_step_free = models.BooleanField(default=False)
    has_hybrid_equipment = models.BooleanField(default=False)
    note = models.CharField(max_length=250, blank=True)
    bus_note = models.CharField(max_length=400, blank=True, help_text="The last bus, in words")

    def __str__(self) -> str:
        return self.name
