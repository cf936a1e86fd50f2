"""Documents with versions. A paper stands on its own (Unterlagen of a body) or goes with an agenda item."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection

from django.db import models
from django.db.models import Q

from buendnisse.models.sight import Sight, sight_of


def random_name() -> str:
    """A file name that says nothing and cannot be guessed (128 bit)."""
    return secrets.token_hex(16)


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> PaperQuerySet:
        """Papers of one's own bodies; for guests those of the meetings they are invited to (asked on the first floor).

        Papers of confidential items are kept out by `Paper.confidential_to`, which the item's setting fills.
        """
        return self.in_sight(sight_of(person, at=at))

    def in_sight(self, sight: Sight) -> PaperQuerySet:
        """The same for somebody whose sight is known already."""
        if sight.everything:
            return self
        if not sight.overview:
            return self.none()
        # One that lies with no body was taken off, or waits with a proposal: only the Fachstelle has it.
        inside = Q(bodies__isnull=False) if sight.all_bodies else Q(bodies__in=sight.inside)
        seen = self.model._base_manager.filter(inside)
        return self.opened_to(sight.organisations).filter(pk__in=seen.values("pk"))

    def opened_to(self, organisations: Collection[int]) -> PaperQuerySet:
        """Papers that are not confidential, or are not to one of these."""
        opened = Q(confidential_to__isnull=True) | Q(confidential_to__in=organisations)
        return self.filter(pk__in=self.model._base_manager.filter(opened).values("pk"))


class Paper(models.Model):
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=40)
    is_standing = models.BooleanField(default=False, help_text="Stands on its own, not only with an item")
    bodies = models.ManyToManyField("buendnisse.Body", related_name="papers")
    organisation = models.ForeignKey(
        "buendnisse.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
    )
    dated = models.DateField()
    is_late = models.BooleanField(default=False, help_text="Came after the invitation: nachgereicht")
    abstract = models.TextField(blank=True)
    confidential_to = models.ManyToManyField("buendnisse.Organisation", blank=True, related_name="+")
    topics = models.ManyToManyField("buendnisse.Topic", blank=True, related_name="papers")
    ended_on = models.DateField(null=True, blank=True, help_text="Holds no longer; it stays readable")
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    @property
    def newest_first(self) -> list[PaperVersion]:
        """All versions, the one that counts now in front; free where `versions` was loaded along."""
        return sorted(self.versions.all(), key=lambda version: version.number, reverse=True)

    @property
    def newest(self) -> PaperVersion | None:
        return next(iter(self.newest_first), None)


class PaperVersion(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    dated = models.DateField()
    note = models.CharField(max_length=250, blank=True)
    stored_as = models.CharField(max_length=64, unique=True, default=random_name)
    file_name = models.CharField(max_length=200, blank=True, help_text="As people save it; empty: no file yet")
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Octets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="paper_version_number_unique")]

    def __str__(self) -> str:
        return f"{self.paper_id} v{self.number}"

    @property
    def ending(self) -> str:
        """What people call the format: PDF, DOCX."""
        return self.file_name.rpartition(".")[2].upper()
