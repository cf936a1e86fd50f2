"""Meetings of an alliance, one a quarter."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import MeetingMode, MeetingState


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> MeetingQuerySet:
        """Dates and agendas of all bodies for members; for guests the meetings they are invited to. Drafts: the Fachstelle."""
        sight = sight_of(person, at=at)
        if sight.everything:
            return self
        known = self.exclude(state=MeetingState.PLANNED)
        if sight.overview:
            return known
        return known.filter(attendance__person=sight.person_id) if sight.person_id else self.none()

    def led_by(self, bodies: models.QuerySet[Any]) -> MeetingQuerySet:
        """Fixed meetings of these bodies (a subquery of their ids)."""
        return self.filter(alliance__in=bodies).exclude(state=MeetingState.PLANNED)

    def upcoming(self, at: dt.datetime) -> MeetingQuerySet:
        """Meetings not over yet and not cancelled, the next one first."""
        return self.filter(end__gte=at).exclude(state=MeetingState.CANCELLED).order_by("start")

    def past(self, at: dt.datetime) -> MeetingQuerySet:
        """Meetings that are over, the latest first."""
        return self.filter(end__lt=at).exclude(state=MeetingState.CANCELLED).order_by("-start")


class Meeting(Worded):
    """`quarter` is the slot it was planned for and stays when the date moves into another quarter."""

    slug = models.SlugField(unique=True, max_length=60)
    alliance = models.ForeignKey("buendnisse.Alliance", models.PROTECT, related_name="meetings")
    quarter = models.CharField(max_length=7, help_text="2026-Q4")
    title = models.CharField(max_length=200)
    start = models.DateTimeField()
    end = models.DateTimeField()
    mode = models.CharField(max_length=10, choices=MeetingMode, default=MeetingMode.ON_SITE)
    venue = models.ForeignKey(
        "buendnisse.Venue",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
    )
    video_link = models.URLField(blank=True)
    state = models.CharField(max_length=20, choices=MeetingState, default=MeetingState.PLANNED)
    chair = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    deadline_overrides = models.JSONField(default=dict, blank=True, help_text="DeadlineKind → ISO date")
    note = models.TextField(blank=True, help_text="For members, in mails and on the page")
    conflict_reason = models.TextField(blank=True, help_text="Why this day in spite of what speaks against it")
    move_reason = models.TextField(blank=True, help_text="Why it was moved last, in the words of the mail")
    cancel_reason = models.TextField(blank=True)
    voting_organisations = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Counted when it was held")
    quorum_reached = models.BooleanField(null=True, blank=True)
    answer_counts = models.JSONField(
        null=True, blank=True, help_text="How many answered what, once who did is forgotten (answers.Summary)"
    )
    agenda_sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="meeting_ends_after_start"),
            models.UniqueConstraint(
                fields=["alliance", "quarter"],
                condition=~Q(state="cancelled"),
                name="meeting_one_a_quarter",
            ),
        ]
        indexes = [models.Index(fields=["start"], name="meeting_start")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_hybrid(self) -> bool:
        return self.mode == MeetingMode.HYBRID

    @property
    def has_online(self) -> bool:
        return self.mode != MeetingMode.ON_SITE
