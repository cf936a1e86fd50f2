"""Tasks that came out of a meeting."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import ActionItemState
from meetings.models.agenda_item import closed_to


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> ActionItemQuerySet:
        """One's own, and those inside one's bodies; confidential items keep theirs."""
        sight = sight_of(person, at=at)
        if sight.everything:
            return self
        if sight.person_id is None:
            return self.none()
        inside = Q() if sight.all_bodies else Q(alliance__in=sight.inside)
        opened = ~Q(agenda_item__in=closed_to(sight.organisations))
        return self.filter(Q(owner=sight.person_id) | (inside & opened))

    def open(self) -> ActionItemQuerySet:
        return self.filter(state__in=[ActionItemState.OPEN, ActionItemState.IN_PROGRESS])

    def overdue(self, day: dt.date) -> ActionItemQuerySet:
        return self.open().filter(due_on__lt=day)


class ActionItem(Worded):
    """Owner is a person *and* an organisation, so that it survives a change of staff."""

    slug = models.CharField(max_length=40, blank=True)
    alliance = models.ForeignKey("buendnisse.Alliance", models.PROTECT, related_name="action_items")
    meeting = models.ForeignKey("meetings.Meeting", models.PROTECT, related_name="action_items")
    agenda_item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="action_items",
    )
    decision = models.ForeignKey(
        "meetings.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="action_items",
    )
    owner = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="action_items")
    organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="action_items")
    task = models.CharField(max_length=500)
    due_on = models.DateField()
    state = models.CharField(max_length=20, choices=ActionItemState, default=ActionItemState.OPEN)
    report = models.TextField(blank=True, help_text="The owner's words")
    is_blocked = models.BooleanField(default=False, help_text="The owner said that it cannot be done")
    reported_at = models.DateTimeField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    handed_over_from = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    handed_over_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ActionItemState.values),
                name="action_item_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(completed_on__isnull=False),
                name="action_item_done_has_date",
            ),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="action_item_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.task
