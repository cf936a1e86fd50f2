"""An agenda on its way out: the chair's release, the versions that were sent, and the folder with all papers."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import FolderState, ReleaseState


class AgendaRelease(Worded):
    """What the chair said to the agenda. `content` is what was released; another wording is not released by it."""

    meeting = models.OneToOneField("meetings.Meeting", models.CASCADE, related_name="agenda_release")
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.OPEN)
    asked_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_name = models.CharField(max_length=120, blank=True, help_text="Who said so on the telephone")
    remark = models.TextField(blank=True, help_text="The chair's words when asking for a change")
    content = models.JSONField(default=dict, blank=True, help_text="agenda_content.AgendaContent")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReleaseState.values), name="agenda_release_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.state}"


class AgendaVersionQuerySet(models.QuerySet["AgendaVersion"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> AgendaVersionQuerySet:
        """Earlier versions are for the Fachstelle; everybody else reads the newest, redacted."""
        return self if sight_of(person, at=at).everything else self.none()


class AgendaVersion(models.Model):
    """An agenda as it was sent, frozen: `content` is the whole of it as data."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="agenda_versions")
    number = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    content = models.JSONField(help_text="agenda_content.AgendaContent")
    introduction = models.TextField(blank=True, help_text="The Fachstelle's own words above the mail")
    urgency = models.TextField(blank=True, help_text="Why the notice is short; stands in the invitation")
    without_release = models.TextField(blank=True, help_text="Why the chair's release was not waited for")

    objects = AgendaVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="agenda_version_number_unique")]

    def __str__(self) -> str:
        return f"{self.meeting_id} v{self.number}"


class MeetingFolder(Worded):
    """Agenda and papers in one PDF, as one circle of readers may see them.

    `fingerprint` says of what it is made, so that readers who see the same share one, and a change makes another.
    """

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="folders")
    fingerprint = models.CharField(max_length=64)
    manifest = models.JSONField(default=dict, help_text="meeting_folder.Manifest; emptied when it is made")
    state = models.CharField(max_length=10, choices=FolderState, default=FolderState.WAITING)
    done = models.PositiveSmallIntegerField(default=0, help_text="Parts put together so far")
    total = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    stored_as = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Octets")
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "fingerprint"], name="meeting_folder_one_a_content"),
            models.CheckConstraint(condition=Q(state__in=FolderState.values), name="meeting_folder_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.state}"
