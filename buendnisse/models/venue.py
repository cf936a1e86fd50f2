"""Where meetings are held, and how one gets there and back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _


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

    @property
    def bus_label(self) -> str:
        """What stands before `bus_note`: "Letzter Bus", unless the note says "letzter" itself, or names no hour."""
        names_an_hour = "Uhr" in self.bus_note and "letzter " not in self.bus_note.lower()
        return _("Letzter Bus") if names_an_hour else _("Bus")

    @property
    def bus_sentence(self) -> str:
        """ "Letzter Bus: Stadtbus bis 21:10 Uhr ab Kreishaus.", or the note as it is where that says it already."""
        note = self.bus_note.rstrip(".")
        return f"{note}." if note.lower().startswith("letzter ") else f"{self.bus_label}: {note}."
