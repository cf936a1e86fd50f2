"""Who belongs to which body, for whom, in which part, from when to when."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from buendnisse.enums import ASKED_ROLES, Role
from buendnisse.models.worded import Worded


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active_on(self, day: dt.date) -> MembershipQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)

    def asked(self) -> MembershipQuerySet:
        """Those who are asked whether they come."""
        return self.filter(role__in=ASKED_ROLES)

    def voting(self) -> MembershipQuerySet:
        return self.filter(is_voting=True)


class Membership(Worded):
    body = models.ForeignKey("buendnisse.Body", models.PROTECT, related_name="memberships")
    person = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    is_voting = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="Last day")
    successor = models.ForeignKey("buendnisse.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="membership_period",
            ),
            models.UniqueConstraint(
                fields=["body", "person", "role"],
                condition=Q(until__isnull=True),
                name="membership_one_open_a_role",
            ),
            models.UniqueConstraint(
                fields=["body", "organisation"],
                condition=Q(until__isnull=True, is_voting=True),
                name="membership_one_vote_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.body_id}: {self.role}"

    def is_active_on(self, day: dt.date) -> bool:
        """As `active_on` asks the database."""
        return self.since <= day and (self.until is None or self.until >= day)
