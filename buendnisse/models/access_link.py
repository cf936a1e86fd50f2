"""Personal links. The row holds nothing secret: the token is made from it with LINK_KEY."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buendnisse.enums import LinkPurpose
from buendnisse.models.worded import Worded


class AccessLink(Worded):
    """One person may do one thing with one object until it expires.

    Raising `generation` revokes what was sent; the same generation gives the same token again.
    """

    person = models.ForeignKey("buendnisse.Person", models.CASCADE, related_name="access_links")
    purpose = models.CharField(max_length=20, choices=LinkPurpose)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True, help_text="Only links that work once")
    generation = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=LinkPurpose.values),
                name="access_link_purpose_known",
            ),
            models.UniqueConstraint(
                fields=["person", "purpose", "subject_type", "subject_id"],
                name="access_link_one_a_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_type}:{self.subject_id}"
