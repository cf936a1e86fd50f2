"""The journal: one row for everything that changed. Notices, digests and the audit trail are read from it."""

from __future__ import annotations

from django.db import models

from buendnisse.enums import Via
from buendnisse.models.worded import Worded


class ChangeQuerySet(models.QuerySet["Change"]):
    def of(self, subject: models.Model) -> ChangeQuerySet:
        """What happened to one thing."""
        return self.filter(subject_type=subject._meta.model_name, subject_id=subject.pk)


class Change(Worded):
    """Append-only. Holds ids, codes and dates; never names, addresses or free text, so forgetting never edits it.

    `subject` is (type, id) without a foreign key, since things of every floor are written here.
    """

    verb = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.PositiveBigIntegerField()
    body = models.ForeignKey("buendnisse.Body", models.PROTECT, null=True, blank=True, related_name="changes")
    by = models.ForeignKey(
        "buendnisse.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
    )
    via = models.CharField(max_length=20, choices=Via)
    at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="change_subject"),
            models.Index(fields=["body", "at"], name="change_body_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"
