"""Minutes of a meeting: phases, numbered versions, objections, dated addenda."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import Approval, MinutesState, ObjectionState

#: Minutes that members have been sent.
OUT = frozenset({MinutesState.CIRCULATED, MinutesState.CONTESTED, MinutesState.APPROVED})
#: Minutes that only the chair and the Fachstelle know: nobody has read of what was decided.
NOT_OUT = frozenset(MinutesState) - OUT


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> MinutesQuerySet:
        """Circulated ones inside the body; before that the chair and the Fachstelle."""
        sight = sight_of(person, at=at)
        if sight.everything:
            return self
        inside = Q() if sight.all_bodies else Q(meeting__alliance__in=sight.inside)
        in_review = Q(state=MinutesState.IN_REVIEW, meeting__alliance__in=sight.chairs)
        return self.filter((Q(state__in=OUT) & inside) | in_review) if sight.overview else self.none()


class Minutes(Worded):
    """The text itself lies in the agenda items, decisions and action items; a version freezes it when circulated."""

    meeting = models.OneToOneField("meetings.Meeting", models.PROTECT, related_name="minutes")
    state = models.CharField(max_length=20, choices=MinutesState, default=MinutesState.DRAFT)
    author = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_by = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    review_remark = models.TextField(blank=True, help_text="The chair's words when giving them back")
    unreleased_because = models.CharField(
        max_length=200, blank=True, help_text="Why they were sent without the chair's release"
    )
    circulated_at = models.DateTimeField(null=True, blank=True)
    objection_until = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    approval = models.CharField(max_length=10, choices=Approval, blank=True)
    confirmed_in = models.ForeignKey(
        "meetings.Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_minutes",
    )
    version = models.PositiveIntegerField(default=1)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MinutesState.values), name="minutes_state_known"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_on__isnull=False),
                name="minutes_approved_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"minutes of {self.meeting_id}"


class MinutesVersion(models.Model):
    """What was sent, frozen: `content` is the whole document as data, the source of page, mail and PDF."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    circulated_at = models.DateTimeField()
    note = models.TextField(blank=True)
    content = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="minutes_version_number_unique")]

    def __str__(self) -> str:
        return f"{self.minutes_id} v{self.number}"


class Objection(Worded):
    """Somebody found a mistake in circulated minutes."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="objections")
    by = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    agenda_item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
    )
    text = models.TextField()
    changed_from = models.TextField(blank=True)
    changed_to = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    resolution = models.TextField(blank=True)
    changes = models.JSONField(default=dict, help_text="What else than the result changes: ids, codes, dates")
    corrects_in = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The version that carries it")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ObjectionState.values),
                name="objection_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_id}: {self.text[:40]}"


class Addendum(models.Model):
    """A dated correction of approved minutes, decided in a later meeting."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="addenda")
    dated = models.DateField()
    by = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="+")
    agenda_item = models.ForeignKey("meetings.AgendaItem", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name_plural = "addenda"

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.dated}"


class MinutesArchive(models.Model):
    """The approved minutes as the file that is kept; `sha256` proves that its bytes are those of that day.

    One a stand: a later dated correction makes the next one (`addenda` counts them).
    """

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="archives")
    addenda = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minutes", "addenda"], name="minutes_archive_one_a_stand")]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.sha256[:12]}"
