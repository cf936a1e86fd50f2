"""One row for each person and meeting: what they answered, who stands in, who was there."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from buendnisse.enums import Role, Via
from buendnisse.models.worded import Worded
from meetings.enums import COMING, Answer, Channel, Presence
from meetings.models.deputy_request import DeputyRequest


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def coming(self) -> AttendanceQuerySet:
        return self.filter(answer__in=COMING)

    def with_requests(self) -> AttendanceQuerySet:
        """Each row with `has_open_request`: somebody was asked to stand in and has not answered."""
        open_requests = DeputyRequest.objects.open().filter(attendance=OuterRef("pk"))
        return self.annotate(has_open_request=Exists(open_requests))


class Attendance(Worded):
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="attendance")
    person = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="attendance")
    organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    is_asked = models.BooleanField(default=True)
    answer = models.CharField(max_length=20, choices=Answer, default=Answer.PENDING)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_via = models.CharField(max_length=20, choices=Via, blank=True)
    answer_is_for_earlier_date = models.BooleanField(default=False, help_text="Given before the meeting was moved")
    comment = models.CharField(max_length=2000, blank=True)
    stands_in_for = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deputy",
        help_text="The absent member's row",
    )
    presence = models.CharField(max_length=20, choices=Presence, default=Presence.UNKNOWN)
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    present_from = models.TimeField(null=True, blank=True)
    present_until = models.TimeField(null=True, blank=True)
    casts_vote = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_one_a_person"),
            models.UniqueConstraint(
                fields=["meeting", "organisation"],
                condition=Q(casts_vote=True),
                name="attendance_one_vote",
            ),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="attendance_answer_known"),
            models.CheckConstraint(
                condition=Q(presence__in=Presence.values),
                name="attendance_presence_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.meeting_id}: {self.answer}"
