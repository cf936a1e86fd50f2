"""Where meetings are held, and how one gets there and back."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _


class VenueQuerySet(models.QuerySet["Venue"]):
    def valid_on(self, day: dt.date) -> VenueQuerySet:
        """Venues that can still be used on `day`."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day))


class Venue(models.Model):
    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=80, blank=True)
    is_step_free = models.BooleanField(default=False)
    has_induction_loop = models.BooleanField(default=False)
    has_hybrid_equipment = models.BooleanField(default=False)
    note = models.CharField(max_length=250, blank=True)
    bus_note = models.CharField(max_length=400, blank=True, help_text="The last bus, in words")
    parking = models.CharField(max_length=250, blank=True)
    door_contact = models.CharField(max_length=200, blank=True, help_text="Who opens, and the telephone at the door")
    ended_on = models.DateField(null=True, blank=True, help_text="Last day")
    form_key = models.UUIDField(null=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = VenueQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def remarks(self) -> str:
        """ "Induktionsschleife vorhanden. Aufzug nur nach Anmeldung", without a full stop at the end; empty where there is nothing."""
        loop = _("Induktionsschleife vorhanden") if self.has_induction_loop else ""
        return ". ".join(filter(None, (loop, self.note.rstrip("."))))

    @property
    def bus_label(self) -> str:
        """What stands before `bus_text`: "Letzter Bus", unless the note says "letzter" further on, or names no hour."""
        names_an_hour = "Uhr" in self.bus_note and "letzter " not in self.bus_text.lower()
        return _("Letzter Bus") if names_an_hour else _("Bus")

    @property
    def bus_text(self) -> str:
        """The note without the "Letzter" it may begin with, which the label says."""
        starts = self.bus_note.lower().startswith("letzter ")
        return self.bus_note[len("letzter ") :] if starts else self.bus_note

    @property
    def bus_sentence(self) -> str:
        """ "Letzter Bus: Stadtbus bis 21:10 Uhr ab Kreishaus.", or the note as it is where that says it already."""
        note = self.bus_note.rstrip(".")
        return f"{note}." if note.lower().startswith("letzter ") else f"{self.bus_label}: {note}."
