"""Topics, and who answers for which topic and area."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from buendnisse.clock import local_date
from buendnisse.models.sight import sight_of


class TopicQuerySet(models.QuerySet["Topic"]):
    def valid_on(self, day: dt.date) -> TopicQuerySet:
        """Topics that new things may get on `day`."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day))


class Topic(models.Model):
    """A field of action: Sprache, Bildung, Arbeit, Teilhabe, Ehrenamt, Gesundheit, and what the Fachstelle adds."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80, unique=True)
    ended_on = models.DateField(null=True, blank=True, help_text="Last day; what carries it keeps it")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.UUIDField(null=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = TopicQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> ContactQuerySet:
        """Contacts are for the members of all bodies. Who has left is not named any longer."""
        if not sight_of(person, at=at).overview:
            return self.none()
        day = local_date(at)
        return self.valid_on(day)

    def valid_on(self, day: dt.date) -> ContactQuerySet:
        """Who answers on `day`."""
        stays = Q(person__active_until__isnull=True) | Q(person__active_until__gte=day)
        return self.filter(stays, Q(ended_on__isnull=True) | Q(ended_on__gte=day))


class Contact(models.Model):
    """A person to ask about a topic; no area means the whole district."""

    person = models.ForeignKey("buendnisse.Person", models.CASCADE, related_name="contacts")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="contacts")
    area = models.ForeignKey(
        "buendnisse.Area",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
    )
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    note = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="Last day")
    form_key = models.UUIDField(null=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContactQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.person_id}"
