"""Remarks: what somebody has to say about what another alliance does. They reach the Fachstelle and nobody else."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import RemarkState


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> RemarkQuerySet:
        """For the Fachstelle, and for whoever wrote it."""
        sight = sight_of(person, at=at)
        return self if sight.everything else self.filter(from_person=sight.person_id or 0)


class Remark(Worded):
    about = models.ForeignKey("buendnisse.Alliance", models.PROTECT, related_name="remarks")
    text = models.TextField()
    from_organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="+")
    from_person = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="remarks")
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RemarkState, default=RemarkState.OPEN)
    reply = models.TextField(blank=True, help_text="The Fachstelle's answer, as it goes by mail")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(
        "meetings.AgendaItem", models.PROTECT, null=True, blank=True, related_name="remarks", help_text="What it became"
    )
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RemarkState.values), name="remark_state_known"),
        ]

    def __str__(self) -> str:
        return self.text
