"""Somebody was asked by mail to stand in for a member, and has to confirm it."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from buendnisse.clock import local_date
from meetings.enums import DeputyRequestState


class DeputyRequestQuerySet(models.QuerySet["DeputyRequest"]):
    def open(self) -> DeputyRequestQuerySet:
        return self.filter(state=DeputyRequestState.ASKED)


class DeputyRequest(models.Model):
    """Until it is confirmed, the one who is asked has no part in the meeting and sees nothing of it."""

    attendance = models.ForeignKey("meetings.Attendance", models.CASCADE, related_name="deputy_requests")
    person = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="deputy_requests")
    state = models.CharField(max_length=20, choices=DeputyRequestState, default=DeputyRequestState.ASKED)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="The end of the 14th day, or the meeting's start")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeputyRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attendance"], condition=Q(state="asked"), name="deputy_request_one_open_a_member"
            ),
            models.CheckConstraint(condition=Q(state__in=DeputyRequestState.values), name="deputy_request_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.attendance_id}: {self.state}"

    @property
    def last_day(self) -> dt.date:
        """The day until which an answer is taken."""
        return local_date(self.expires_at - dt.timedelta(seconds=1))
