"""What came back about a mail of ours."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from notifications.enums import ReturnKind


class MailReturnQuerySet(models.QuerySet["MailReturn"]):
    def open(self) -> MailReturnQuerySet:
        """Nobody has settled it yet."""
        return self.filter(settled_at__isnull=True)


class MailReturn(models.Model):
    """One report about one message. `address` is where the message went; the person may have another one by now."""

    message = models.ForeignKey("notifications.OutboxMessage", models.CASCADE, related_name="returns")
    person = models.ForeignKey("buendnisse.Person", models.CASCADE, related_name="mail_returns")
    copy_to = models.ForeignKey("buendnisse.FurtherAddress", models.SET_NULL, null=True, blank=True, related_name="+")
    inbound = models.ForeignKey(
        "notifications.InboundMessage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="returns",
        help_text="The mail it came in; none where our own relay refused",
    )
    address = models.CharField(max_length=254)
    kind = models.CharField(max_length=10, choices=ReturnKind)
    status = models.CharField(max_length=12, blank=True, help_text="RFC 3463, such as 5.1.1")
    diagnostic = models.CharField(max_length=250, blank=True, help_text="The other server's own words")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("buendnisse.Person", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = MailReturnQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=ReturnKind.values), name="mail_return_kind_known")]
        indexes = [models.Index(fields=["at"], condition=Q(settled_at__isnull=True), name="mail_return_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"
