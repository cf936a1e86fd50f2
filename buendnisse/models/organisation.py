"""Organisations, and where they are."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from buendnisse.enums import OrganisationKind
from buendnisse.models.worded import Worded


class Area(models.Model):
    """A part of the district that contacts answer for."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    name = models.CharField(max_length=80, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="municipalities")
    places = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def valid_on(self, day: dt.date) -> OrganisationQuerySet:
        """Organisations that have not ended by `day`."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day))


class Organisation(Worded):
    """Who sends people into the alliances. It has one vote an alliance, whoever casts it."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=30, choices=OrganisationKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    place = models.CharField(max_length=80, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
    )
    email_domain = models.CharField(max_length=120, blank=True)
    is_voting = models.BooleanField(default=True)
    is_fictitious = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="Last day")
    form_key = models.UUIDField(null=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values),
                name="organisation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
